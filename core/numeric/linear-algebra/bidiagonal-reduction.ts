import { blockSize } from './block-reflectors.ts';
import { part, transposed, type DenseLoops } from './dense-arithmetic.ts';
import { reflect } from './reflector.ts';

/** Values that `reduceToBidiagonal` takes from its loops. */
export function bidiagonalRoom(n: number): number {
  return n * n + 4 * blockSize * n + 4 * n + 2 * blockSize;
}

export interface Bidiagonal {
  diagonal: Float64Array;
  /** [n] entry i is in row i - 1 and column i; entry 0 is 0 */
  superDiagonal: Float64Array;
  /** [n x n] row k is the left reflector v_k, zero before entry k, |v_k|^2 = 2 */
  left: Float64Array;
}

/**
 * Householder reduction of a square matrix to upper bidiagonal form, A = P B Q^T with P = H_0 H_1 ... of the left and
 * Q = G_0 G_1 ... of the right reflectors (Golub & Kahan 1965, doi:10.1137/0702016), in panels: a panel's rows and
 * columns are brought up to date one by one, the rest by one product of rank 2 x panel (Dongarra, Sorensen & Hammarling
 * 1989, doi:10.1016/0377-0427(89)90367-1). Half of the O(8/3 n^3) are such products, half products of the trailing
 * matrix and of its transpose with a vector.
 *
 * @param a [n x n], becomes the right reflectors: row k is u_k, zero up to entry k
 */
export function reduceToBidiagonal(loops: DenseLoops, n: number, a: Float64Array): Bidiagonal {
  const panel = new Panel(loops, n, a);
  for (let start = 0; start < n; start += blockSize) panel.reduce(start, Math.min(blockSize, n - start));
  return panel;
}

class Panel implements Bidiagonal {
  readonly diagonal: Float64Array;
  readonly superDiagonal: Float64Array;
  readonly left: Float64Array;
  readonly #loops: DenseLoops;
  readonly #n: number;
  readonly #a: Float64Array;
  /** Rows v, x, v, x ... of the panel: the matrix as it would be now is A less the sum of v y^T and x u^T. */
  readonly #columns: Float64Array;
  /** Rows y, u, y, u ... */
  readonly #rows: Float64Array;
  readonly #vector: Float64Array;
  readonly #product: Float64Array;
  readonly #factors: Float64Array;

  constructor(loops: DenseLoops, n: number, a: Float64Array) {
    this.#loops = loops;
    this.#n = n;
    this.#a = a;
    this.diagonal = new Float64Array(n);
    this.superDiagonal = new Float64Array(n);
    this.left = loops.float64(n * n);
    this.#columns = loops.float64(2 * blockSize * n);
    this.#rows = loops.float64(2 * blockSize * n);
    this.#vector = loops.float64(n);
    this.#product = loops.float64(n);
    this.#factors = loops.float64(2 * blockSize);
  }

  reduce(start: number, count: number): void {
    for (let step = 0; step < count; step++) {
      this.#reflectColumn(2 * step, start + step);
      this.#reflectRow(2 * step + 1, start + step);
    }
    const n = this.#n;
    const from = start + count;
    if (from === n) return;
    const [left, right] = [transposed(this.#columns, n, 0, from), part(this.#rows, n, 0, from)];
    const into = part(this.#a, n, from, from);
    this.#loops.multiplyAdd(n - from, n - from, 2 * count, -1, left, right, into);
  }

  /** v from column k, and y = A^T v of the columns behind it. */
  #reflectColumn(known: number, k: number): void {
    const n = this.#n;
    const height = n - k;
    const v = this.left.subarray(k * n + k, (k + 1) * n);
    for (let i = 0; i < height; i++) v[i] = this.#a[(k + i) * n + k];
    this.#subtract(known, height, this.#columns, k, this.#column(this.#rows, known, k), v);
    this.diagonal[k] = reflect(height, v);
    this.#columns.set(v, known * n + k);
    const width = height - 1;
    if (width === 0) return;
    const y = this.#product.fill(0, 0, width);
    this.#loops.addRows(height, width, part(this.#a, n, k, k + 1), v, y);
    this.#loops.rowsTimes(known, height, part(this.#columns, n, 0, k), v, this.#factors);
    this.#subtract(known, width, this.#rows, k + 1, this.#factors, y);
    this.#rows.set(y.subarray(0, width), known * n + k + 1);
  }

  /** u from row k behind the diagonal, and x = A u of the rows below. */
  #reflectRow(known: number, k: number): void {
    const n = this.#n;
    const row = this.#a.subarray(k * n, (k + 1) * n);
    row.fill(0, 0, k + 1);
    const width = n - k - 1;
    if (width === 0) return;
    this.#subtract(
      known,
      width,
      this.#rows,
      k + 1,
      this.#column(this.#columns, known, k),
      row.subarray(k + 1),
    );
    this.superDiagonal[k + 1] = reflect(width, row.subarray(k + 1));
    const u = this.#vector;
    u.set(row.subarray(k + 1));
    this.#rows.set(row.subarray(k + 1), known * n + k + 1);
    const x = this.#product;
    this.#loops.rowsTimes(width, width, part(this.#a, n, k + 1, k + 1), u, x);
    this.#loops.rowsTimes(known, width, part(this.#rows, n, 0, k + 1), u, this.#factors);
    this.#subtract(known, width, this.#columns, k + 1, this.#factors, x);
    this.#columns.set(x.subarray(0, width), known * n + k + 1);
  }

  /** Entry k of the panel's first `known` rows. */
  #column(rows: Float64Array, known: number, k: number): Float64Array {
    for (let r = 0; r < known; r++) this.#factors[r] = rows[r * this.#n + k];
    return this.#factors;
  }

  /** into -= the panel's first `known` rows from column `from` on, times the factors, which change their sign. */
  #subtract(
    known: number,
    width: number,
    rows: Float64Array,
    from: number,
    factors: Float64Array,
    into: Float64Array,
  ): void {
    for (let r = 0; r < known; r++) factors[r] = -factors[r];
    this.#loops.addRows(known, width, part(rows, this.#n, 0, from), factors, into);
  }
}
