import type { AccumulatorPart } from './layer-accumulator.ts';
import type { KernelMemory } from './pack-units.ts';
import type { Resumable, StateReader, StateWriter } from './saved-state.ts';

/**
 * Sums over training samples of |x_a - mean_a|^2 |x_b - mean_b|^2 for every two networks a, b of a layer, which the
 * debiased CKA needs and second moments do not hold (Kornblith et al. 2019, arXiv 1905.00414; Székely & Rizzo 2014,
 * doi:10.1214/14-AOS1255). Float64; memory O(positions x networks).
 */
export class SquaredNorms implements Resumable {
  readonly #parts: AccumulatorPart[];
  readonly #positions: number;
  readonly #memory: KernelMemory;
  readonly #mask: number;
  readonly #means: Float64Array[];
  readonly #norms: Float64Array[];
  /** [networks x networks] */
  readonly sums: Float64Array;

  /** @param mean [joint units] of the training fold */
  constructor(
    layer: { parts: AccumulatorPart[]; positions: number; mask?: number; memory: KernelMemory },
    mean: Float64Array,
  ) {
    this.#parts = layer.parts;
    this.#positions = layer.positions;
    this.#memory = layer.memory;
    this.#mask = layer.mask ?? 0;
    let first = 0;
    this.#means = layer.parts.map(({ units }) => mean.subarray(first, (first += units)));
    this.#norms = layer.parts.map(() => new Float64Array(layer.positions));
    this.sums = new Float64Array(layer.parts.length ** 2);
  }

  /** Adds the batch at the parts' source addresses; `folds` 0 = training. */
  add(images: number, folds: Uint8Array): void {
    for (let image = 0; image < images; image++) {
      if (folds[image] !== 0) continue;
      this.#parts.forEach((_, part) => this.#measure(image, part));
      this.#multiply();
    }
  }

  save(state: StateWriter): void {
    state.put('sums', this.sums);
  }

  restore(state: StateReader): void {
    state.into('sums', this.sums);
  }

  #measure(image: number, part: number): void {
    const [{ source, units }, positions] = [this.#parts[part], this.#positions];
    const [means, norms] = [this.#means[part], this.#norms[part].fill(0)];
    const values = this.#memory.float32(source + image * units * positions * 4, units * positions);
    for (let unit = 0, at = 0; unit < units; unit++) {
      const mean = means[unit];
      for (let position = 0; position < positions; position++, at++) {
        const difference = values[at] - mean;
        norms[position] += difference * difference;
      }
    }
    if (!this.#mask) return;
    const mask = this.#memory.uint8(this.#mask + image * positions, positions);
    for (let position = 0; position < positions; position++) norms[position] *= mask[position];
  }

  #multiply(): void {
    const networks = this.#norms.length;
    for (let a = 0; a < networks; a++) {
      for (let b = a; b < networks; b++) {
        const [one, other] = [this.#norms[a], this.#norms[b]];
        let sum = 0;
        for (let position = 0; position < one.length; position++) sum += one[position] * other[position];
        this.sums[a * networks + b] += sum;
        if (a !== b) this.sums[b * networks + a] += sum;
      }
    }
  }
}
