import type { DenseLoops } from './dense-arithmetic.ts';
import { implicitQl } from './implicit-ql.ts';
import { combineRows, groupBySide, rotateRows, side, type Halves } from './merged-rows.ts';
import { consistentWeights, plainPoles, secularRoot } from './secular-equation.ts';
import type { Tridiagonal } from './tridiagonal-reduction.ts';

/** Problems of up to this size are solved by QL. */
const leafSize = 24;
/** Multiple of the rounding error of the largest entry that counts as nothing. */
const deflation = 8;

/** Values that `tridiagonalEigen` takes from its loops. */
export function tridiagonalEigenRoom(n: number): number {
  return 3 * n * n + n;
}

/**
 * Eigenvalues and vectors of a symmetric tridiagonal matrix by divide and conquer: two halves, joined by a rank-one
 * matrix, are solved alone; the secular equation gives the values of the whole (Cuppen 1981, doi:10.1007/BF01396757),
 * vectors made of recomputed weights are orthogonal without more (Gu & Eisenstat 1995,
 * doi:10.1137/S0895479892241287). Values whose weight is nothing, and one of two equal ones, stay as they are.
 *
 * Backward stable: residuals and lost orthogonality are a modest multiple of n epsilon times the largest entry; small
 * eigenvalues have no relative accuracy. O(4/3 n^3) in products, less what stays, and O(n^2).
 *
 * @param diagonal [n], becomes the eigenvalues, in no order
 * @param offDiagonal [n], entry i couples i - 1 and i
 * @returns vectors [n x n] as rows, row k belongs to diagonal[k]; an array as large that is not used any more
 */
export function tridiagonalEigen(
  loops: DenseLoops,
  n: number,
  { diagonal, offDiagonal }: Tridiagonal,
): { vectors: Float64Array; spare: Float64Array } {
  return new Division(loops, n, diagonal, offDiagonal).run();
}

class Division {
  readonly #loops: DenseLoops;
  readonly #n: number;
  readonly #d: Float64Array;
  readonly #e: Float64Array;
  readonly #x: Float64Array;
  readonly #scratch: Float64Array;
  readonly #s: Float64Array;

  constructor(loops: DenseLoops, n: number, d: Float64Array, e: Float64Array) {
    this.#loops = loops;
    this.#n = n;
    this.#d = d;
    this.#e = e;
    this.#x = loops.float64(n * n);
    this.#scratch = loops.float64(n * n);
    this.#s = loops.float64(n * n);
  }

  run(): { vectors: Float64Array; spare: Float64Array } {
    if (this.#n > 0) this.#solve(0, this.#n);
    return { vectors: this.#x, spare: this.#scratch };
  }

  #solve(start: number, count: number): void {
    if (count <= leafSize) {
      this.#solveLeaf(start, count);
      return;
    }
    const half = count >> 1;
    const middle = start + half;
    const coupling = this.#e[middle];
    const strength = Math.abs(coupling);
    this.#d[middle - 1] -= strength;
    this.#d[middle] -= strength;
    this.#solve(start, half);
    this.#solve(middle, count - half);
    this.#merge(start, middle, start + count, strength, coupling < 0 ? -1 : 1);
  }

  #solveLeaf(start: number, count: number): void {
    const vectors = new Float64Array(count * count);
    for (let i = 0; i < count; i++) vectors[i * count + i] = 1;
    const couplings = this.#e.slice(start, start + count);
    implicitQl(count, this.#d.subarray(start, start + count), couplings, vectors);
    for (let i = 0; i < count; i++)
      this.#x.set(vectors.subarray(i * count, (i + 1) * count), (start + i) * this.#n + start);
  }

  /** diag(d) + strength u u^T in the basis of both halves, u = (last entries of the left, sign first of the right). */
  #merge(start: number, middle: number, end: number, strength: number, sign: number): void {
    const n = this.#n;
    const halves = { leftStart: start, leftEnd: middle, rightStart: middle, rightEnd: end };
    const count = end - start;
    // |u|^2 = 2
    const rho = 2 * strength;
    const z = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const isLeft = start + i < middle;
      z[i] = (isLeft ? 1 : sign) * this.#x[(start + i) * n + (isLeft ? middle - 1 : middle)] * Math.SQRT1_2;
    }
    const { active, sides, kept } = this.#deflate(start, middle, z, rho, halves);
    const k = active.length;
    const poles = Float64Array.from(active, (row) => this.#d[row]);
    const values = new Float64Array(count);
    const grouping = groupBySide(active, sides);
    this.#solveSecular(
      poles,
      Float64Array.from(active, (row) => z[row - start]),
      rho,
      grouping.place,
      values,
    );
    kept.forEach((row, at) => (values[k + at] = this.#d[row]));
    combineRows(this.#loops, n, this.#x, halves, grouping, this.#s, kept, start, this.#scratch);
    this.#d.set(values, start);
  }

  /** The rows that take part, by ascending value, and those that stay; equal values are turned so that one stays. */
  #deflate(start: number, middle: number, z: Float64Array, rho: number, halves: Halves) {
    const d = this.#d;
    const order = [...z.keys()].sort((i, j) => d[start + i] - d[start + j] || i - j);
    const largest = order.reduce((most, i) => Math.max(most, Math.abs(d[start + i]), Math.abs(z[i])), 0);
    const tolerance = deflation * Number.EPSILON * largest;
    const sideOf = Array.from(z, (_, i) => (start + i < middle ? side.left : side.right) as number);
    const active: number[] = [];
    const kept: number[] = [];
    let previous = -1;
    for (const i of order) {
      if (rho * Math.abs(z[i]) <= tolerance) {
        kept.push(start + i);
        continue;
      }
      if (previous >= 0 && this.#areEqual(start, previous, i, z, tolerance, halves)) {
        if (sideOf[previous] !== sideOf[i]) sideOf[i] = sideOf[previous] = side.both;
        kept.push(start + previous);
      } else if (previous >= 0) active.push(start + previous);
      previous = i;
    }
    if (previous >= 0) active.push(start + previous);
    return { active, sides: active.map((row) => sideOf[row - start]), kept };
  }

  /** Whether two values are so close that a rotation, applied here, takes the first one's weight to the second. */
  #areEqual(
    start: number,
    i: number,
    j: number,
    z: Float64Array,
    tolerance: number,
    halves: Halves,
  ): boolean {
    const d = this.#d;
    const weight = Math.hypot(z[i], z[j]);
    const [c, s] = [z[j] / weight, -z[i] / weight];
    const difference = d[start + j] - d[start + i];
    if (Math.abs(difference * c * s) > tolerance) return false;
    z[j] = weight;
    z[i] = 0;
    rotateRows(this.#n, this.#x, start + i, start + j, c, s, halves);
    const [di, dj] = [d[start + i], d[start + j]];
    d[start + i] = di * c * c + dj * s * s;
    d[start + j] = di * s * s + dj * c * c;
    return true;
  }

  /** Eigenvalues into `values`, coefficients of the vectors into rows of S. */
  #solveSecular(
    d: Float64Array,
    z: Float64Array,
    rho: number,
    place: Int32Array,
    values: Float64Array,
  ): void {
    const k = d.length;
    if (k === 0) return;
    const length = z.reduce((sum, value) => sum + value * value, 0);
    const weights = z.map((value) => (value * value) / length);
    const poles = plainPoles(d, k);
    const s = this.#s;
    for (let j = 0; j < k; j++) {
      const { origin, offset } = secularRoot(poles, weights, rho * length, j, s.subarray(j * k, (j + 1) * k));
      values[j] = d[origin] + offset;
    }
    const consistent = consistentWeights(poles, s.subarray(0, k * k));
    for (let i = 0; i < k; i++) if (z[i] < 0) consistent[i] = -consistent[i];
    const row = new Float64Array(k);
    for (let j = 0; j < k; j++) {
      const deltas = s.subarray(j * k, (j + 1) * k);
      let square = 0;
      for (let i = 0; i < k; i++) {
        row[i] = consistent[i] / deltas[i];
        square += row[i] * row[i];
      }
      const scale = 1 / Math.sqrt(square);
      for (let i = 0; i < k; i++) deltas[place[i]] = row[i] * scale;
    }
  }
}
