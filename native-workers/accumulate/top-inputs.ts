import type { TopInputs } from '#core/domain/result.ts';

/**
 * The k inputs that excite each unit most: for every image the unit's maximum over positions counts once, largest
 * first, ties to the earlier image. Memory O(units x k).
 */
export class TopInputCollector {
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
   * @param firstImage index of the batch's first image
   * @param maximum [images x units] maxima over positions
   * @param values [images x units x positions], searched only where a maximum enters the list
   */
  offer(
    firstImage: number,
    images: number,
    maximum: Float32Array,
    values: Float32Array,
    positions: number,
  ): void {
    const k = this.#k;
    for (let image = 0; image < images; image++) {
      for (let unit = 0; unit < this.#units; unit++) {
        const value = maximum[image * this.#units + unit];
        if (value > this.#value[unit * k + k - 1]) {
          const start = (image * this.#units + unit) * positions;
          const position = values.subarray(start, start + positions).indexOf(value);
          this.#insert(unit, firstImage + image, position, value);
        }
      }
    }
  }

  #insert(unit: number, image: number, position: number, value: number): void {
    const start = unit * this.#k;
    let slot = start + this.#k - 1;
    while (slot > start && value > this.#value[slot - 1]) {
      this.#image[slot] = this.#image[slot - 1];
      this.#position[slot] = this.#position[slot - 1];
      this.#value[slot] = this.#value[slot - 1];
      slot--;
    }
    this.#image[slot] = image;
    this.#position[slot] = position;
    this.#value[slot] = value;
  }

  /** Unfilled places (fewer than k images) have image and position -1 and value 0. */
  finish(): TopInputs {
    const value = this.#value.map((entry) => (entry === -Infinity ? 0 : entry));
    return { k: this.#k, image: this.#image.slice(), position: this.#position.slice(), value };
  }
}
