import { createRandom, sampleWithoutReplacement } from '#core/random.ts';
import type { AccumulatorPart } from './layer-accumulator.ts';
import type { KernelMemory } from './pack-units.ts';
import type { Resumable, StateReader, StateWriter } from './saved-state.ts';
import { inputGrid, shrinkInput, type InputGrid, type InputShape } from './input-grid.ts';

/** Training images that averages are taken over, at most. */
const mostImages = 4096;

export interface AverageInputResult extends InputGrid {
  /** Images averaged. */
  images: number;
  /** [joint units x (channels x rows x cols)]: see `AverageInputs`. */
  values: Float32Array;
}

/** Sums over averaged images, of units' and pixels' values less those of one image. */
export interface AverageSums {
  /** Images summed. */
  n: number;
  units: Float64Array;
  squares: Float64Array;
  pixels: Float64Array;
  /** [units x pixels] */
  products: Float64Array;
}

/**
 * What an input looks like when a unit is active, for every joint unit u of a layer and pixel p:
 *
 *   A[u, p] = mean over images of z[u, i] (x[p, i] - mean x[p]),   z[u, i] = (y[u, i] - mean y[u]) / sd(y[u])
 *
 * the activation-weighted average of the inputs with the plain average taken away (the spike-triggered average of
 * neurophysiology), in the inputs' own numbers (as the network reads them). y is the unit's mean over the positions
 * that are samples, sd the population deviation. A is linear in z: the average input of a set of units is the mean of
 * their rows. A unit that is constant over the images has a row of zeros.
 *
 * The images are a seeded uniform choice of the training fold, at most 4096; inputs are first shrunk to at most 64 x 64
 * means of square patches. Float64 sums of values less those of the first image, so a large mean costs no accuracy.
 * O(images x units x pixels).
 */
export class AverageInputs implements Resumable {
  readonly #parts: AccumulatorPart[];
  readonly #positions: number;
  readonly #memory: KernelMemory;
  readonly #shape: InputShape;
  readonly #grid: InputGrid;
  readonly #chosen: Set<number>;
  readonly #pixels: number;
  /** Of the first chosen image: what is taken from all values before they are summed. */
  #first: { units: Float64Array; pixels: Float64Array } | null = null;
  readonly #units: Float64Array;
  readonly #small: Float64Array;
  readonly #unitSum: Float64Array;
  readonly #unitSquares: Float64Array;
  readonly #pixelSum: Float64Array;
  readonly #products: Float64Array;
  #seen = 0;
  #taken = 0;

  /** Null where the inputs are no images, or too many units would leave too few pixels: see `inputGrid`. */
  static of(
    layer: { parts: AccumulatorPart[]; positions: number; memory: KernelMemory },
    shape: InputShape,
    trainImages: number,
    seed: number,
  ): AverageInputs | null {
    const units = layer.parts.reduce((sum, part) => sum + part.units, 0);
    const grid = inputGrid(shape, units);
    return grid && new AverageInputs(layer, shape, grid, trainImages, seed);
  }

  private constructor(
    layer: { parts: AccumulatorPart[]; positions: number; memory: KernelMemory },
    shape: InputShape,
    grid: InputGrid,
    trainImages: number,
    seed: number,
  ) {
    this.#parts = layer.parts;
    this.#positions = layer.positions;
    this.#memory = layer.memory;
    this.#shape = shape;
    this.#grid = grid;
    const count = Math.min(mostImages, trainImages);
    this.#chosen = new Set(sampleWithoutReplacement(trainImages, count, createRandom(seed)));
    const units = layer.parts.reduce((sum, part) => sum + part.units, 0);
    this.#pixels = grid.channels * grid.rows * grid.cols;
    this.#units = new Float64Array(units);
    this.#small = new Float64Array(this.#pixels);
    this.#unitSum = new Float64Array(units);
    this.#unitSquares = new Float64Array(units);
    this.#pixelSum = new Float64Array(this.#pixels);
    this.#products = new Float64Array(units * this.#pixels);
  }

  /** Passes over training images that another shard reads, before the first that is added here. */
  skip(images: number): void {
    this.#seen = images;
  }

  /** Takes what was chosen of the batch: activations at the parts' addresses, inputs [images x values]; 0 = training. */
  add(images: number, folds: Uint8Array, inputs: Float32Array): void {
    const { values } = this.#shape;
    for (let image = 0; image < images; image++) {
      if (folds[image] !== 0) continue;
      if (!this.#chosen.has(this.#seen++)) continue;
      this.#poolUnits(image);
      shrinkInput(
        inputs.subarray(image * values, (image + 1) * values),
        this.#shape,
        this.#grid,
        this.#small,
      );
      this.#first ??= { units: this.#units.slice(), pixels: this.#small.slice() };
      this.#addSums(this.#first);
      this.#taken++;
    }
  }

  save(state: StateWriter): void {
    state.put('counters', Float64Array.of(this.#seen, this.#taken));
    if (this.#first) {
      state.put('first-units', this.#first.units);
      state.put('first-pixels', this.#first.pixels);
    }
    for (const [name, sums] of this.#sums()) state.put(name, sums);
  }

  restore(state: StateReader): void {
    const counters = new Float64Array(2);
    state.into('counters', counters);
    [this.#seen, this.#taken] = counters;
    if (this.#taken > 0) {
      this.#first = { units: new Float64Array(this.#units.length), pixels: new Float64Array(this.#pixels) };
      state.into('first-units', this.#first.units);
      state.into('first-pixels', this.#first.pixels);
    }
    for (const [name, sums] of this.#sums()) state.into(name, sums);
  }

  finish(): AverageInputResult {
    return { ...this.#grid, images: this.#taken, values: averageOf(this.sums) };
  }

  /** Of the images taken: sums of the values less those of the first of them. */
  get sums(): AverageSums {
    return {
      n: this.#taken,
      units: this.#unitSum,
      squares: this.#unitSquares,
      pixels: this.#pixelSum,
      products: this.#products,
    };
  }

  /** The first image taken; null where there was none. */
  get first(): { units: Float64Array; pixels: Float64Array } | null {
    return this.#first;
  }

  get grid(): InputGrid {
    return this.#grid;
  }

  #sums(): [string, Float64Array][] {
    return [
      ['unit-sum', this.#unitSum],
      ['unit-squares', this.#unitSquares],
      ['pixel-sum', this.#pixelSum],
      ['products', this.#products],
    ];
  }

  #poolUnits(image: number): void {
    const positions = this.#positions;
    let joint = 0;
    for (const { source, units } of this.#parts) {
      const values = this.#memory.float32(source + image * units * positions * 4, units * positions);
      for (let unit = 0, at = 0; unit < units; unit++, joint++) {
        let sum = 0;
        for (let position = 0; position < positions; position++, at++) sum += values[at];
        this.#units[joint] = sum / positions;
      }
    }
  }

  #addSums(first: { units: Float64Array; pixels: Float64Array }): void {
    const [units, small, pixels, products] = [this.#units, this.#small, this.#pixels, this.#products];
    for (let pixel = 0; pixel < pixels; pixel++) {
      small[pixel] -= first.pixels[pixel];
      this.#pixelSum[pixel] += small[pixel];
    }
    for (let unit = 0; unit < units.length; unit++) {
      const value = units[unit] - first.units[unit];
      if (value === 0) continue;
      this.#unitSum[unit] += value;
      this.#unitSquares[unit] += value * value;
      for (let pixel = 0, at = unit * pixels; pixel < pixels; pixel++, at++)
        products[at] += value * small[pixel];
    }
  }
}

/** The average inputs that sums tell, see `AverageInputs`; [joint units x pixels]. */
export function averageOf({ n, units, squares, pixels, products }: AverageSums): Float32Array {
  const values = new Float32Array(products.length);
  for (let unit = 0; unit < units.length && n > 0; unit++) {
    const mean = units[unit] / n;
    const variance = squares[unit] / n - mean * mean;
    // Rounding of a constant unit leaves about 1e-16 of its squares.
    if (!(variance > 1e-12 * (squares[unit] / n))) continue;
    const scale = 1 / Math.sqrt(variance);
    for (let pixel = 0, at = unit * pixels.length; pixel < pixels.length; pixel++, at++)
      values[at] = scale * (products[at] / n - (mean * pixels[pixel]) / n);
  }
  return values;
}
