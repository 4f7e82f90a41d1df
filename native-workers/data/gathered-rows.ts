import type { ArrayBytes } from './arrays/array-container.ts';

/** The array is read in pieces of about this size. */
const pieceBytes = 2 ** 20;

/**
 * Rows of an array in another order than they lie in: for as many as are asked for at once, the array is read from its
 * start in large pieces, because a call of the system for every row takes longer than all else that is done with it.
 */
export class GatheredRows {
  readonly #readAt: NonNullable<ArrayBytes['readAt']>;
  readonly #rowBytes: number;
  /** Where in the order every row comes. */
  readonly #place: Int32Array;
  readonly #pieceRows: number;

  /** @param order a permutation of the first rows */
  constructor(readAt: NonNullable<ArrayBytes['readAt']>, rowBytes: number, order: Int32Array) {
    this.#readAt = readAt;
    this.#rowBytes = rowBytes;
    this.#place = new Int32Array(order.length);
    order.forEach((row, place) => (this.#place[row] = place));
    this.#pieceRows = Math.max(1, Math.floor(pieceBytes / rowBytes));
  }

  /** Fills `into` with the rows of the order from its `first`th on. */
  async read(first: number, into: Uint8Array): Promise<void> {
    const size = this.#rowBytes;
    const end = first + into.length / size;
    const rows = this.#place.length;
    const piece = Buffer.allocUnsafeSlow(Math.min(rows, this.#pieceRows) * size);
    for (let row = 0; row < rows; row += this.#pieceRows) {
      const places = this.#place.subarray(row, row + this.#pieceRows);
      if (!places.some((place) => place >= first && place < end)) continue;
      const bytes = piece.subarray(0, places.length * size);
      await this.#readAt(row * size, bytes);
      for (let at = 0; at < places.length; at++) {
        if (places[at] < first || places[at] >= end) continue;
        bytes.copy(into, (places[at] - first) * size, at * size, (at + 1) * size);
      }
    }
  }
}
