import type { LinearAlgebra, SymmetricEigen } from './linear-algebra.ts';
import { orthonormalRows } from './orthonormal-rows.ts';

/** Multiplications by the matrix between two looks, at most. */
const mostDegree = 24;
const mostRounds = 60;
/** ln of how much more the filter may raise the first vector than the last: beyond it rows tell nothing apart. */
const mostGrowth = 14;
/** The upper end of what is damped lies this share of the spectrum's width above what was seen of it. */
const margin = 0.05;

/** What is known of a symmetric matrix: rows that span about its smallest eigenvectors, and its largest eigenvalue. */
export interface SpectrumGuess {
  /** [rows x n] orthonormal, more of them than are asked for */
  rows: Float64Array;
  largest: number;
}

/**
 * The smallest eigenvalues of a symmetric matrix and their eigenvectors where they lie close together, by subspace
 * iteration with a Chebyshev filter (Zhou, Saad, Tiago & Chelikowsky 2006, doi:10.1016/j.jcp.2006.03.017): every round
 * damps what lies above the block's largest Ritz value, then rotates the block to Ritz vectors. A pair whose residual
 * |A x - value x| is at most the tolerance is locked, and moved to the middle of the damped part.
 *
 * O(products x n^2 x rows); memory three blocks.
 *
 * @param a [n x n], both triangles
 * @param checkpoint called between products; it may throw to cancel
 * @returns values [count] ascending and vectors [count x n], rows of length 1; null where it does not converge
 */
export async function filteredEigenpairs(
  n: number,
  a: Float64Array,
  count: number,
  guess: SpectrumGuess,
  tolerance: number,
  algebra: LinearAlgebra,
  checkpoint: () => void = () => undefined,
): Promise<SymmetricEigen | null> {
  const locked: { value: number; vector: Float64Array }[] = [];
  let rows = guess.rows;
  for (let round = 0; round < mostRounds; round++) {
    checkpoint();
    const block = await ritzRows(n, a, rows, algebra);
    let kept = 0;
    const size = block.values.length;
    while (kept < size && locked.length < count && block.residuals[kept] <= tolerance) {
      const vector = block.rows.slice(kept * n, (kept + 1) * n);
      locked.push({ value: block.values[kept++], vector });
    }
    if (locked.length === count) return inOrder(n, locked);
    rows = block.rows.subarray(kept * n);
    // There must be some that the wanted ones are told apart from.
    if (rows.length / n <= count - locked.length) return null;
    const [first, cut] = [block.values[kept], block.values[size - 1]];
    const upper = guess.largest + margin * (guess.largest - first);
    if (!(cut > first) || !(upper > cut)) return null;
    const deflated = await deflatedProduct(n, a, locked, (cut + upper) / 2, algebra);
    rows = await filtered(rows, { first, cut, upper }, deflated, checkpoint);
    const basis = joined(n, locked);
    rows = await orthonormalRows(rows, n, basis, algebra);
  }
  return null;
}

type Product = (rows: Float64Array) => Promise<Float64Array>;

/** Products with the matrix in which the locked eigenvalues are moved to `to`. */
async function deflatedProduct(
  n: number,
  a: Float64Array,
  locked: readonly { value: number; vector: Float64Array }[],
  to: number,
  algebra: LinearAlgebra,
): Promise<Product> {
  const basis = joined(n, locked);
  return async (rows) => {
    const count = rows.length / n;
    const image = await algebra.multiply(count, n, n, rows, a);
    if (locked.length === 0) return image;
    const along = await algebra.multiply(count, n, locked.length, rows, basis, { b: true });
    for (let at = 0; at < along.length; at++) along[at] *= to - locked[at % locked.length].value;
    const moved = await algebra.multiply(count, locked.length, n, along, basis);
    for (let at = 0; at < image.length; at++) image[at] += moved[at];
    return image;
  };
}

/** The Chebyshev polynomial that stays within 1 from `cut` to `upper`, scaled to 1 at `first`, of the rows. */
async function filtered(
  rows: Float64Array,
  { first, cut, upper }: { first: number; cut: number; upper: number },
  product: Product,
  checkpoint: () => void,
): Promise<Float64Array> {
  const [middle, half] = [(upper + cut) / 2, (upper - cut) / 2];
  const growth = Math.acosh(Math.max(1 + 1e-12, (middle - first) / half));
  const degree = Math.max(2, Math.min(mostDegree, Math.floor(mostGrowth / growth)));
  const start = half / (first - middle);
  let sigma = start;
  let before = rows;
  let now = await product(rows);
  for (let at = 0; at < now.length; at++) now[at] = ((now[at] - middle * rows[at]) * sigma) / half;
  for (let step = 2; step <= degree; step++) {
    checkpoint();
    const next = 1 / (2 / start - sigma);
    const image = await product(now);
    const [gain, past] = [(2 * next) / half, sigma * next];
    for (let at = 0; at < image.length; at++)
      image[at] = (image[at] - middle * now[at]) * gain - past * before[at];
    [before, now, sigma] = [now, image, next];
  }
  return now;
}

/** Rows rotated to Ritz vectors, ascending, and the residual of each. */
async function ritzRows(n: number, a: Float64Array, rows: Float64Array, algebra: LinearAlgebra) {
  const size = rows.length / n;
  const image = await algebra.multiply(size, n, n, rows, a);
  const projected = await algebra.multiply(size, n, size, rows, image, { b: true });
  const { values, vectors: weights } = await algebra.symmetricEigen(size, projected);
  const rotated = await algebra.multiply(size, size, n, weights, rows);
  const images = await algebra.multiply(size, size, n, weights, image);
  return { values, rows: rotated, residuals: residualsOf(n, values, rotated, images) };
}

/** |A x - value x| of every row x, whose image A x is. */
export function residualsOf(
  n: number,
  values: Float64Array,
  rows: Float64Array,
  images: Float64Array,
): Float64Array {
  return values.map((value, row) => {
    let square = 0;
    for (let at = row * n; at < (row + 1) * n; at++) square += (images[at] - value * rows[at]) ** 2;
    return Math.sqrt(square);
  });
}

function joined(n: number, locked: readonly { vector: Float64Array }[]): Float64Array {
  const all = new Float64Array(locked.length * n);
  locked.forEach(({ vector }, row) => all.set(vector, row * n));
  return all;
}

function inOrder(n: number, locked: { value: number; vector: Float64Array }[]): SymmetricEigen {
  const sorted = locked.toSorted((x, y) => x.value - y.value);
  return { values: Float64Array.from(sorted, ({ value }) => value), vectors: joined(n, sorted) };
}
