import { createRandom, sampleWithoutReplacement } from '#core/random.ts';
import { KeptSample } from './kept-sample.ts';
import type { AccumulatorPart } from './layer-accumulator.ts';
import type { KernelMemory } from './pack-units.ts';
import type { Resumable, StateReader, StateWriter } from './saved-state.ts';

/**
 * A seeded uniform sample of one layer's training samples, the same (image, position) for every network: all of them
 * where they fit the budget. Values are kept unit by unit.
 */
export class ActivationSample extends KeptSample implements Resumable {
  readonly #parts: AccumulatorPart[];
  readonly #positions: number;
  readonly #memory: KernelMemory;
  readonly #mask: number;
  /** Indices of kept samples among the training samples in reading order, ascending. */
  readonly #chosen: Uint32Array;
  /** Of the kept samples, the first that is read here, and the next. */
  #from = 0;
  #next = 0;
  #seen = 0;

  /** @param total samples of the training fold; @param rows samples wanted, at most all */
  constructor(
    layer: { parts: AccumulatorPart[]; positions: number; mask?: number; memory: KernelMemory },
    total: number,
    rows: number,
    seed: number,
  ) {
    super(
      layer.parts.reduce((sum, part) => sum + part.units, 0),
      Math.min(rows, total),
    );
    this.#parts = layer.parts;
    this.#positions = layer.positions;
    this.#memory = layer.memory;
    this.#mask = layer.mask ?? 0;
    this.#chosen =
      this.rows === total
        ? Uint32Array.from({ length: total }, (_, index) => index)
        : sampleWithoutReplacement(total, this.rows, createRandom(seed));
  }

  /** Passes over training samples that other shards read, before the first that is added here. */
  skip(samples: number): void {
    this.#seen = samples;
    while (this.#next < this.rows && this.#chosen[this.#next] < this.#seen) this.#next++;
    this.#from = this.#next;
  }

  /** The samples kept since `skip`, [joint units x count], and their place among all. */
  part(): { from: number; values: Float32Array } {
    const [from, count] = [this.#from, this.#next - this.#from];
    const values = new Float32Array(count * this.units);
    for (let unit = 0; unit < this.units; unit++)
      values.set(this.unit(unit).subarray(from, this.#next), unit * count);
    return { from, values };
  }

  /** Takes what was chosen of the batch at the parts' source addresses; `folds` 0 = training. */
  add(images: number, folds: Uint8Array): void {
    const first = this.#next;
    /** Of every kept sample, its image and position. */
    const [imageOf, placeOf]: [number[], number[]] = [[], []];
    for (let image = 0; image < images; image++) {
      if (folds[image] !== 0) continue;
      const places = this.#placesOf(image);
      const count = places?.length ?? this.#positions;
      for (; this.#next < this.rows && this.#chosen[this.#next] < this.#seen + count; this.#next++) {
        const at = this.#chosen[this.#next] - this.#seen;
        imageOf.push(image);
        placeOf.push(places ? places[at] : at);
      }
      this.#seen += count;
    }
    this.#take(first, imageOf, placeOf);
  }

  save(state: StateWriter): void {
    state.put('counters', Float64Array.of(this.#next, this.#seen));
    state.putPieces('values', 'float32', this.units * (this.#next - this.#from), this.#taken());
  }

  restore(state: StateReader): void {
    const counters = new Float64Array(2);
    state.into('counters', counters);
    [this.#next, this.#seen] = counters;
    state.intoPieces('values', this.units * (this.#next - this.#from), this.#taken());
  }

  /** What was kept so far, unit by unit. */
  #taken(): Float32Array[] {
    return Array.from({ length: this.units }, (_, unit) => this.unit(unit).subarray(this.#from, this.#next));
  }

  /** The positions of an image that are samples; null: all. */
  #placesOf(image: number): number[] | null {
    if (!this.#mask) return null;
    const mask = this.#memory.uint8(this.#mask + image * this.#positions, this.#positions);
    return [...mask.keys()].filter((place) => mask[place] !== 0);
  }

  /** Unit by unit, so that what is written lies side by side. */
  #take(first: number, imageOf: readonly number[], placeOf: readonly number[]): void {
    const positions = this.#positions;
    const images = (imageOf.at(-1) ?? -1) + 1;
    let out = first;
    for (const { source, units } of this.#parts) {
      const values = this.#memory.float32(source, images * units * positions);
      const from = imageOf.map((image, at) => image * units * positions + placeOf[at]);
      for (let unit = 0; unit < units; unit++, out += this.rows) {
        const start = unit * positions;
        for (let at = 0; at < from.length; at++) this.values[out + at] = values[from[at] + start];
      }
    }
  }
}
