import { AppError } from '#core/errors.ts';
import type { TopInputs, UnitStatistics } from '#core/domain/result.ts';
import {
  createJointMoments,
  mergeBatchProduct,
  symmetrise,
  type JointMoments,
} from '#core/numeric/moments/joint-moments.ts';
import {
  createUnitMoments,
  finishUnitStatistics,
  mergeUnitSums,
  unitSumSlots,
  type UnitMoments,
} from '#core/numeric/moments/unit-moments.ts';
import type { SymmetricProduct } from '../linalg/symmetric-product.ts';
import type { KernelMemory } from './pack-units.ts';
import { TopInputCollector } from './top-inputs.ts';

/** Packed bytes handled at a time: about what stays in the processor's caches between packing and product. */
const blockBytes = 4 * 2 ** 20;

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
  /** Largest number of images in a batch. */
  batch: number;
  folds: 1 | 2;
  topK: number;
  memory: KernelMemory;
  product: SymmetricProduct;
}

interface FoldState {
  joint: JointMoments;
  units: UnitMoments[];
}

/**
 * Streams one layer of all networks into joint moments, one set per fold: n, means and second moments over the
 * concatenated units, per-unit statistics, and the inputs that excite each unit most.
 *
 * A batch is centred by the running mean (the first by its own), multiplied in float32 and merged in float64 by the
 * pairwise update, so the error stays that of one batch's product: about 1e-7 of a correlation.
 * Memory is O(units^2) and does not grow with the number of samples.
 */
export class LayerAccumulator {
  readonly #options: AccumulatorOptions;
  readonly #total: number;
  readonly #firstUnit: number[];
  readonly #folds: FoldState[];
  readonly #top: TopInputCollector[];
  readonly #blockImages: number;
  readonly #packed: number;
  readonly #columnOfImage: number;
  readonly #foldOfImage: number;
  readonly #shift: number;
  readonly #sums: number[];
  readonly #imageMaximum: number[];
  readonly #products: number;

  /** Reserves its kernel memory; the memory must be frozen before `add`. */
  constructor(options: AccumulatorOptions) {
    const { parts, positions, batch, folds, topK, memory } = options;
    this.#options = options;
    this.#firstUnit = parts.map((_, index) =>
      parts.slice(0, index).reduce((sum, part) => sum + part.units, 0),
    );
    this.#total = parts.reduce((sum, part) => sum + part.units, 0);
    this.#folds = Array.from({ length: folds }, () => ({
      joint: createJointMoments(this.#total),
      units: parts.map((part) => createUnitMoments(part.units)),
    }));
    this.#top = parts.map((part) => new TopInputCollector(part.units, topK));
    const imageBytes = this.#total * positions * 4;
    this.#blockImages = Math.max(1, Math.min(batch, Math.round(blockBytes / imageBytes)));
    this.#packed = memory.reserve(this.#blockImages * imageBytes);
    this.#columnOfImage = memory.reserve(batch * 4);
    this.#foldOfImage = memory.reserve(batch * 4);
    this.#shift = memory.reserve(this.#total * 4);
    this.#sums = parts.map((part) => memory.reserve(folds * part.units * unitSumSlots * 8));
    this.#imageMaximum = parts.map((part) => memory.reserve(batch * part.units * 4));
    this.#products = memory.reserve(folds * this.#total * this.#total * 4);
  }

  /** Adds the batch that lies at the parts' source addresses. `folds[i]` is the fold of the batch's i-th image. */
  async add(firstImage: number, images: number, folds: Uint8Array): Promise<void> {
    const { memory } = this.#options;
    this.#chooseShift(images);
    this.#clearSums();
    memory.int32(this.#foldOfImage, images).set(folds.subarray(0, images));
    memory.float32(this.#products, this.#folds.length * this.#total ** 2).fill(0);
    for (let start = 0; start < images; start += this.#blockImages) {
      await this.#addBlock(start, Math.min(this.#blockImages, images - start), folds);
    }
    for (let fold = 0; fold < this.#folds.length; fold++) {
      let count = 0;
      for (let image = 0; image < images; image++) if (folds[image] === fold) count++;
      this.#merge(fold, count * this.#options.positions, firstImage, images);
    }
    this.#offerTopInputs(firstImage, images);
  }

  finish(): {
    samples: number[];
    folds: { joint: JointMoments; statistics: UnitStatistics[] }[];
    top: TopInputs[];
  } {
    for (const fold of this.#folds) symmetrise(fold.joint);
    return {
      samples: this.#folds.map((fold) => fold.joint.n),
      folds: this.#folds.map((fold) => ({
        joint: fold.joint,
        statistics: fold.units.map((units) => finishUnitStatistics(units)),
      })),
      top: this.#top.map((collector) => collector.finish()),
    };
  }

  #chooseShift(images: number): void {
    const { memory, parts, positions } = this.#options;
    const shift = memory.float32(this.#shift, this.#total);
    const seen = this.#folds.find((fold) => fold.joint.n > 0);
    if (seen) {
      shift.set(seen.joint.mean);
      return;
    }
    parts.forEach((part, index) => {
      const values = memory.float32(part.source, images * part.units * positions);
      for (let unit = 0; unit < part.units; unit++) {
        shift[this.#firstUnit[index] + unit] = unitMean(values, unit, part.units, positions, images);
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

  /** Packs some of the batch's images, fold after fold, and adds one product per fold. */
  async #addBlock(start: number, images: number, folds: Uint8Array): Promise<void> {
    const { memory, parts, positions, product } = this.#options;
    const columns = memory.int32(this.#columnOfImage, images);
    const perFold: number[] = [];
    let next = 0;
    for (let fold = 0; fold < this.#folds.length; fold++) {
      const first = next;
      for (let image = 0; image < images; image++) {
        if (folds[start + image] !== fold) continue;
        columns[image] = next;
        next += positions;
      }
      perFold.push(next - first);
    }
    parts.forEach((part, index) => {
      memory.packUnits(
        part.source + start * part.units * positions * 4,
        this.#packed + this.#firstUnit[index] * next * 4,
        images,
        part.units,
        positions,
        next,
        this.#columnOfImage,
        this.#foldOfImage + start * 4,
        this.#shift + this.#firstUnit[index] * 4,
        this.#sums[index],
        this.#imageMaximum[index] + start * part.units * 4,
      );
    });
    let column = 0;
    for (const [fold, count] of perFold.entries()) {
      if (count > 0) {
        const data = memory.float32(this.#packed + column * 4, this.#total * next - column);
        const into = memory.float32(this.#products + fold * this.#total ** 2 * 4, this.#total ** 2);
        await product.add(this.#total, count, data, next, into);
      }
      column += count;
    }
  }

  #merge(fold: number, samples: number, firstImage: number, images: number): void {
    if (samples === 0) return;
    const { memory, parts } = this.#options;
    const state = this.#folds[fold];
    const sums = new Float64Array(this.#total);
    const shift = memory.float32(this.#shift, this.#total);
    parts.forEach((part, index) => {
      const length = part.units * unitSumSlots;
      const batch = memory.float64(this.#sums[index] + fold * length * 8, length);
      const first = this.#firstUnit[index];
      this.#naming(part, firstImage, images, () => {
        mergeUnitSums(state.units[index], samples, shift.subarray(first, first + part.units), batch);
      });
      for (let unit = 0; unit < part.units; unit++) sums[first + unit] = batch[unit * unitSumSlots];
    });
    const products = memory.float32(this.#products + fold * this.#total ** 2 * 4, this.#total ** 2);
    mergeBatchProduct(state.joint, samples, Float64Array.from(shift), sums, products);
  }

  /** Says which network, layer and images brought values that are not finite. */
  #naming(part: AccumulatorPart, firstImage: number, images: number, merge: () => void): void {
    try {
      merge();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new AppError(
        'run-failed',
        `Layer ${this.#options.layer} of ${part.network} has values that are not finite (NaN or infinity, or too large ` +
          `to square) within images ${firstImage} to ${firstImage + images - 1}; check data.scale, mean and std, and the network.`,
        { layer: this.#options.layer, network: part.network, firstImage, images },
        error,
      );
    }
  }

  #offerTopInputs(firstImage: number, images: number): void {
    const { memory, parts, positions } = this.#options;
    parts.forEach((part, index) => {
      const values = memory.float32(part.source, images * part.units * positions);
      const maximum = memory.float32(this.#imageMaximum[index], images * part.units);
      this.#top[index].offer(firstImage, images, maximum, values, positions);
    });
  }
}

function unitMean(
  values: Float32Array,
  unit: number,
  units: number,
  positions: number,
  images: number,
): number {
  let sum = 0;
  for (let image = 0; image < images; image++) {
    const start = (image * units + unit) * positions;
    for (let i = start; i < start + positions; i++) sum += values[i];
  }
  return sum / (images * positions);
}
