import type { DenseLoops } from './dense-arithmetic.ts';
import type { Bidiagonal } from './bidiagonal-reduction.ts';
import { jacobiSvd } from './jacobi-svd.ts';
import { combineRows, groupBySide, rotateRows, side, type Grouping } from './merged-rows.ts';
import { consistentWeights, secularRoot, squaredPoles } from './secular-equation.ts';

/** Problems of up to this many rows are solved by one-sided Jacobi. */
const leafSize = 16;
/** Multiple of the rounding error of the largest entry that counts as nothing. */
const deflation = 32;
/** Parts of the matrix smaller than this against the largest entry have no digits of their own. */
const negligible = 1e-60;

/** Values that `bidiagonalSvd` takes from its loops. */
export function bidiagonalSvdRoom(n: number): number {
  return 4 * n * n;
}

/** Vectors as rows [n x n]. */
export interface BidiagonalVectors {
  left: Float64Array;
  right: Float64Array;
  /** Two arrays as large that are not used any more. */
  spares: [Float64Array, Float64Array];
}

/**
 * Singular values and vectors of a square upper bidiagonal matrix by divide and conquer (Gu & Eisenstat 1995,
 * doi:10.1137/S0895479892242232): the matrix without its middle row is two such problems with a column too many; in
 * their bases the middle row is z, the rest a diagonal d with d_0 = 0, whose singular values are the roots of
 * 1 + sum_i z_i^2 / (d_i^2 - sigma^2) = 0. Vectors are made of weights recomputed from the roots, which keeps them
 * orthogonal.
 *
 * Backward stable: residuals and lost orthogonality are a modest multiple of n epsilon times the largest singular
 * value; small singular values have no relative accuracy. O(8/3 n^3) in products, less what stays, and O(n^2).
 *
 * @param diagonal [n], becomes the singular values, in no order
 */
export function bidiagonalSvd(
  loops: DenseLoops,
  n: number,
  { diagonal, superDiagonal }: Pick<Bidiagonal, 'diagonal' | 'superDiagonal'>,
): BidiagonalVectors {
  return new Division(loops, n, diagonal, superDiagonal).run();
}

/** Rows first .. first + count; one column more than rows where there is an excess. */
interface Problem {
  first: number;
  count: number;
  excess: 0 | 1;
}

class Division {
  readonly #loops: DenseLoops;
  readonly #n: number;
  readonly #d: Float64Array;
  readonly #e: Float64Array;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #s: Float64Array;
  readonly #scratch: Float64Array;
  readonly #floor: number;

  constructor(loops: DenseLoops, n: number, d: Float64Array, e: Float64Array) {
    this.#loops = loops;
    this.#n = n;
    this.#d = d;
    this.#e = e;
    this.#left = loops.float64(n * n);
    this.#right = loops.float64(n * n);
    this.#s = loops.float64(n * n);
    this.#scratch = loops.float64(n * n);
    this.#floor = negligible * Math.max(largestOf(d), largestOf(e));
  }

  run(): BidiagonalVectors {
    if (this.#floor > 0) this.#solve({ first: 0, count: this.#n, excess: 0 });
    else for (let i = 0; i < this.#n; i++) this.#left[i * this.#n + i] = this.#right[i * this.#n + i] = 1;
    return { left: this.#left, right: this.#right, spares: [this.#s, this.#scratch] };
  }

  #solve(problem: Problem): void {
    const { first, count, excess } = problem;
    if (count <= leafSize) {
      this.#solveLeaf(problem);
      return;
    }
    const half = (count - 1) >> 1;
    this.#solve({ first, count: half, excess: 1 });
    this.#solve({ first: first + half + 1, count: count - half - 1, excess });
    this.#merge(problem, first + half);
  }

  #solveLeaf({ first, count, excess }: Problem): void {
    const width = count + excess;
    const columns = new Float64Array(width * count);
    for (let j = 0; j < width; j++) {
      if (j < count) columns[j * count + j] = this.#d[first + j];
      if (j > 0) columns[j * count + j - 1] = this.#e[first + j];
    }
    const { s, left, vt } = jacobiSvd(width, count, columns);
    this.#d.set(s.subarray(0, count), first);
    for (let k = 0; k < count; k++)
      this.#left.set(left.subarray(k * count, (k + 1) * count), (first + k) * this.#n + first);
    for (let k = 0; k < width; k++)
      this.#right.set(vt.subarray(k * width, (k + 1) * width), (first + k) * this.#n + first);
  }

  #merge(problem: Problem, middle: number): void {
    const { first, count, excess } = problem;
    const n = this.#n;
    const end = first + count;
    const rightHalves = {
      ...{ leftStart: first, leftEnd: middle + 1 },
      ...{ rightStart: middle + 1, rightEnd: end + excess },
    };
    const leftHalves = { leftStart: first, leftEnd: middle, rightStart: middle + 1, rightEnd: end };
    const z = this.#middleRow(problem, middle);
    const { active, kept } = this.#deflate(problem, middle, z);
    const rows = active.map(({ row }) => row);
    const grouping = groupBySide(
      rows,
      active.map((entry) => entry.side),
    );
    const k = active.length;
    const poles = Float64Array.from(active, ({ value }) => value);
    const values = new Float64Array(count);
    kept.forEach((row, at) => (values[k + at] = this.#d[row]));
    const lengths = this.#solveSecular(
      poles,
      Float64Array.from(rows, (row) => z[row - first]),
      grouping,
      values,
    );
    const [s, scratch] = [this.#s, this.#scratch];
    combineRows(this.#loops, n, this.#right, rightHalves, grouping, s, kept, first, scratch);
    this.#toLeft(poles, grouping, lengths);
    combineRows(this.#loops, n, this.#left, leftHalves, grouping, s, kept, first, scratch);
    // The middle row's own left vector has one entry, in a column between the halves.
    for (let j = 0; j < k; j++) this.#left[(first + j) * n + middle] = s[j * k + grouping.place[0]];
    this.#d.set(values, first);
  }

  /** The middle row in the bases of the halves; two columns too many are turned until one of them is zero in it. */
  #middleRow({ first, count, excess }: Problem, middle: number): Float64Array {
    const [n, end] = [this.#n, first + count];
    const [alpha, beta] = [this.#d[middle], this.#e[middle + 1]];
    const right = this.#right;
    const z = new Float64Array(count);
    for (let row = first; row <= middle; row++) z[row - first] = alpha * right[row * n + middle];
    for (let row = middle + 1; row < end; row++) z[row - first] = beta * right[row * n + middle + 1];
    if (excess === 1) {
      const [one, other] = [z[middle - first], beta * right[end * n + middle + 1]];
      const length = Math.hypot(one, other);
      if (length > 0) {
        const columns = { leftStart: first, rightEnd: end + 1 };
        rotateRows(n, right, middle, end, one / length, other / length, columns);
        z[middle - first] = length;
      }
    }
    return z;
  }

  /** The middle row and what takes part with it, by ascending value, and the rows that stay. */
  #deflate({ first, count, excess }: Problem, middle: number, z: Float64Array) {
    const d = this.#d;
    const others = [...z.keys()].map((i) => first + i).filter((row) => row !== middle);
    others.sort((i, j) => d[i] - d[j] || i - j);
    const largest = Math.max(largestOf(z), d[others[others.length - 1]], this.#floor);
    const tolerance = deflation * Number.EPSILON * largest;
    const center = middle - first;
    if (Math.abs(z[center]) <= tolerance) z[center] = tolerance;
    const active = [{ row: middle, value: 0, side: (excess ? side.both : side.left) as number }];
    const kept: number[] = [];
    for (const row of others) {
      if (Math.abs(z[row - first]) <= tolerance) {
        kept.push(row);
        continue;
      }
      const entry = { row, value: d[row], side: (row < middle ? side.left : side.right) as number };
      const last = active[active.length - 1];
      if (active.length > 1 && d[row] - last.value <= tolerance) {
        this.#joinEqual({ first, count, excess }, last.row, row, z);
        kept.push(last.row);
        if (last.side !== entry.side) entry.side = side.both;
        active.pop();
      }
      active.push(entry);
    }
    if (active.length > 1) active[1].value = Math.max(active[1].value, tolerance / 2);
    return { active, kept };
  }

  /** Two equal values: both vectors are turned until the first one's weight is zero. */
  #joinEqual({ first, count, excess }: Problem, i: number, j: number, z: Float64Array): void {
    const [zi, zj] = [z[i - first], z[j - first]];
    const weight = Math.hypot(zi, zj);
    const [c, s] = [zj / weight, -zi / weight];
    const end = first + count;
    rotateRows(this.#n, this.#left, i, j, c, s, { leftStart: first, rightEnd: end });
    rotateRows(this.#n, this.#right, i, j, c, s, { leftStart: first, rightEnd: end + excess });
    z[j - first] = weight;
    z[i - first] = 0;
  }

  /** Singular values into `values`, right coefficients z_i / (d_i^2 - sigma^2) into S; their lengths before scaling. */
  #solveSecular(d: Float64Array, z: Float64Array, { place }: Grouping, values: Float64Array): Float64Array {
    const k = d.length;
    const rho = z.reduce((sum, value) => sum + value * value, 0);
    const weights = z.map((value) => (value * value) / rho);
    const poles = squaredPoles(d, k);
    const s = this.#s;
    for (let j = 0; j < k; j++) {
      const { origin, offset } = secularRoot(poles, weights, rho, j, s.subarray(j * k, (j + 1) * k));
      const pole = d[origin];
      values[j] = pole + offset / (pole + Math.sqrt(pole * pole + offset));
    }
    const consistent = consistentWeights(poles, s.subarray(0, k * k));
    for (let i = 0; i < k; i++) if (z[i] < 0) consistent[i] = -consistent[i];
    const lengths = new Float64Array(k);
    const row = new Float64Array(k);
    for (let j = 0; j < k; j++) {
      const deltas = s.subarray(j * k, (j + 1) * k);
      let square = 0;
      for (let i = 0; i < k; i++) {
        row[i] = consistent[i] / deltas[i];
        square += row[i] * row[i];
      }
      lengths[j] = Math.sqrt(square);
      for (let i = 0; i < k; i++) deltas[place[i]] = row[i] / lengths[j];
    }
    return lengths;
  }

  /** S from right to left coefficients: -1 for the middle row, d_i z_i / (d_i^2 - sigma^2) for the others, scaled. */
  #toLeft(d: Float64Array, { place }: Grouping, lengths: Float64Array): void {
    const k = d.length;
    for (let j = 0; j < k; j++) {
      const row = this.#s.subarray(j * k, (j + 1) * k);
      row[place[0]] = -1 / lengths[j];
      for (let i = 1; i < k; i++) row[place[i]] *= d[i];
      let square = 0;
      for (let i = 0; i < k; i++) square += row[i] * row[i];
      const scale = 1 / Math.sqrt(square);
      for (let i = 0; i < k; i++) row[i] *= scale;
    }
  }
}

function largestOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
