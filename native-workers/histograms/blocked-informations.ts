import type { ArrayFile } from '#core/ipc/engine.ts';
import type { Resumable, StateReader, StateWriter } from '../accumulate/saved-state.ts';
import { writeArrayFile } from '../files/array-file.ts';
import { filePieces } from '../files/whole-bytes.ts';
import { BlockCounter, bytesOfUnit, type CountedPair } from './block-counter.ts';
import { repeatedRun, type CodedRuns } from './coded-runs.ts';
import type { CountThreads } from './count-threads.ts';
import { informationArrays } from './information-arrays.ts';
import { pairInformation, type PairInformation } from './informations.ts';
import { usualSamples, type CounterOptions } from './joint-counter.ts';

/** A layer whose codes are kept, by its number in the capture. */
export interface CodedLayer {
  layer: number;
  runs: CodedRuns;
}

interface Step extends CodedLayer {
  pair: CountedPair;
}

/** Called after every block. */
export type BetweenBlocks = (done: number, total: number) => Promise<void>;

/**
 * Information of all pairs of units of layers whose codes are kept: pair of networks after pair, in blocks of units of
 * the first, written to a file as soon as a pair is done. What it did is taken up again bit for bit.
 */
export class BlockedInformations implements Resumable {
  readonly #steps: Step[];
  readonly #layers: readonly CodedLayer[];
  readonly #options: Pick<CounterOptions, 'pairs' | 'bins' | 'hasHalves'>;
  readonly #blockBytes: number | undefined;
  #written: ArrayFile;
  /** Pairs that are written, and units of the next that are done. */
  #done = 0;
  #rows = 0;
  #current: PairInformation | null = null;

  /**
   * @param outFile where arrays are written; one that is there is replaced
   * @param blockBytes counts in memory at a time: see `BlockCounter`
   */
  constructor(
    layers: readonly CodedLayer[],
    options: Pick<CounterOptions, 'pairs' | 'bins' | 'hasHalves'>,
    outFile: string,
    blockBytes?: number,
  ) {
    this.#blockBytes = blockBytes;
    this.#layers = layers;
    this.#options = options;
    this.#written = { path: outFile, arrays: [] };
    this.#steps = layers.flatMap((layer) =>
      options.pairs.map((networks, index) => ({ ...layer, pair: { networks, index } })),
    );
  }

  /** Counts what is left to count; gives the file with the arrays of all pairs. */
  async count(threads: CountThreads, between: BetweenBlocks): Promise<ArrayFile> {
    const counter = this.#counter(threads);
    const before = (step: number) => this.#steps.slice(0, step).reduce((sum, each) => sum + rowsOf(each), 0);
    const total = before(this.#steps.length);
    for (; this.#done < this.#steps.length; this.#done++) {
      const step = this.#steps[this.#done];
      const into = (this.#current ??= this.#empty(step));
      while (this.#rows < rowsOf(step)) {
        this.#rows = await counter.next(step.runs, step.pair, this.#rows, into);
        await between(before(this.#done) + this.#rows, total);
      }
      this.#write(step, into);
      [this.#current, this.#rows] = [null, 0];
    }
    return this.#written;
  }

  /** Milliseconds that `count` would take with so many samples of every layer, by counting a few units. */
  async trial(threads: CountThreads, samplesOf: (layer: number) => number): Promise<number> {
    let sum = 0;
    for (const { layer, runs } of this.#layers) {
      const samples = samplesOf(layer);
      const repeated = repeatedRun(runs, Math.min(usualSamples, Math.round(samples)), this.#options);
      const steps = this.#steps.filter((step) => step.layer === layer);
      const [first] = steps;
      const few = 4 * threads.count * bytesOfUnit(colsOf(first), this.#options);
      const asked = { runs: repeated, pairs: [first.pair.networks] };
      const counter = new BlockCounter([asked], this.#options, threads, few);
      const into = this.#empty(first);
      // The first time reads codes and starts threads.
      const rows = await counter.next(repeated, first.pair, 0, into);
      const started = performance.now();
      await counter.next(repeated, first.pair, 0, into);
      const cells = steps.reduce((total, step) => total + rowsOf(step) * colsOf(step), 0);
      const runsOfAll = Math.max(1, samples / usualSamples);
      sum += ((performance.now() - started) * runsOfAll * cells) / (rows * colsOf(first));
    }
    return sum;
  }

  save(state: StateWriter): void {
    state.put('done', Int32Array.of(this.#done, this.#rows));
    for (const { name, dtype, offset, bytes } of this.#written.arrays)
      state.putPieces(name, dtype, bytes / 8, filePieces(this.#written.path, { offset, bytes }));
    if (this.#current) for (const [name, data] of this.#filled(this.#current)) state.put(name, data);
  }

  restore(state: StateReader): void {
    const done = new Int32Array(2);
    state.into('done', done);
    const [pairs, rows] = done;
    for (; this.#done < pairs; this.#done++) {
      const step = this.#steps[this.#done];
      const found = this.#empty(step);
      for (const { name, data } of this.#arraysOf(step, found)) state.into(name, data);
      this.#write(step, found);
    }
    this.#rows = rows;
    if (rows === 0) return;
    this.#current = this.#empty(this.#steps[pairs]);
    for (const [name, data] of this.#filled(this.#current)) state.into(name, data);
  }

  #counter(threads: CountThreads): BlockCounter {
    const { pairs } = this.#options;
    return new BlockCounter(
      this.#layers.map(({ runs }) => ({ runs, pairs })),
      this.#options,
      threads,
      this.#blockBytes,
    );
  }

  #empty(step: Step): PairInformation {
    return pairInformation(rowsOf(step), colsOf(step), this.#options.hasHalves ?? false);
  }

  #arraysOf({ layer, pair }: Step, found: PairInformation) {
    return informationArrays(layer, pair.networks, found);
  }

  #write(step: Step, found: PairInformation): void {
    const place = this.#written.arrays.length === 0 ? this.#written.path : this.#written;
    this.#written = writeArrayFile(place, this.#arraysOf(step, found));
  }

  /** Of the pair that is under way, the rows that are done; entropies whole. */
  #filled(current: PairInformation): [string, Float64Array][] {
    return this.#arraysOf(this.#steps[this.#done], current).map(({ name, rows, cols, data }) => [
      name,
      (rows === 1 ? data : data.subarray(0, this.#rows * cols)) as Float64Array,
    ]);
  }
}

const rowsOf = ({ runs, pair }: Step): number => runs.units[pair.networks[0]];
const colsOf = ({ runs, pair }: Step): number => runs.units[pair.networks[1]];
