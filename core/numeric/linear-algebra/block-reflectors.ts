import { part, transposed, type DenseLoops } from './dense-arithmetic.ts';

/** Reflectors applied at once: long enough for products to pay, short against the matrix. */
export const blockSize = 32;

/** Values that `applyReflectors` takes from its loops for so many rows. */
export function reflectorRoom(rows: number): number {
  return 2 * blockSize * (rows + blockSize);
}

/**
 * Applies Q = H_0 H_1 ... H_(k-1), H_i = I - v_i v_i^T, to vectors that lie as rows of X: X := X Q^T, so that each
 * row x becomes Q x. In blocks I - V T V^T with T upper triangular (Schreiber & Van
 * Loan 1989, doi:10.1137/0910005), so that the work is products. O(4 rows k n) less what the zeros save.
 *
 * @param k number of reflectors
 * @param reflectors [k x n] row i is v_i, zero before entry i; |v_i|^2 = 2, or all zeros for H = I
 * @param x [rows x n], changed in place
 */
export function applyReflectors(
  loops: DenseLoops,
  k: number,
  n: number,
  reflectors: Float64Array,
  rows: number,
  x: Float64Array,
): void {
  const block = new BlockReflector(loops, rows);
  const last = Math.floor((k - 1) / blockSize) * blockSize;
  for (let start = last; start >= 0; start -= blockSize)
    block.apply(start, Math.min(blockSize, k - start), n, reflectors, rows, x);
}

/** One block of reflectors at a time; keeps its arrays from block to block. */
export class BlockReflector {
  readonly #loops: DenseLoops;
  readonly #t: Float64Array;
  readonly #products: Float64Array;
  readonly #projected: Float64Array;
  readonly #turned: Float64Array;

  constructor(loops: DenseLoops, rows: number) {
    this.#loops = loops;
    this.#t = loops.float64(blockSize * blockSize);
    this.#products = loops.float64(blockSize * blockSize);
    this.#projected = loops.float64(rows * blockSize);
    this.#turned = loops.float64(rows * blockSize);
  }

  /**
   * Rows x of X [rows x n] become P x, or P^T x where asked, with P = H_start ... H_(start + count - 1) = I - V T V^T:
   * X -= (X V) op(T)^T V^T.
   */
  apply(
    start: number,
    count: number,
    n: number,
    reflectors: Float64Array,
    rows: number,
    x: Float64Array,
    isTransposed = false,
  ): void {
    if (rows === 0 || count === 0) return;
    const width = n - start;
    const v = part(reflectors, n, start, start);
    this.#triangularFactor(count, width, v.values, n);
    const target = part(x, n, 0, start);
    const projected = part(this.#projected.fill(0, 0, rows * count), count);
    this.#loops.multiplyAdd(rows, count, width, 1, target, { ...v, isTransposed: true }, projected);
    const turned = part(this.#turned.fill(0, 0, rows * count), count);
    // On rows, T acts as its transpose.
    const factor = { values: this.#t, ld: count, isTransposed: !isTransposed };
    this.#loops.multiplyAdd(rows, count, count, 1, projected, factor, turned);
    this.#loops.multiplyAdd(rows, width, count, -1, turned, v, target);
  }

  /** T [count x count], upper: column j is -T (V^T v_j) above a diagonal of ones. */
  #triangularFactor(count: number, width: number, v: Float64Array, ld: number): void {
    const [t, products] = [this.#t.fill(0), this.#products.fill(0)];
    const into = part(products, count);
    this.#loops.multiplyAdd(count, count, width, 1, part(v, ld), transposed(v, ld), into);
    for (let j = 0; j < count; j++) {
      t[j * count + j] = 1;
      for (let i = 0; i < j; i++) {
        let sum = 0;
        for (let l = i; l < j; l++) sum += t[i * count + l] * products[l * count + j];
        t[i * count + j] = -sum;
      }
    }
  }
}
