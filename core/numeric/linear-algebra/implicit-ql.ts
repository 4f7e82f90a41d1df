/** Sweeps after which an eigenvalue counts as not found; 30 is never reached in practice. */
const maximumSweeps = 60;

/**
 * Eigenvalues and vectors of a symmetric tridiagonal matrix by implicit QL with Wilkinson shifts (Bowdler, Martin,
 * Reinsch & Wilkinson 1968, doi:10.1007/BF02219772). The rotations act on rows of `vectors`, which become the
 * eigenvectors of Q T Q^T when Q^T is given. O(n^2) for the values, O(n^3) for the vectors.
 *
 * @param diagonal [n], becomes the eigenvalues, in no order
 * @param offDiagonal [n], entry i couples i - 1 and i; destroyed
 * @param vectors [n x n] row-major, changed in place; null for the values alone
 * @param negligible couplings of up to this size count as nothing, beside those that their neighbours hide
 * @throws Error when an eigenvalue does not converge
 */
export function implicitQl(
  n: number,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  vectors: Float64Array | null,
  negligible = 0,
): void {
  offDiagonal.copyWithin(0, 1);
  if (n > 0) offDiagonal[n - 1] = 0;
  for (let low = 0; low < n; low++) {
    for (let sweep = 0; ; sweep++) {
      const high = splitAfter(n, low, diagonal, offDiagonal, negligible);
      if (high === low) break;
      if (sweep === maximumSweeps) throw new Error('An eigenvalue did not converge.');
      sweepUp(n, low, high, diagonal, offDiagonal, vectors);
    }
  }
}

/** The first index from `low` on whose coupling to the next is negligible. */
function splitAfter(n: number, low: number, d: Float64Array, e: Float64Array, negligible: number): number {
  let high = low;
  for (; high < n - 1; high++) {
    const hidden = Number.EPSILON * (Math.abs(d[high]) + Math.abs(d[high + 1]));
    if (Math.abs(e[high]) <= Math.max(negligible, hidden)) break;
  }
  return high;
}

function sweepUp(
  n: number,
  low: number,
  high: number,
  d: Float64Array,
  e: Float64Array,
  vectors: Float64Array | null,
): void {
  const ratio = (d[low + 1] - d[low]) / (2 * e[low]);
  const root = Math.hypot(ratio, 1);
  let g = d[high] - d[low] + e[low] / (ratio + (ratio >= 0 ? root : -root));
  let [s, c, p] = [1, 1, 0];
  for (let i = high - 1; i >= low; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[high] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    if (vectors) rotate(n, vectors, i, s, c);
  }
  d[low] -= p;
  e[low] = g;
  e[high] = 0;
}

/** Rows i and i + 1 turned by the rotation. */
function rotate(n: number, vectors: Float64Array, i: number, s: number, c: number): void {
  const [one, other] = [vectors.subarray(i * n, (i + 1) * n), vectors.subarray((i + 1) * n, (i + 2) * n)];
  for (let k = 0; k < n; k++) {
    const f = other[k];
    other[k] = s * one[k] + c * f;
    one[k] = c * one[k] - s * f;
  }
}
