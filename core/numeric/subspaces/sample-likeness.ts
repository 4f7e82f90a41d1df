import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';

/** Products of all rows with each other, [n x n]. */
function rowProducts(n: number, p: number, x: Float64Array, algebra: LinearAlgebra): Promise<Float64Array> {
  return algebra.multiply(n, p, n, x, x, { b: true });
}

function squaredDistances(n: number, products: Float64Array): Float64Array {
  const d = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const value = products[i * n + i] + products[j * n + j] - 2 * products[i * n + j];
      d[i * n + j] = d[j * n + i] = Math.max(0, value);
    }
  }
  return d;
}

/** Rows and columns of a Gram matrix with their means taken off. */
function centred(n: number, k: Float64Array): Float64Array {
  const means = new Float64Array(n);
  let all = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) means[i] += k[i * n + j] / n;
    all += means[i] / n;
  }
  return k.map((value, at) => value - means[Math.floor(at / n)] - means[at % n] + all);
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * CKA with Gaussian kernels exp(-d^2 / (2 t^2 median d^2)), the median over all pairs of samples, themselves
 * included (Kornblith et al. 2019, arXiv 1905.00414, and its published notebook). In [0, 1]; 0 where one side does not
 * vary. O(n^2 (p + q)): for a sample of inputs.
 *
 * @param x [n x p], y [n x q] rows are samples; @param threshold t
 */
export async function rbfCka(
  n: number,
  p: number,
  x: Float64Array,
  q: number,
  y: Float64Array,
  threshold: number,
  algebra: LinearAlgebra,
): Promise<number> {
  const kernel = async (size: number, rows: Float64Array) => {
    const d = squaredDistances(n, await rowProducts(n, size, rows, algebra));
    const width = 2 * threshold ** 2 * median(d);
    return centred(n, width > 0 ? d.map((value) => Math.exp(-value / width)) : d);
  };
  const [k, l] = [await kernel(p, x), await kernel(q, y)];
  let [kl, kk, ll] = [0, 0, 0];
  for (let at = 0; at < n * n; at++) {
    kl += k[at] * l[at];
    kk += k[at] * k[at];
    ll += l[at] * l[at];
  }
  return kk > 0 && ll > 0 ? Math.min(1, kl / Math.sqrt(kk * ll)) : 0;
}

/**
 * Representational similarity (Kriegeskorte, Mur & Bandettini 2008, doi:10.3389/neuro.06.004.2008): correlation of
 * the two networks' dissimilarities 1 - r between samples, over the pairs i < j, by value (Pearson) and by rank
 * (Spearman, ties averaged). 0 where one side does not vary. O(n^2 (p + q)).
 */
export async function representationalSimilarity(
  n: number,
  p: number,
  x: Float64Array,
  q: number,
  y: Float64Array,
  algebra: LinearAlgebra,
): Promise<{ pearson: number; spearman: number }> {
  const one = await dissimilarities(n, p, x, algebra);
  const other = await dissimilarities(n, q, y, algebra);
  return { pearson: correlation(one, other), spearman: correlation(ranks(one), ranks(other)) };
}

async function dissimilarities(
  n: number,
  p: number,
  x: Float64Array,
  algebra: LinearAlgebra,
): Promise<Float64Array> {
  const rows = x.slice();
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * p, (i + 1) * p);
    const mean = row.reduce((sum, value) => sum + value, 0) / p;
    let square = 0;
    for (let j = 0; j < p; j++) square += (row[j] -= mean) ** 2;
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let j = 0; j < p; j++) row[j] *= scale;
  }
  const products = await rowProducts(n, p, rows, algebra);
  const pairs = new Float64Array((n * (n - 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) for (let j = i + 1; j < n; j++) pairs[at++] = 1 - products[i * n + j];
  return pairs;
}

function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let at = 0; at < x.length; at++) {
    xy += (x[at] - mx) * (y[at] - my);
    xx += (x[at] - mx) ** 2;
    yy += (y[at] - my) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

/** Ranks from 1, ties averaged. */
function ranks(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).sort((i, j) => values[i] - values[j]);
  const rank = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    for (let at = first; at < end; at++) rank[order[at]] = (first + 1 + end) / 2;
    first = end;
  }
  return rank;
}
