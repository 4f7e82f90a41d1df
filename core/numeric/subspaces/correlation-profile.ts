import { smallestEigenpairs } from '../clustering/smallest-eigenpairs.ts';
import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import { signOfLargest } from './own-coordinates.ts';

export interface CorrelationProfile {
  dimensions: number;
  /** [n x dimensions] scores of each unit's profile on the leading principal components of the profiles. */
  scores: Float64Array;
  /** Share of the profiles' variance along each component. */
  share: Float64Array;
  neighbours: number;
  /** [n x neighbours] the units of nearest profile, nearest first, equals by index; not the unit itself. */
  nearest: Int32Array;
  /** [n x neighbours] Euclidean distances of those profiles. */
  distance: Float64Array;
}

/**
 * The correlation profile of a unit is its row of C: its correlation with every unit of all networks. Units of like
 * profiles do alike work, whatever network they are of.
 *
 * Principal components of the rows of H C (H takes the column means off): with K = C C the components are the
 * eigenvectors of C H C = K - n m m^T, m the column means, and the scores H C v. Each component points to the side of
 * its largest weight. Distances between rows are sqrt(K_ii + K_jj - 2 K_ij); from K, so those under about 1e-7 are
 * rounding. Components beyond the rank have scores of 0. One unit has no neighbours. O(n^3) in one product, and
 * O(n^2 (dimensions + 6)) a step for the components.
 *
 * @param c [n x n] correlations of the units with each other, symmetric
 */
export async function correlationProfile(
  n: number,
  c: Float64Array,
  dimensions: number,
  neighbours: number,
  algebra: LinearAlgebra,
  checkpoint: () => void = () => undefined,
): Promise<CorrelationProfile> {
  const d = Math.min(dimensions, n);
  const products = await algebra.gram(n, n, c);
  checkpoint();
  const means = columnMeans(n, c);
  const { nearest, distance, count } = nearestRows(n, products, Math.min(neighbours, Math.max(0, n - 1)));
  checkpoint();
  let [total, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      products[i * n + j] -= n * means[i] * means[j];
      squares += products[i * n + j] ** 2;
    }
    total += products[i * n + i];
  }
  // The largest pairs of the centred products are the smallest of their negative, scaled to a norm of about 1.
  const norm = Math.sqrt(squares);
  const scale = norm > 0 ? -1 / norm : 0;
  for (let at = 0; at < products.length; at++) products[at] *= scale;
  const { values, vectors } = await smallestEigenpairs(n, products, d, algebra, checkpoint);
  const share = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    share[k] = total > 0 ? Math.max(0, (-values[k] * norm) / total) : 0;
    const vector = vectors.subarray(k * n, (k + 1) * n);
    if (signOfLargest(vector) < 0) for (let i = 0; i < n; i++) vector[i] = -vector[i];
  }
  const scores = await algebra.multiply(n, n, d, c, vectors, { b: true });
  for (let k = 0; k < d; k++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += scores[i * d + k] / n;
    for (let i = 0; i < n; i++) scores[i * d + k] = share[k] > 1e-14 ? scores[i * d + k] - mean : 0;
  }
  return { dimensions: d, scores, share, neighbours: count, nearest, distance };
}

function columnMeans(n: number, c: Float64Array): Float64Array {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) means[j] += c[i * n + j] / n;
  return means;
}

function nearestRows(n: number, products: Float64Array, count: number) {
  const nearest = new Int32Array(n * count);
  const distance = new Float64Array(n * count);
  for (let i = 0; i < n; i++) {
    const [ids, squares] = [
      nearest.subarray(i * count, (i + 1) * count),
      new Float64Array(count).fill(Infinity),
    ];
    for (let j = 0; j < n; j++) {
      const square = products[i * n + i] + products[j * n + j] - 2 * products[i * n + j];
      if (j === i || count === 0 || !(square < squares[count - 1])) continue;
      let place = count - 1;
      for (; place > 0 && squares[place - 1] > square; place--) {
        squares[place] = squares[place - 1];
        ids[place] = ids[place - 1];
      }
      squares[place] = square;
      ids[place] = j;
    }
    squares.forEach((square, at) => (distance[i * count + at] = Math.sqrt(Math.max(0, square))));
  }
  return { nearest, distance, count };
}
