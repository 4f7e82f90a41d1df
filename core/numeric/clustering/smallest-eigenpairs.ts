import { createRandom } from '../../random.ts';
import type { LinearAlgebra, SymmetricEigen } from '../linear-algebra/linear-algebra.ts';

/** Vectors of a block beyond those asked for: a few more converge a good deal sooner. */
const spare = 6;
/** Below this a full reduction is as fast. */
const leastUnits = 384;
/** A full reduction of more units takes as long as more steps. */
const [fewestSteps, mostSteps, unitsPerStep] = [20, 60, 100];
/** Steps before the first look at what was found. */
const firstLook = 5;
/** |A x - value x| of a pair that has converged: the value is then right to about the square of it. */
const tolerance = 1e-7;
/** The part of a row's square that the others must leave for products to tell it from them. */
const leastPivot = 1e-5;
const seed = 0x5eed;

/**
 * The smallest eigenvalues of a symmetric matrix with norm about 1 and their eigenvectors, from a block Krylov
 * subspace span(Q, A Q, A^2 Q, ...) of a seeded random block Q, every block made orthogonal to all before (block
 * Lanczos with full reorthogonalisation: Golub & Underwood 1977; Saad 2011, Numerical Methods for Large Eigenvalue
 * Problems, section 6.4). Eigenvalues that repeat up to count + 6 times are found that often. Falls back to the full
 * decomposition for small matrices and where the residuals |A x - value x| stay above 1e-7.
 *
 * O(steps x n^2 (count + 6)) where the full decomposition takes O(n^3).
 *
 * @param a [n x n], both triangles
 * @param checkpoint called between products; it may throw to cancel
 * @returns values [count] ascending and vectors [count x n], rows of length 1
 */
export async function smallestEigenpairs(
  n: number,
  a: Float64Array,
  count: number,
  algebra: LinearAlgebra,
  checkpoint: () => void = () => undefined,
): Promise<SymmetricEigen> {
  const block = count + spare;
  if (n >= leastUnits && block * firstLook < n) {
    const found = await krylovPairs(n, a, count, algebra, checkpoint);
    if (found) return found;
  }
  checkpoint();
  return algebra.symmetricEigen(n, a, { first: 0, count });
}

async function krylovPairs(
  n: number,
  a: Float64Array,
  count: number,
  algebra: LinearAlgebra,
  checkpoint: () => void,
): Promise<SymmetricEigen | null> {
  const block = count + spare;
  const steps = Math.max(fewestSteps, Math.min(mostSteps, Math.floor(n / unitsPerStep)));
  const most = Math.min(steps, Math.floor(n / block)) * block;
  // Vectors are rows; `images` are the basis times A.
  const [basis, images] = [new Float64Array(most * n), new Float64Array(most * n)];
  let next = randomRows(block, n);
  let size = 0;
  let before = Infinity;
  for (let step = 1; size + block <= most; step++) {
    checkpoint();
    next = await orthonormalRows(next, n, basis.subarray(0, size * n), algebra);
    const rows = next.length / n;
    if (rows > 0) {
      const image = await algebra.multiply(rows, n, n, next, a);
      basis.set(next, size * n);
      images.set(image, size * n);
      size += rows;
      next = image;
    }
    // A block that lost rows has found all that this start can reach.
    if (rows < block || (step >= firstLook && (step - firstLook) % 2 === 0)) {
      const { pairs, residual } = await ritzPairs(n, size, basis, images, count, algebra);
      if (residual <= tolerance) return pairs;
      // At the pace since the last look it would take more steps than there are.
      const pace = Math.log(before / residual);
      const looks = Math.log(residual / tolerance) / pace;
      if (rows < block || !(pace > 0 && looks <= (steps - step) / 2)) return null;
      before = residual;
    }
  }
  return null;
}

/** The best approximations within the subspace, and the largest of their residuals. */
async function ritzPairs(
  n: number,
  size: number,
  basis: Float64Array,
  images: Float64Array,
  count: number,
  algebra: LinearAlgebra,
): Promise<{ pairs: SymmetricEigen; residual: number }> {
  const [q, aq] = [basis.subarray(0, size * n), images.subarray(0, size * n)];
  const projected = await algebra.multiply(size, n, size, q, aq, { b: true });
  const { values, vectors: weights } = await algebra.symmetricEigen(size, projected, { first: 0, count });
  const vectors = await algebra.multiply(count, size, n, weights, q);
  const image = await algebra.multiply(count, size, n, weights, aq);
  let residual = 0;
  for (let pair = 0; pair < count; pair++) {
    let square = 0;
    for (let at = pair * n; at < (pair + 1) * n; at++)
      square += (image[at] - values[pair] * vectors[at]) ** 2;
    residual = Math.max(residual, Math.sqrt(square));
  }
  return { pairs: { values, vectors }, residual };
}

/** The rows made orthogonal to the basis and to each other, twice for rounding; rows within the span are left out. */
async function orthonormalRows(
  rows: Float64Array,
  n: number,
  basis: Float64Array,
  algebra: LinearAlgebra,
): Promise<Float64Array> {
  let found: Float64Array = rows.slice();
  for (let round = 0; round < 2; round++) {
    const [count, size] = [found.length / n, basis.length / n];
    if (count > 0 && size > 0) {
      const along = await algebra.multiply(count, n, size, found, basis, { b: true });
      const part = await algebra.multiply(count, size, n, along, basis);
      for (let at = 0; at < found.length; at++) found[at] -= part[at];
    }
    const before = round === 0 ? rows : found;
    found = (await byCholesky(found, n, before, algebra)) ?? gramSchmidt(found, n, before);
  }
  return found;
}

/**
 * Rows made orthonormal by the Cholesky factor of their products, L^-1 X with X X^T = L L^T; a second round brings what
 * the first leaves, epsilon over the smallest pivot, to epsilon (Yamamoto, Nakatsukasa, Yanagisawa & Fukaya 2015,
 * doi:10.1553/etna_vol44s306). Null where a row is nearly within the span of the others or of the basis.
 */
async function byCholesky(
  rows: Float64Array,
  n: number,
  before: Float64Array,
  algebra: LinearAlgebra,
): Promise<Float64Array | null> {
  const count = rows.length / n;
  const products = await algebra.multiply(count, n, count, rows, rows, { b: true });
  const lower = await algebra.cholesky(count, products);
  if (!lower) return null;
  for (let i = 0; i < count; i++) {
    const pivot = lower[i * count + i] ** 2;
    const given = before.subarray(i * n, (i + 1) * n);
    if (!(pivot > leastPivot * Math.max(products[i * count + i], dot(given, given)))) return null;
  }
  return algebra.multiply(count, count, n, inverseOfLower(count, lower), rows);
}

function inverseOfLower(n: number, lower: Float64Array): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverse[j * n + j] = 1 / lower[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= lower[i * n + k] * inverse[k * n + j];
      inverse[i * n + j] = sum / lower[i * n + i];
    }
  }
  return inverse;
}

/** Modified Gram-Schmidt; a row that falls to 1e-8 of its length in `before` was in the span of the others. */
function gramSchmidt(rows: Float64Array, n: number, before: Float64Array): Float64Array {
  const kept: Float64Array[] = [];
  for (let start = 0; start < rows.length; start += n) {
    const row = rows.slice(start, start + n);
    for (const other of kept) {
      const along = dot(row, other);
      for (let at = 0; at < n; at++) row[at] -= along * other[at];
    }
    const length = Math.sqrt(dot(row, row));
    const given = before.subarray(start, start + n);
    if (!(length > 1e-8 * Math.sqrt(dot(given, given)))) continue;
    kept.push(row.map((value) => value / length));
  }
  const result = new Float64Array(kept.length * n);
  kept.forEach((row, index) => result.set(row, index * n));
  return result;
}

function dot(x: Float64Array, y: Float64Array): number {
  // Sums side by side: one alone waits for every addition.
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = 0;
  for (; at + 4 <= x.length; at += 4) {
    a += x[at] * y[at];
    b += x[at + 1] * y[at + 1];
    c += x[at + 2] * y[at + 2];
    d += x[at + 3] * y[at + 3];
  }
  for (; at < x.length; at++) a += x[at] * y[at];
  return a + b + (c + d);
}

function randomRows(count: number, n: number): Float64Array {
  const { nextFloat } = createRandom(seed);
  return Float64Array.from({ length: count * n }, () => nextFloat() - 0.5);
}
