import { AppError } from '#core/errors.ts';
import type { TopInputs } from '#core/domain/result.ts';
import { mergeBatchProduct, type JointMoments } from '#core/numeric/moments/joint-moments.ts';
import { mergeUnitSums, unitSumSlots } from '#core/numeric/moments/unit-moments.ts';
import type { SymmetricProduct } from '../linalg/symmetric-product.ts';
import type { BlockRing } from './block-ring.ts';
import type { KernelMemory } from './pack-units.ts';
import { emptyFolds, finishLayer, type AccumulatedLayer, type FoldState } from './finish-layer.ts';
import { countOf, unitMean } from './position-mask.ts';
import { putMoments, takeMoments } from './saved-moments.ts';
import type { Resumable, StateReader, StateWriter } from './saved-state.ts';
import { ShuffledProducts } from './shuffled-products.ts';
import { TopInputCollector } from './top-inputs.ts';

/** Packed bytes handled at a time: about what stays in the processor's caches between packing and product. */
const blockBytes = 4 * 2 ** 20;
/**
 * Batches are merged once they hold this many samples, so that narrow batches of wide layers cost few merges; earlier
 * while less has been seen, because a shift learned from few samples may be far from the mean of many.
 */
const mergeSamples = 1024;
/**
 * Float32 sums lose about the square root of the number of their terms: neither a large batch nor many small ones may
 * become one long sum. A batch is merged after this many images, ...
 */
const mergeImages = 64;
/** ... and batches at the latest after this many products. */
const mergeProducts = 128;

/** Bytes of one packed block of a layer: at least one image, at most a batch. */
export function packedBlockBytes(units: number, positions: number, batch: number): number {
  return blockImagesOf(units, positions, batch) * units * positions * 4;
}

function blockImagesOf(units: number, positions: number, batch: number): number {
  return Math.max(1, Math.min(batch, mergeImages, Math.round(blockBytes / (units * positions * 4))));
}

export interface AccumulatorPart {
  network: string;
  units: number;
  /** Address of the activations [images, units, positions] that each batch brings. */
  source: number;
}

export interface AccumulatorOptions {
  layer: string;
  parts: AccumulatorPart[];
  positions: number;
  /** Address of what each batch brings beside: uint8 [images, positions], 0 = no sample; 0: all are. */
  mask?: number;
  /** Largest number of images in a batch. */
  batch: number;
  folds: 1 | 2;
  topK: number;
  /** Ends of the runs of images, in reading order, that get moments of their own; the last is the number of images. */
  runs: number[];
  /** Shuffled products, which need the images in a random order; null: none. */
  shuffle: { count: number; seed: number } | null;
  memory: KernelMemory;
  /** Regions of at least `packedBlockBytes`. */
  ring: BlockRing;
  product: SymmetricProduct;
}

/** What was packed since the last merge. */
interface Pending {
  images: number[];
  products: number;
  /** Samples per fold. */
  samples: number[];
}

/**
 * Streams one layer of all networks into joint moments, one set per fold: n, means and second moments over the
 * concatenated units, per-unit statistics, and the inputs that excite each unit most.
 *
 * A batch is centred by the running mean (the first by its own), multiplied in float32 and merged in float64 by the
 * pairwise update, so the error stays that of one batch's product: about 1e-7 of a correlation. Products run on other
 * threads while the next block is packed and the next batch inferred; their order, and so every bit, is fixed.
 * Memory is O(units^2) and does not grow with the number of samples.
 */
export class LayerAccumulator implements Resumable {
  readonly #options: AccumulatorOptions;
  readonly #total: number;
  readonly #firstUnit: number[];
  /** Of the run of images being read, and of those read. */
  #folds: FoldState[];
  readonly #done: FoldState[][] = [];
  #seen = 0;
  #read = 0;
  readonly #nulls: ShuffledProducts | null;
  readonly #top: TopInputCollector[];
  readonly #blockImages: number;
  #products: Promise<void> = Promise.resolve();
  #pending: Pending | null = null;
  readonly #columnOfImage: number;
  readonly #foldOfImage: number;
  readonly #shift: number;
  readonly #sums: number[];
  readonly #imageMaximum: number[];
  readonly #productSums: number;

  /** Reserves its kernel memory; the memory must be frozen before `add`. */
  constructor(options: AccumulatorOptions) {
    const { parts, positions, batch, folds, topK, memory } = options;
    this.#options = options;
    this.#firstUnit = parts.map((_, index) => sum(parts.slice(0, index).map((part) => part.units)));
    this.#total = sum(parts.map((part) => part.units));
    this.#folds = this.#emptyFolds();
    this.#top = parts.map((part) => new TopInputCollector(part.units, topK));
    this.#blockImages = blockImagesOf(this.#total, positions, batch);
    this.#columnOfImage = memory.reserve(batch * 4);
    this.#foldOfImage = memory.reserve(batch * 4);
    this.#shift = memory.reserve(this.#total * 4);
    this.#sums = parts.map((part) => memory.reserve(folds * part.units * unitSumSlots * 8));
    this.#imageMaximum = parts.map((part) => memory.reserve(batch * part.units * 4));
    this.#productSums = memory.reserve(folds * this.#total * this.#total * 4);
    this.#nulls = options.shuffle ? new ShuffledProducts(options, this.#firstUnit, options.shuffle) : null;
  }

  /**
   * Adds the batch that lies at the parts' source addresses: the images of the given indices, with the fold of each.
   * The sources may be overwritten once it resolves; products may still run.
   */
  async add(images: Int32Array, folds: Uint8Array): Promise<void> {
    if (this.#isMergeDue()) await this.#merge();
    this.#options.memory.int32(this.#foldOfImage, images.length).set(folds.subarray(0, images.length));
    for (let start = 0, count = 0; start < images.length; start += count) {
      count = Math.min(this.#blockImages, images.length - start, this.#runEnd() - this.#read);
      if (this.#pending && this.#pending.images.length >= mergeImages && this.#isMergeDue())
        await this.#merge();
      const pending = (this.#pending ??= this.#begin(images.length));
      pending.images.push(...images.subarray(start, start + count));
      pending.products++;
      for (let image = start; image < start + count; image++)
        pending.samples[folds[image]] += this.#samplesOf(image);
      await this.#options.ring.use((packed) => this.#addBlock(packed, start, count, folds));
      this.#read += count;
      if (this.#read === this.#runEnd()) await this.#endRun();
    }
    this.#offerTopInputs(images);
  }

  async finish(): Promise<AccumulatedLayer> {
    const { runs, nulls } = await this.parts();
    return finishLayer(runs, nulls, this.top);
  }

  /** Moments of every run of images that was read, and of the shuffles; nothing can be added afterwards. */
  async parts(): Promise<{ runs: FoldState[][]; nulls: JointMoments[] }> {
    await this.#merge();
    return { runs: this.#done, nulls: this.#nulls?.moments ?? [] };
  }

  get top(): TopInputs[] {
    return this.#top.map((collector) => collector.finish());
  }

  /** Waits for products in flight, which read and write kernel memory, without merging them. */
  async drain(): Promise<void> {
    await this.#products.catch(() => undefined);
  }

  /** Before `save`: what is in flight arrives, and what the next batch would merge is merged. */
  async settle(): Promise<void> {
    await this.#products;
    if (this.#isMergeDue()) await this.#merge();
  }

  /** After `settle`: products in flight would be missing. */
  save(state: StateWriter): void {
    state.put('counters', Float64Array.of(this.#seen, this.#read, this.#done.length));
    [...this.#done, this.#folds].forEach((folds, run) => {
      folds.forEach((fold, index) => {
        const part = state.within(`run-${run}/fold-${index}`);
        putMoments(part.within('joint'), fold.joint);
        fold.units.forEach((units, network) => putMoments(part.within(`units-${network}`), units));
      });
    });
    this.#top.forEach((collector, part) => collector.save(state.within(`top-${part}`)));
    this.#savePending(state.within('pending'));
    this.#nulls?.save(state.within('nulls'));
  }

  /** The memory must be frozen. */
  restore(state: StateReader): void {
    const counters = new Float64Array(3);
    state.into('counters', counters);
    [this.#seen, this.#read] = counters;
    const runs = this.#options.runs.length;
    for (let run = 0; run <= counters[2] && run < runs; run++) {
      const folds = this.#emptyFolds();
      folds.forEach((fold, index) => {
        const part = state.within(`run-${run}/fold-${index}`);
        takeMoments(part.within('joint'), fold.joint);
        fold.units.forEach((units, network) => takeMoments(part.within(`units-${network}`), units));
      });
      if (run < counters[2]) this.#done.push(folds);
      else this.#folds = folds;
    }
    if (counters[2] === runs) this.#folds = [];
    this.#top.forEach((collector, part) => collector.restore(state.within(`top-${part}`)));
    this.#restorePending(state.within('pending'));
    this.#nulls?.restore(state.within('nulls'));
  }

  #savePending(state: StateWriter): void {
    const pending = this.#pending;
    state.put('images', Int32Array.from(pending?.images ?? []));
    if (!pending) return;
    state.put('counters', Float64Array.of(pending.products, ...pending.samples));
    for (const [name, values] of this.#pendingSums()) state.put(name, values);
    for (const [fold] of this.#folds.entries())
      state.putUpper(`products-${fold}`, this.#productsOf(fold), this.#total);
    this.#nulls?.saveSums(state);
  }

  #restorePending(state: StateReader): void {
    const images = [...state.integers('images')];
    if (images.length === 0) return;
    const counters = new Float64Array(1 + this.#options.folds);
    state.into('counters', counters);
    const [products, ...samples] = counters;
    this.#pending = { images, products, samples };
    for (const [name, values] of this.#pendingSums()) state.into(name, values);
    for (const [fold] of this.#folds.entries())
      state.intoUpper(`products-${fold}`, this.#productsOf(fold), this.#total);
    this.#nulls?.restoreSums(state);
  }

  /** What lies in kernel memory from one merge to the next, beside the products. */
  #pendingSums(): [string, Float32Array | Float64Array][] {
    const { memory, parts, folds } = this.#options;
    return [
      ['shift', memory.float32(this.#shift, this.#total)],
      ...parts.map(({ units }, part): [string, Float64Array] => [
        `sums-${part}`,
        memory.float64(this.#sums[part], folds * units * unitSumSlots),
      ]),
    ];
  }

  #emptyFolds(): FoldState[] {
    const { folds, parts } = this.#options;
    return emptyFolds(
      folds,
      parts.map(({ units }) => units),
    );
  }

  #runEnd(): number {
    return this.#options.runs[Math.min(this.#done.length, this.#options.runs.length - 1)];
  }

  async #endRun(): Promise<void> {
    await this.#merge();
    this.#done.push(this.#folds);
    this.#folds = this.#done.length < this.#options.runs.length ? this.#emptyFolds() : [];
  }

  #isMergeDue(): boolean {
    if (!this.#pending) return false;
    const { samples, products } = this.#pending;
    return sum(samples) >= Math.min(mergeSamples, this.#seen) || products >= mergeProducts;
  }

  /** Fixes the shift and clears the sums of what is packed from here to the next merge. */
  #begin(images: number): Pending {
    this.#chooseShift(images);
    this.#clearSums();
    this.#options.memory.float32(this.#productSums, this.#folds.length * this.#total ** 2).fill(0);
    this.#nulls?.clear();
    return { images: [], products: 0, samples: this.#folds.map(() => 0) };
  }

  #chooseShift(images: number): void {
    const { memory, parts, positions } = this.#options;
    const shift = memory.float32(this.#shift, this.#total);
    const mask = this.#maskOf(0, images);
    const seen = [...this.#done, this.#folds].flat().find((fold) => fold.joint.n > 0);
    if (seen) {
      shift.set(seen.joint.mean);
      return;
    }
    parts.forEach((part, index) => {
      const values = memory.float32(part.source, images * part.units * positions);
      for (let unit = 0; unit < part.units; unit++) {
        shift[this.#firstUnit[index] + unit] = unitMean(values, unit, part.units, positions, images, mask);
      }
    });
  }

  #clearSums(): void {
    const { memory, parts } = this.#options;
    parts.forEach((part, index) => {
      const sums = memory.float64(this.#sums[index], this.#folds.length * part.units * unitSumSlots).fill(0);
      for (let slot = 0; slot < sums.length; slot += unitSumSlots) {
        sums[slot + 6] = Infinity;
        sums[slot + 7] = -Infinity;
      }
    });
  }

  /** Packs some of the batch's images, fold after fold; resolves when their products are added. */
  #addBlock(packed: number, start: number, images: number, folds: Uint8Array): Promise<void> {
    const { memory, parts, positions, mask, product } = this.#options;
    const perFold = this.#layColumns(start, images, folds);
    const stride = sum(perFold);
    parts.forEach((part, index) => {
      memory.packUnits(
        part.source + start * part.units * positions * 4,
        packed + this.#firstUnit[index] * stride * 4,
        images,
        part.units,
        positions,
        stride,
        this.#columnOfImage,
        this.#foldOfImage + start * 4,
        this.#shift + this.#firstUnit[index] * 4,
        this.#sums[index],
        this.#imageMaximum[index] + start * part.units * 4,
        mask ? mask + start * positions : 0,
      );
    });
    let column = 0;
    for (const [fold, count] of perFold.entries()) {
      const data = memory.float32(packed + column * 4, this.#total * stride - column);
      column += count;
      if (count === 0) continue;
      this.#products = this.#products.then(() =>
        product.add(this.#total, count, data, stride, this.#productsOf(fold)),
      );
    }
    const trained = () =>
      Array.from({ length: images }, (_, image) => start + image).filter((image) => folds[image] === 0);
    const rows = mask ? trained().map((image) => this.#maskOf(image, 1) as Uint8Array) : null;
    const shuffled = this.#nulls?.add(packed, stride, perFold[0] / positions, rows);
    if (shuffled) this.#products = this.#products.then(shuffled);
    // Awaited at the next merge; a failure must not count as unhandled until then.
    this.#products.catch(() => undefined);
    return this.#products;
  }

  /** Which positions of some images of the batch are samples; null: all. */
  #maskOf(first: number, images: number): Uint8Array | null {
    const { memory, mask, positions } = this.#options;
    return mask ? memory.uint8(mask + first * positions, images * positions) : null;
  }

  #samplesOf(image: number): number {
    const mask = this.#maskOf(image, 1);
    return mask ? countOf(mask) : this.#options.positions;
  }

  /** Gives every image of a block its first column, fold after fold; returns the columns of each fold. */
  #layColumns(start: number, images: number, folds: Uint8Array): number[] {
    const columns = this.#options.memory.int32(this.#columnOfImage, images);
    let next = 0;
    return this.#folds.map((_, fold) => {
      const first = next;
      for (let image = 0; image < images; image++) {
        if (folds[start + image] !== fold) continue;
        columns[image] = next;
        next += this.#options.positions;
      }
      return next - first;
    });
  }

  #productsOf(fold: number): Float32Array {
    return this.#options.memory.float32(this.#productSums + fold * this.#total ** 2 * 4, this.#total ** 2);
  }

  /** Waits for the products and merges what was packed since the last merge. */
  async #merge(): Promise<void> {
    const pending = this.#pending;
    if (!pending) return;
    await this.#products;
    pending.samples.forEach((samples, fold) => this.#mergeFold(fold, samples, pending));
    this.#pending = null;
  }

  #mergeFold(fold: number, samples: number, pending: Pending): void {
    if (samples === 0) return;
    const { memory, parts } = this.#options;
    const state = this.#folds[fold];
    const sums = new Float64Array(this.#total);
    const shift = memory.float32(this.#shift, this.#total);
    parts.forEach((part, index) => {
      const length = part.units * unitSumSlots;
      const batch = memory.float64(this.#sums[index] + fold * length * 8, length);
      const first = this.#firstUnit[index];
      this.#naming(part, pending, () => {
        mergeUnitSums(state.units[index], samples, shift.subarray(first, first + part.units), batch);
      });
      for (let unit = 0; unit < part.units; unit++) sums[first + unit] = batch[unit * unitSumSlots];
    });
    mergeBatchProduct(state.joint, samples, Float64Array.from(shift), sums, this.#productsOf(fold));
    if (fold === 0) this.#nulls?.merge(samples, Float64Array.from(shift), sums);
    this.#seen += samples;
  }

  /** Says which network, layer and images brought values that are not finite. */
  #naming(part: AccumulatorPart, { images }: Pending, merge: () => void): void {
    try {
      merge();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const [first, last] = [Math.min(...images), Math.max(...images)];
      throw new AppError(
        'run-failed',
        `Layer ${this.#options.layer} of ${part.network} has values that are not finite (NaN or infinity, or too large ` +
          `to square) within images ${first} to ${last}; check data.scale, mean and std, and the network.`,
        { layer: this.#options.layer, network: part.network, firstImage: first, images: images.length },
        error,
      );
    }
  }

  #offerTopInputs(images: Int32Array): void {
    const { memory, parts, positions } = this.#options;
    parts.forEach((part, index) => {
      const values = memory.float32(part.source, images.length * part.units * positions);
      const maximum = memory.float32(this.#imageMaximum[index], images.length * part.units);
      this.#top[index].offer(images, maximum, values, positions, this.#maskOf(0, images.length));
    });
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
