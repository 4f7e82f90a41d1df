import type { TopInputs } from '#core/domain/result.ts';
import type { Resumable, StateReader, StateWriter } from './saved-state.ts';

/**
 * The k inputs that excite each unit most: for every image the unit's maximum over positions counts once, largest
 * first, ties to the earlier image. Memory O(units x k).
 */
export class TopInputCollector implements Resumable {
  readonly #k: number;
  readonly #units: number;
  readonly #image: Int32Array;
  readonly #position: Int32Array;
  readonly #value: Float32Array;

  constructor(units: number, k: number) {
    this.#k = k;
    this.#units = units;
    this.#image = new Int32Array(units * k).fill(-1);
    this.#position = new Int32Array(units * k).fill(-1);
    this.#value = new Float32Array(units * k).fill(-Infinity);
  }

  /**
   * @param images indices of the batch's images, in any order over the batches
   * @param maximum [images x units] maxima over positions
   * @param values [images x units x positions], searched only where a maximum enters the list
   * @param mask [images x positions], 0 where a position is no sample; null: all are
   */
  offer(
    images: Int32Array,
    maximum: Float32Array,
    values: Float32Array,
    positions: number,
    mask: Uint8Array | null = null,
  ): void {
    this.offerAt(images, maximum, (at) => {
      const image = Math.floor(at / this.#units);
      const found = values.subarray(at * positions, (at + 1) * positions);
      return placeOf(maximum[at], found, mask?.subarray(image * positions, (image + 1) * positions));
    });
  }

  /** @param positionOf the position of a maximum, asked for only where it enters the list */
  offerAt(images: Int32Array, maximum: Float32Array, positionOf: (at: number) => number): void {
    const [units, k, best] = [this.#units, this.#k, this.#value];
    for (let index = 0, at = 0; index < images.length; index++) {
      const image = images[index];
      for (let unit = 0, last = k - 1; unit < units; unit++, at++, last += k) {
        const value = maximum[at];
        if (!(value >= best[last]) || (value === best[last] && image > this.#image[last])) continue;
        this.#insert(unit, image, positionOf(at), value);
      }
    }
  }

  save(state: StateWriter): void {
    state.put('image', this.#image);
    state.put('position', this.#position);
    state.put('value', this.#value);
  }

  restore(state: StateReader): void {
    state.into('image', this.#image);
    state.into('position', this.#position);
    state.into('value', this.#value);
  }

  /** Ties keep the earlier image first, whatever the order they come in. */
  #insert(unit: number, image: number, position: number, value: number): void {
    const start = unit * this.#k;
    let slot = start + this.#k - 1;
    while (slot > start && this.#isAfter(slot - 1, image, value)) {
      this.#image[slot] = this.#image[slot - 1];
      this.#position[slot] = this.#position[slot - 1];
      this.#value[slot] = this.#value[slot - 1];
      slot--;
    }
    this.#image[slot] = image;
    this.#position[slot] = position;
    this.#value[slot] = value;
  }

  #isAfter(slot: number, image: number, value: number): boolean {
    return this.#value[slot] < value || (this.#value[slot] === value && this.#image[slot] > image);
  }

  /** Unfilled places (fewer than k images) have image and position -1 and value 0. */
  finish(): TopInputs {
    const value = this.#value.map((entry) => (entry === -Infinity ? 0 : entry));
    return { k: this.#k, image: this.#image.slice(), position: this.#position.slice(), value };
  }
}

function placeOf(value: number, values: Float32Array, mask: Uint8Array | undefined): number {
  let place = values.indexOf(value);
  while (mask && place >= 0 && mask[place] === 0) place = values.indexOf(value, place + 1);
  return place;
}
