import { blockSize } from './block-reflectors.ts';
import { part, transposed, type DenseLoops } from './dense-arithmetic.ts';
import { reflect } from './reflector.ts';

/** Values that `reduceToTridiagonal` takes from its loops. */
export function tridiagonalRoom(n: number): number {
  return 4 * blockSize * n + 3 * n + 4 * blockSize;
}

export interface Tridiagonal {
  diagonal: Float64Array;
  /** [n] entry i couples i - 1 and i; entry 0 is 0 */
  offDiagonal: Float64Array;
}

/**
 * Householder reduction of a symmetric matrix to tridiagonal form, A = Q T Q^T with Q = H_0 H_1 ... H_(n-2), in panels:
 * the rows of a panel are brought up to date one by one, the rest by one product of rank 2 x panel (Dongarra, Sorensen
 * & Hammarling 1989, doi:10.1016/0377-0427(89)90367-1). Half of the O(4/3 n^3) are such products, half products of the
 * trailing matrix with a vector.
 *
 * @param a [n x n] the upper triangle is read; becomes the reflectors: row k is v_k, zero up to entry k, |v_k|^2 = 2
 */
export function reduceToTridiagonal(loops: DenseLoops, n: number, a: Float64Array): Tridiagonal {
  const panel = new Panel(loops, n, a);
  for (let start = 0; start < n; start += blockSize) panel.reduce(start, Math.min(blockSize, n - start));
  return { diagonal: panel.diagonal, offDiagonal: panel.offDiagonal };
}

class Panel {
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
  readonly #loops: DenseLoops;
  readonly #n: number;
  readonly #a: Float64Array;
  /** Rows v, w, v, w ... of the panel's reflectors and of their counterparts w = p - (p.v / 2) v. */
  readonly #pairs: Float64Array;
  /** The same with each pair exchanged. */
  readonly #swapped: Float64Array;
  readonly #product: Float64Array;
  readonly #vector: Float64Array;
  readonly #factors: Float64Array;

  constructor(loops: DenseLoops, n: number, a: Float64Array) {
    this.#loops = loops;
    this.#n = n;
    this.#a = a;
    this.diagonal = new Float64Array(n);
    this.offDiagonal = new Float64Array(n);
    this.#pairs = loops.float64(2 * blockSize * n);
    this.#swapped = loops.float64(2 * blockSize * n);
    this.#product = loops.float64(n);
    this.#vector = loops.float64(n);
    this.#factors = loops.float64(2 * blockSize);
  }

  reduce(start: number, count: number): void {
    const n = this.#n;
    for (let step = 0; step < count; step++) {
      const k = start + step;
      const row = this.#a.subarray(k * n, (k + 1) * n);
      this.#update(step, k, row);
      this.diagonal[k] = row[k];
      row.fill(0, 0, k + 1);
      if (k + 1 === n) return;
      this.offDiagonal[k + 1] = reflect(n - k - 1, row.subarray(k + 1));
      this.#addPair(step, k, row);
    }
    this.#updateTrailing(start + count, count);
  }

  /** Row k less what the panel's earlier reflectors do to it. */
  #update(step: number, k: number, row: Float64Array): void {
    if (step === 0) return;
    const n = this.#n;
    const factors = this.#factors;
    for (let r = 0; r < 2 * step; r++) factors[r] = -this.#swapped[r * n + k];
    this.#loops.addRows(2 * step, n - k, part(this.#pairs, n, 0, k), factors, row.subarray(k));
  }

  /** w = p - (p.v / 2) v with p = A v, A the trailing matrix as it would be now. */
  #addPair(step: number, k: number, row: Float64Array): void {
    const n = this.#n;
    const from = k + 1;
    const v = this.#vector;
    v.set(row.subarray(from));
    const p = this.#product;
    this.#loops.symmetricTimes(n - from, part(this.#a, n, from, from), v, p);
    if (step > 0) {
      const factors = this.#factors;
      this.#loops.rowsTimes(2 * step, n - from, part(this.#swapped, n, 0, from), v, factors);
      for (let r = 0; r < 2 * step; r++) factors[r] = -factors[r];
      this.#loops.addRows(2 * step, n - from, part(this.#pairs, n, 0, from), factors, p);
    }
    let projection = 0;
    for (let i = 0; i < n - from; i++) projection += p[i] * v[i];
    const half = projection / 2;
    const [one, other] = [2 * step * n, (2 * step + 1) * n];
    for (let i = 0; i < n - from; i++) {
      const w = p[i] - half * v[i];
      this.#pairs[one + from + i] = this.#swapped[other + from + i] = v[i];
      this.#pairs[other + from + i] = this.#swapped[one + from + i] = w;
    }
  }

  /** A -= sum of v w^T + w v^T, in blocks of rows of the upper triangle. */
  #updateTrailing(from: number, count: number): void {
    const n = this.#n;
    for (let top = from; top < n; top += 2 * blockSize) {
      const height = Math.min(2 * blockSize, n - top);
      const left = transposed(this.#pairs, n, 0, top);
      const right = part(this.#swapped, n, 0, top);
      this.#loops.multiplyAdd(height, n - top, 2 * count, -1, left, right, part(this.#a, n, top, top));
    }
  }
}
