import type { CodedRuns } from './coded-runs.ts';
import { groupsOf, tableBytes, type CountThreads, type CounterJob } from './count-threads.ts';
import type { CounterOptions } from './joint-counter.ts';
import type { CountPlaces, PairInformation } from './informations.ts';
import { jobsOf } from './run-jobs.ts';

/** Counts that are in memory at a time, where nothing else is said. */
const usualBlockBytes = 2 ** 28;
const pageBytes = 65_536;

/** A pair of networks, and its place among those that the runs have turns for. */
export interface CountedPair {
  networks: readonly [number, number];
  index: number;
}

/**
 * Joint histograms of a pair of networks for some units of the first at a time, over all runs of kept codes, turned into
 * information at once: the counts are those of `JointCounter`, without ever being in memory together.
 *
 * Memory: 256 MiB of counts (two units' at least), and half a byte a unit and sample of the largest run.
 */
export class BlockCounter {
  readonly #options: Pick<CounterOptions, 'bins' | 'hasHalves'>;
  readonly #blockBytes: number;
  readonly #places: { codesA: number; codesB: number; counts: number };
  readonly #memory: WebAssembly.Memory;
  readonly #work: (jobs: readonly CounterJob[]) => Promise<void>;
  /** Whose codes lie at `codesB`. */
  #loaded: { runs: CodedRuns; run: number; network: number } | null = null;

  /** @param all the layers whose pairs it will count */
  constructor(
    all: readonly { runs: CodedRuns; pairs: readonly (readonly [number, number])[] }[],
    options: Pick<CounterOptions, 'bins' | 'hasHalves'>,
    threads: CountThreads,
    blockBytes = usualBlockBytes,
  ) {
    this.#options = options;
    this.#blockBytes = blockBytes;
    let [codesA, codesB, counts] = [0, 0, 0];
    for (const { runs, pairs } of all) {
      const samples = Math.max(0, ...runs.runs.map((run) => run.samples));
      for (const [a, b] of pairs) {
        const rows = this.#blockRows(runs.units[a], runs.units[b]);
        codesA = Math.max(codesA, groupsOf(rows) * samples);
        codesB = Math.max(codesB, groupsOf(runs.units[b]) * samples);
        counts = Math.max(counts, rows * bytesOfUnit(runs.units[b], options));
      }
    }
    let bytes = 1024;
    const reserve = (size: number) => {
      const address = bytes;
      bytes = Math.ceil((address + size) / 16) * 16;
      return address;
    };
    const tables = Array.from({ length: threads.count }, () => reserve(tableBytes(options.bins)));
    this.#places = { codesA: reserve(codesA), codesB: reserve(codesB), counts: reserve(counts) };
    const pages = Math.ceil(bytes / pageBytes);
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#work = threads.open(this.#memory, tables);
  }

  /** Units of the first network that are counted at a time: an even number, but for the last. */
  #blockRows(unitsA: number, unitsB: number): number {
    const rows = 2 * Math.max(1, Math.floor(this.#blockBytes / (2 * bytesOfUnit(unitsB, this.#options))));
    return Math.min(unitsA, rows);
  }

  /** Writes the rows of the next block to `into`; gives the row after it. */
  async next(runs: CodedRuns, pair: CountedPair, firstRow: number, into: PairInformation): Promise<number> {
    const [a, b] = pair.networks;
    const { bins } = this.#options;
    const [unitsA, unitsB] = [runs.units[a], runs.units[b]];
    const rows = Math.min(this.#blockRows(unitsA, unitsB), unitsA - firstRow);
    const { codesA, codesB } = this.#places;
    const bytes = (address: number, length: number) => new Uint8Array(this.#memory.buffer, address, length);
    const counts = this.#cleared(rows, unitsB);
    for (const [index, run] of runs.runs.entries()) {
      runs.read(index, a, firstRow / 2, bytes(codesA, groupsOf(rows) * run.samples));
      const loaded = this.#loaded;
      if (loaded?.runs !== runs || loaded.run !== index || loaded.network !== b)
        runs.read(index, b, 0, bytes(codesB, groupsOf(unitsB) * run.samples));
      this.#loaded = { runs, run: index, network: b };
      const codes = { codesA, codesB, stride: run.samples, unitsA: rows, unitsB, bins };
      await this.#work(jobsOf(run, pair.index, codes, counts));
    }
    const found = { counts, firstRow: 0, endRow: rows, rowOfFirst: firstRow, unitsB, bins, into };
    await this.#work([found]);
    return firstRow + rows;
  }

  #cleared(rows: number, unitsB: number): CountPlaces {
    const size = rows * bytesOfUnit(unitsB, this.#options);
    const { counts } = this.#places;
    new Uint8Array(this.#memory.buffer, counts, size).fill(0);
    const each = size / (this.#options.hasHalves ? 3 : 2);
    return {
      between: counts,
      shuffled: counts + each,
      half: this.#options.hasHalves ? counts + 2 * each : 0,
    };
  }
}

/** Of the counts of one unit of the first network with all of the second. */
export function bytesOfUnit(
  unitsB: number,
  { bins, hasHalves }: Pick<CounterOptions, 'bins' | 'hasHalves'>,
): number {
  return (hasHalves ? 12 : 8) * unitsB * bins ** 2;
}
