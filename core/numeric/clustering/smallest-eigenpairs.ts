import { createRandom } from '../../random.ts';
import {
  filteredEigenpairs,
  residualsOf,
  type SpectrumGuess,
} from '../linear-algebra/filtered-eigenpairs.ts';
import type { LinearAlgebra, SymmetricEigen } from '../linear-algebra/linear-algebra.ts';
import { orthonormalRows } from '../linear-algebra/orthonormal-rows.ts';

/** Vectors of a block beyond those asked for: a few more converge a good deal sooner. */
const spare = 6;
/** Below this a full reduction is as fast. */
const leastUnits = 384;
/** A full reduction of more units takes as long as more steps. */
const [fewestSteps, mostSteps, unitsPerStep] = [20, 60, 100];
/** Steps before the first look at what was found. */
const firstLook = 5;
/** Vectors of the filtered block beyond those asked for: the further away the next, the faster. */
const filteredSpare = 24;
/** Below this a full reduction is as fast as the filter. */
const leastFiltered = 3072;
/** |A x - value x| of a pair that has converged: the value is then right to about the square of it. */
const tolerance = 1e-7;
const seed = 0x5eed;

/**
 * The smallest eigenvalues of a symmetric matrix with norm about 1 and their eigenvectors, from a block Krylov
 * subspace span(Q, A Q, A^2 Q, ...) of a seeded random block Q, every block made orthogonal to all before (block
 * Lanczos with full reorthogonalisation: Golub & Underwood 1977; Saad 2011, Numerical Methods for Large Eigenvalue
 * Problems, section 6.4). Eigenvalues that repeat up to count + 6 times are found that often. Where that is slow,
 * eigenvalues lie close together: the block is then filtered (`filteredEigenpairs`). Falls back to the full
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
    if ('values' in found) return found;
    if (n >= leastFiltered && found.rows.length > count * n) {
      const pairs = await filteredEigenpairs(n, a, count, found, tolerance, algebra, checkpoint);
      if (pairs) return pairs;
    }
  }
  checkpoint();
  return algebra.symmetricEigen(n, a, { first: 0, count });
}

/** The pairs, or where they come too slowly, what was learned of the spectrum. */
async function krylovPairs(
  n: number,
  a: Float64Array,
  count: number,
  algebra: LinearAlgebra,
  checkpoint: () => void,
): Promise<SymmetricEigen | SpectrumGuess> {
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
      if (rows < block || !(pace > 0 && looks <= (steps - step) / 2)) break;
      before = residual;
    }
  }
  return guessOf(n, size, basis, images, count + filteredSpare, algebra);
}

/** Ritz vectors of the smallest values within the subspace, and the largest value there. */
async function guessOf(
  n: number,
  size: number,
  basis: Float64Array,
  images: Float64Array,
  count: number,
  algebra: LinearAlgebra,
): Promise<SpectrumGuess> {
  const { values, vectors } = await algebra.symmetricEigen(
    size,
    await projection(n, size, basis, images, algebra),
  );
  const kept = Math.min(count, size);
  const rows = await algebra.multiply(
    kept,
    size,
    n,
    vectors.subarray(0, kept * size),
    basis.subarray(0, size * n),
  );
  return { rows, largest: values[size - 1] };
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
  const projected = await projection(n, size, basis, images, algebra);
  const { values, vectors: weights } = await algebra.symmetricEigen(size, projected, { first: 0, count });
  const vectors = await algebra.multiply(count, size, n, weights, basis.subarray(0, size * n));
  const image = await algebra.multiply(count, size, n, weights, images.subarray(0, size * n));
  return { pairs: { values, vectors }, residual: Math.max(...residualsOf(n, values, vectors, image)) };
}

/** The matrix as the subspace sees it, [size x size]. */
function projection(
  n: number,
  size: number,
  basis: Float64Array,
  images: Float64Array,
  algebra: LinearAlgebra,
): Promise<Float64Array> {
  const [q, aq] = [basis.subarray(0, size * n), images.subarray(0, size * n)];
  return algebra.multiply(size, n, size, q, aq, { b: true });
}

function randomRows(count: number, n: number): Float64Array {
  const { nextFloat } = createRandom(seed);
  return Float64Array.from({ length: count * n }, () => nextFloat() - 0.5);
}
