import { createRandom, type Random } from '#core/random.ts';
import {
  createJointMoments,
  mergeBatchProduct,
  type JointMoments,
} from '#core/numeric/moments/joint-moments.ts';
import type { AccumulatorOptions } from './layer-accumulator.ts';
import { overlapOf } from './position-mask.ts';
import { putMoments, takeMoments } from './saved-moments.ts';
import type { Resumable, StateReader, StateWriter } from './saved-state.ts';

/**
 * Second moments between networks whose images are shuffled against each other, positions kept: what correlation is
 * left when the networks see different images. Within a packed block every network meets the later ones with the
 * images rotated by a random number of places, so the images must be read in a random order. Means and deviations are
 * those of the unshuffled samples; entries within a network mean nothing.
 *
 * Where some positions are no samples, a pair of samples counts where both are: the sums between two networks are scaled
 * from the pairs that there were to the number of samples, so that a null is as wide as its own pairs make it
 * (exact where the batch was centred by the mean, else up to the product of two means' errors).
 *
 * A block that holds a single training image has nothing to rotate and adds nothing, which is what shuffled images
 * add on average.
 */
export class ShuffledProducts implements Resumable {
  readonly moments: JointMoments[];
  readonly #options: AccumulatorOptions;
  readonly #firstUnit: number[];
  readonly #total: number;
  readonly #sums: number[];
  readonly #random: Random;
  /** Of every shuffle and network but the last: pairs of samples since the last merge. */
  readonly #pairs: Float64Array;

  constructor(
    options: AccumulatorOptions,
    firstUnit: number[],
    { count, seed }: { count: number; seed: number },
  ) {
    this.#options = options;
    this.#firstUnit = firstUnit;
    this.#total = options.parts.reduce((sum, part) => sum + part.units, 0);
    this.moments = Array.from({ length: count }, () => createJointMoments(this.#total));
    this.#sums = this.moments.map(() => options.memory.reserve(this.#total * this.#total * 4));
    this.#random = createRandom(seed);
    this.#pairs = new Float64Array(count * (options.parts.length - 1));
  }

  save(state: StateWriter): void {
    state.put('random', this.#random.state());
    this.moments.forEach((moments, shuffle) => {
      putMoments(state.within(`${shuffle}`), moments);
    });
  }

  restore(state: StateReader): void {
    const random = new Int32Array(4);
    state.into('random', random);
    this.#random.setState(random);
    this.moments.forEach((moments, shuffle) => {
      takeMoments(state.within(`${shuffle}`), moments);
    });
  }

  /** What was added since the last merge. */
  saveSums(state: StateWriter): void {
    for (const shuffle of this.#sums.keys())
      state.putUpper(`null-${shuffle}`, this.#sumsOf(shuffle), this.#total);
    if (this.#options.mask) state.put('null-pairs', this.#pairs);
  }

  restoreSums(state: StateReader): void {
    for (const shuffle of this.#sums.keys())
      state.intoUpper(`null-${shuffle}`, this.#sumsOf(shuffle), this.#total);
    if (this.#options.mask) state.into('null-pairs', this.#pairs);
  }

  clear(): void {
    this.#pairs.fill(0);
    for (let shuffle = 0; shuffle < this.#sums.length; shuffle++) this.#sumsOf(shuffle).fill(0);
  }

  /**
   * Chooses the rotations of a block of training images in its first columns; the work multiplies them.
   *
   * @param masks which positions of each image are samples; null: all
   */
  add(
    packed: number,
    stride: number,
    images: number,
    masks: readonly Uint8Array[] | null = null,
  ): (() => Promise<void>) | null {
    if (images < 2) return null;
    const { parts } = this.#options;
    const turns = this.#sums.map(() => parts.slice(1).map(() => 1 + this.#random.nextInt(images - 1)));
    if (masks)
      turns.flat().forEach((turn, at) => {
        this.#pairs[at] += masks.reduce(
          (sum, mask, image) => sum + overlapOf(mask, masks[(image + turn) % images]),
          0,
        );
      });
    return async () => {
      for (const [shuffle, perNetwork] of turns.entries()) {
        for (const [network, turn] of perNetwork.entries())
          await this.#multiply(packed, stride, images, shuffle, network, turn);
      }
    };
  }

  merge(samples: number, shift: Float64Array, sums: Float64Array): void {
    if (this.#options.mask) this.#scale(samples);
    this.moments.forEach((moments, shuffle) =>
      mergeBatchProduct(moments, samples, shift, sums, this.#sumsOf(shuffle)),
    );
  }

  /** From the pairs of samples that there were to as many as there are samples. */
  #scale(samples: number): void {
    const { parts } = this.#options;
    const [networks, total] = [parts.length - 1, this.#total];
    this.#pairs.forEach((pairs, at) => {
      const [shuffle, network] = [Math.floor(at / networks), at % networks];
      const [first, sums] = [this.#firstUnit[network], this.#sumsOf(shuffle)];
      const end = first + parts[network].units;
      const scale = pairs > 0 ? samples / pairs : 0;
      for (let row = first; row < end; row++)
        for (let col = end; col < total; col++) sums[row * total + col] *= scale;
    });
  }

  /** One network's images against the later networks' images `turn` places on, wrapping at the end of the block. */
  async #multiply(
    packed: number,
    stride: number,
    images: number,
    shuffle: number,
    network: number,
    turn: number,
  ): Promise<void> {
    const { memory, parts, positions, product } = this.#options;
    const rows = parts[network].units;
    const firstRow = this.#firstUnit[network];
    const firstOther = firstRow + rows;
    const others = this.#total - firstOther;
    const total = this.#total;
    const into = memory.float32(
      this.#sums[shuffle] + (firstRow * total + firstOther) * 4,
      total * total - firstRow * total - firstOther,
    );
    const view = (row: number, image: number) => {
      const start = row * stride + image * positions;
      return memory.float32(packed + start * 4, total * stride - start);
    };
    const spans = [
      { from: 0, to: turn, count: images - turn },
      { from: images - turn, to: 0, count: turn },
    ];
    for (const { from, to, count } of spans) {
      const columns = count * positions;
      await product.cross(
        rows,
        others,
        columns,
        view(firstRow, from),
        view(firstOther, to),
        stride,
        into,
        total,
      );
    }
  }

  #sumsOf(shuffle: number): Float32Array {
    return this.#options.memory.float32(this.#sums[shuffle], this.#total ** 2);
  }
}
