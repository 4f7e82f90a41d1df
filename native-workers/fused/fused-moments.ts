import { AppError } from '#core/errors.ts';
import type { TopInputs } from '#core/domain/result.ts';
import { mergeBatchProduct, type JointMoments } from '#core/numeric/moments/joint-moments.ts';
import { mergeUnitSums, unitSumSlots } from '#core/numeric/moments/unit-moments.ts';
import {
  emptyFolds,
  finishLayer,
  type AccumulatedLayer,
  type FoldState,
} from '../accumulate/finish-layer.ts';
import { putMoments, takeMoments } from '../accumulate/saved-moments.ts';
import type { Resumable, StateReader, StateWriter } from '../accumulate/saved-state.ts';
import { TopInputCollector } from '../accumulate/top-inputs.ts';
import { releaseOutputs } from '../capture/release-copies.ts';
import { runtime, type OrtTensor } from '../capture/runtime.ts';
import { outputsOf, type MomentHead } from './moment-head.ts';

export interface FusedMomentsOptions {
  layer: string;
  /** Of the parts, in order. */
  networks: string[];
  folds: 1 | 2;
  topK: number;
  /** Ends of the runs of images, in reading order, that get moments of their own; the last is the number of images. */
  runs: number[];
}

/** Images of a batch that are of one run and one fold: a row of the weights. */
interface Group {
  run: number;
  fold: number;
  /** Indices in the batch. */
  images: number[];
}

export type Outputs = Record<string, OrtTensor>;

/**
 * What `LayerAccumulator` is for activations, for a layer whose moments are taken inside the graph (`MomentHead`): adds
 * up what a batch leaves behind. Every batch is centred by the mean of those before it, the first by its own, and merged
 * in float64 by the pairwise update; statistics come image by image and are summed in float64.
 */
export class FusedMoments implements Resumable {
  readonly #head: MomentHead;
  readonly #options: FusedMomentsOptions;
  readonly #units: number;
  readonly #firstUnit: number[];
  /** Of the runs begun. */
  readonly #runs: FoldState[][] = [];
  readonly #top: TopInputCollector[];
  #read = 0;
  /** The batch last added, until it is released. */
  #last: { images: number; outputs: Outputs; shift: Float32Array } | null = null;
  #shift: Float32Array | null = null;
  #outputs: Outputs | null = null;
  /** The products of one group, where they come in pieces; made once. */
  #joint: Float32Array | Float64Array | null = null;

  constructor(head: MomentHead, options: FusedMomentsOptions) {
    this.#head = head;
    this.#options = options;
    this.#firstUnit = head.parts.map((_, part) =>
      head.parts.slice(0, part).reduce((sum, { units }) => sum + units, 0),
    );
    this.#units = head.parts.reduce((sum, { units }) => sum + units, 0);
    this.#top = head.parts.map(({ units }) => new TopInputCollector(units, options.topK));
  }

  /** Whether the next batch is the first: its own mean, which `learnShift` takes from a run of it, centres it. */
  get needsShift(): boolean {
    return this.#shift === null;
  }

  learnShift(outputs: Outputs, images: number): void {
    const shift = new Float32Array(this.#units);
    this.#head.parts.forEach(({ units }, part) => {
      const sums = floats(outputs[this.#head.statistics[part][0]]);
      for (let unit = 0; unit < units; unit++) {
        let sum = 0;
        for (let image = 0; image < images; image++) sum += sums[image * units + unit];
        const mean = sum / images / this.#head.positions;
        // What is not finite is found and named when the batch is added.
        shift[this.#firstUnit[part] + unit] = Number.isFinite(mean) ? mean : 0;
      }
    });
    this.#shift = shift;
  }

  /** @param rows images the graph is run on: those after the batch's own have no weight */
  feeds(images: number, folds: Uint8Array, rows: number): Outputs {
    const { Tensor } = runtime();
    const groups = this.#groupsOf(images, folds);
    const weights = new Float32Array(groups.length * rows);
    groups.forEach((group, row) => {
      for (const image of group.images) weights[row * rows + image] = 1;
    });
    const shift = this.#shift ?? new Float32Array(this.#units);
    return {
      [this.#head.shift]: new Tensor('float32', shift, [this.#units]),
      [this.#head.weights]: new Tensor('float32', weights, [groups.length, rows]),
    };
  }

  /** What the graph gave for the batch that `add` will take. */
  receive(outputs: Outputs): void {
    this.#outputs = outputs;
  }

  add(images: Int32Array, folds: Uint8Array): Promise<void> {
    const [outputs, shift] = [this.#outputs, this.#shift];
    if (!outputs || !shift) throw new AppError('internal', `Layer ${this.#options.layer} was not run.`);
    const products = this.#products(outputs);
    this.#groupsOf(images.length, folds).forEach((group, row) =>
      this.#merge(group, images, shift, outputs, products(row)),
    );
    this.#head.parts.forEach((_, part) => {
      const [, , , , , , , maximum] = this.#head.statistics[part].map((name) => floats(outputs[name]));
      const places = outputs[this.#head.maximumAt[part]].data as BigInt64Array;
      this.#top[part].offerAt(images, maximum, (at) => Number(places[at]));
    });
    this.#read += images.length;
    this.#outputs = null;
    this.#last = { images: images.length, outputs, shift };
    this.#shift = this.#nextShift();
    return Promise.resolve();
  }

  /** Mean over positions of the batch last added, [images x units] of one part. */
  pooled(part: number): Float32Array {
    if (!this.#last) throw new AppError('internal', `Layer ${this.#options.layer} was given no batch.`);
    const { images, outputs, shift } = this.#last;
    const { units } = this.#head.parts[part];
    const sums = floats(outputs[this.#head.statistics[part][0]]);
    const means = new Float32Array(images * units);
    for (let image = 0, at = 0; image < images; image++)
      for (let unit = 0; unit < units; unit++, at++)
        means[at] = sums[at] / this.#head.positions + shift[this.#firstUnit[part] + unit];
    return means;
  }

  /** Frees what the graph gave for the batch last added. */
  release(): void {
    if (!this.#last) return;
    const { outputs } = this.#last;
    releaseOutputs(Object.fromEntries(outputsOf(this.#head).map((name) => [name, outputs[name]])));
    this.#last = null;
  }

  finish(): Promise<AccumulatedLayer> {
    return Promise.resolve(finishLayer(this.#runs, [], this.top));
  }

  /** Moments of every run of images that was read; images are not shuffled in the graph. */
  parts(): Promise<{ runs: FoldState[][]; nulls: JointMoments[] }> {
    return Promise.resolve({ runs: this.#runs, nulls: [] });
  }

  get top(): TopInputs[] {
    return this.#top.map((collector) => collector.finish());
  }

  /** Nothing is ever in flight between two batches. */
  settle(): Promise<void> {
    return Promise.resolve();
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  save(state: StateWriter): void {
    state.put('read', Float64Array.of(this.#read, this.#runs.length));
    if (this.#shift) state.put('shift', this.#shift);
    this.#runs.flat().forEach((fold, index) => {
      const part = state.within(`fold-${index}`);
      putMoments(part.within('joint'), fold.joint);
      fold.units.forEach((units, network) => putMoments(part.within(`units-${network}`), units));
    });
    this.#top.forEach((collector, part) => collector.save(state.within(`top-${part}`)));
  }

  restore(state: StateReader): void {
    const read = new Float64Array(2);
    state.into('read', read);
    [this.#read] = read;
    for (let run = 0; run < read[1]; run++) this.#runs[run] = this.#emptyFolds();
    if (this.#read > 0) {
      this.#shift = new Float32Array(this.#units);
      state.into('shift', this.#shift);
    }
    this.#runs.flat().forEach((fold, index) => {
      const part = state.within(`fold-${index}`);
      takeMoments(part.within('joint'), fold.joint);
      fold.units.forEach((units, network) => takeMoments(part.within(`units-${network}`), units));
    });
    this.#top.forEach((collector, part) => collector.restore(state.within(`top-${part}`)));
  }

  #emptyFolds(): FoldState[] {
    return emptyFolds(
      this.#options.folds,
      this.#head.parts.map(({ units }) => units),
    );
  }

  #groupsOf(images: number, folds: Uint8Array): Group[] {
    const groups = new Map<number, Group>();
    let run = this.#options.runs.findIndex((end) => end > this.#read);
    for (let image = 0; image < images; image++) {
      while (run < this.#options.runs.length - 1 && this.#read + image >= this.#options.runs[run]) run++;
      const key = run * this.#options.folds + folds[image];
      let group = groups.get(key);
      if (!group) groups.set(key, (group = { run, fold: folds[image], images: [] }));
      group.images.push(image);
    }
    return [...groups.values()];
  }

  /** The joint products of a group, upper triangle valid. */
  #products(outputs: Outputs): (row: number) => Float32Array | Float64Array {
    const { products, precision } = this.#head;
    const p = this.#units;
    if (products.length === 1) {
      const all = outputs[products[0].output].data as Float32Array | Float64Array;
      return (row) => all.subarray(row * p * p, (row + 1) * p * p);
    }
    const joint = (this.#joint ??=
      precision === 'float64' ? new Float64Array(p * p) : new Float32Array(p * p));
    return (group) => {
      for (const { output, row, rows, column, columns } of products) {
        const piece = outputs[output].data as Float32Array | Float64Array;
        for (let i = 0, from = group * rows * columns; i < rows; i++, from += columns)
          joint.set(piece.subarray(from, from + columns), (row + i) * p + column);
      }
      return joint;
    };
  }

  #merge(
    { run, fold, images }: Group,
    batch: Int32Array,
    shift: Float32Array,
    outputs: Outputs,
    products: Float32Array | Float64Array,
  ): void {
    const state = (this.#runs[run] ??= this.#emptyFolds())[fold];
    const samples = images.length * this.#head.positions;
    const sums = new Float64Array(this.#units);
    this.#head.parts.forEach(({ units }, part) => {
      const first = this.#firstUnit[part];
      const batchSums = this.#sums(part, units, images, outputs);
      try {
        mergeUnitSums(state.units[part], samples, shift.subarray(first, first + units), batchSums);
      } catch (error) {
        throw error instanceof AppError ? this.#notFinite(part, images, batch, error) : error;
      }
      for (let unit = 0; unit < units; unit++) sums[first + unit] = batchSums[unit * unitSumSlots];
    });
    mergeBatchProduct(state.joint, samples, Float64Array.from(shift), sums, products);
  }

  /** Sums over a group's images in the order of `unitSumSlots`, [units x slots]. */
  #sums(part: number, units: number, images: readonly number[], outputs: Outputs): Float64Array {
    const sums = new Float64Array(units * unitSumSlots);
    const [least, greatest] = [unitSumSlots - 2, unitSumSlots - 1];
    const total = new Float64Array(units);
    this.#head.statistics[part].forEach((name, slot) => {
      const values = floats(outputs[name]);
      if (slot === least) leastOver(values, images, total);
      else if (slot === greatest) greatestOver(values, images, total);
      else sumOver(values, images, total);
      for (let unit = 0, to = slot; unit < units; unit++, to += unitSumSlots) sums[to] = total[unit];
    });
    return sums;
  }

  #nextShift(): Float32Array {
    const seen = this.#runs.flat().find((fold) => fold.joint.n > 0);
    return seen ? Float32Array.from(seen.joint.mean) : new Float32Array(this.#units);
  }

  #notFinite(part: number, images: readonly number[], batch: Int32Array, cause: AppError): AppError {
    const read = images.map((image) => batch[image]);
    const [first, last] = [Math.min(...read), Math.max(...read)];
    const { layer, networks } = this.#options;
    return new AppError(
      'run-failed',
      `Layer ${layer} of ${networks[part]} has values that are not finite (NaN or infinity, or too large to square) ` +
        `within images ${first} to ${last}; check data.scale, mean and std, and the network.`,
      { layer, network: networks[part], firstImage: first, images: images.length },
      cause,
    );
  }
}

/** Sums of the images' rows of [images x units], by unit. */
function sumOver(values: Float32Array, images: readonly number[], total: Float64Array): void {
  total.fill(0);
  for (const image of images)
    for (let unit = 0, at = image * total.length; unit < total.length; unit++, at++)
      total[unit] += values[at];
}

function leastOver(values: Float32Array, images: readonly number[], total: Float64Array): void {
  total.fill(Infinity);
  for (const image of images)
    for (let unit = 0, at = image * total.length; unit < total.length; unit++, at++)
      if (!(values[at] >= total[unit])) total[unit] = values[at];
}

function greatestOver(values: Float32Array, images: readonly number[], total: Float64Array): void {
  total.fill(-Infinity);
  for (const image of images)
    for (let unit = 0, at = image * total.length; unit < total.length; unit++, at++)
      if (!(values[at] <= total[unit])) total[unit] = values[at];
}

function floats(tensor: OrtTensor): Float32Array {
  return tensor.data as Float32Array;
}
