import { groupsOf } from './count-threads.ts';
import { readWhole } from '../files/whole-bytes.ts';

/** Samples that follow each other and are counted together. */
export interface CodedRun {
  samples: number;
  /** The first so many are of the half of the images that is counted by itself. */
  middle: number;
  /** For every pair of networks, by how many samples the second is rotated for the shuffled counts; 0: left out of them. */
  turns: Int32Array;
}

/** Codes of all samples of the networks of a layer, two units in each, run by run. */
export interface CodedRuns {
  /** Of every network. */
  readonly units: readonly number[];
  readonly runs: readonly CodedRun[];
  /** Fills `into` with the codes of groups of units from `firstGroup` on, [groups x samples of the run]. */
  read(run: number, network: number, firstGroup: number, into: Uint8Array): void;
}

/** Where codes lie in a file: of each run, of each network after the other, [groups x samples]. */
export class CodesInFile implements CodedRuns {
  readonly units: readonly number[];
  readonly runs: CodedRun[] = [];
  readonly #place: { file: number; path: string; offset: number };
  /** Groups before those of every network, and all of them. */
  readonly #firstGroups: number[];
  /** Where every run begins, and where the next will. */
  readonly #starts = [0];

  constructor(place: { file: number; path: string; offset: number }, units: readonly number[]) {
    this.#place = place;
    this.units = units;
    let groups = 0;
    this.#firstGroups = [0, ...units.map((count) => (groups += groupsOf(count)))];
  }

  get bytes(): number {
    return this.#starts[this.runs.length];
  }

  /** Takes note of a further run; gives the place of its codes in the file. */
  add(run: CodedRun): number {
    const start = this.bytes;
    this.runs.push(run);
    this.#starts.push(start + this.#firstGroups[this.units.length] * run.samples);
    return this.#place.offset + start;
  }

  read(run: number, network: number, firstGroup: number, into: Uint8Array): void {
    const { file, path, offset } = this.#place;
    const group = this.#firstGroups[network] + firstGroup;
    readWhole(file, into, offset + this.#starts[run] + group * this.runs[run].samples, path);
  }
}

/** The runs of several files, one file after the other. */
export function joinedRuns(files: readonly CodedRuns[]): CodedRuns {
  const places = files.flatMap((file) => file.runs.map((_, run) => ({ file, run })));
  return {
    units: files[0].units,
    runs: files.flatMap((file) => [...file.runs]),
    read(run, network, firstGroup, into) {
      const place = places[run];
      place.file.read(place.run, network, firstGroup, into);
    },
  };
}

/** One run of so many samples: those of the first run, over and over. For trials of how long counting takes. */
export function repeatedRun(
  coded: CodedRuns,
  samples: number,
  { pairs, hasHalves }: { pairs: readonly unknown[]; hasHalves?: boolean },
): CodedRuns {
  const middle = hasHalves ? samples >> 1 : 0;
  return {
    units: coded.units,
    runs: [{ samples, middle, turns: new Int32Array(pairs.length).fill(1) }],
    read(_, network, firstGroup, into) {
      const known = coded.runs[0].samples;
      const groups = into.length / samples;
      const codes = new Uint8Array(groups * known);
      coded.read(0, network, firstGroup, codes);
      for (let group = 0; group < groups; group++)
        for (let at = 0; at < samples; at += known) {
          const count = Math.min(known, samples - at);
          into.set(codes.subarray(group * known, group * known + count), group * samples + at);
        }
    },
  };
}

/** Runs as numbers, for files: [runs x (2 + pairs)]. */
export function factsOf(runs: readonly CodedRun[]): Int32Array {
  return Int32Array.from(runs.flatMap(({ samples, middle, turns }) => [samples, middle, ...turns]));
}

export function runsFrom(facts: Int32Array, pairs: number): CodedRun[] {
  const each = 2 + pairs;
  return Array.from({ length: facts.length / each }, (_, run) => {
    const [samples, middle, ...turns] = facts.subarray(run * each, (run + 1) * each);
    return { samples, middle, turns: Int32Array.from(turns) };
  });
}
