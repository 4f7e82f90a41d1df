const maximumSweeps = 60;

/**
 * Singular values of a small matrix whose columns are given as rows, by one-sided Jacobi: A = U diag(s) V^T.
 *
 * @param n columns of A, at most one more than m
 * @param columns [n x m], destroyed
 * @returns s [n] descending; left vectors [min(n, m) x m] as rows, those without a singular value completed to be
 *   orthonormal; V^T [n x n]
 */
export function jacobiSvd(
  n: number,
  m: number,
  columns: Float64Array,
): { s: Float64Array; left: Float64Array; vt: Float64Array } {
  const turned = new Float64Array(n * n);
  for (let i = 0; i < n; i++) turned[i * n + i] = 1;
  oneSidedJacobi(n, m, columns, turned);
  const lengths = Float64Array.from({ length: n }, (_, k) => norm(columns.subarray(k * m, (k + 1) * m)));
  const order = [...lengths.keys()].sort((i, j) => lengths[j] - lengths[i] || i - j);
  const s = Float64Array.from(order, (k) => lengths[k]);
  const vt = new Float64Array(n * n);
  const left = new Float64Array(Math.min(n, m) * m);
  const floor = s[0] * Number.EPSILON * n;
  order.forEach((from, to) => {
    vt.set(turned.subarray(from * n, (from + 1) * n), to * n);
    if (to >= m) return;
    const row = columns.subarray(from * m, (from + 1) * m);
    if (lengths[from] > floor) for (let j = 0; j < m; j++) left[to * m + j] = row[j] / lengths[from];
    else completeBasis(left, to, m);
  });
  return { s, left, vt };
}

/** Row `at` becomes a unit vector orthogonal to the rows before it. */
function completeBasis(rows: Float64Array, at: number, n: number): void {
  const row = rows.subarray(at * n, (at + 1) * n);
  for (let axis = 0; axis < n; axis++) {
    row.fill(0);
    row[axis] = 1;
    for (let twice = 0; twice < 2; twice++) {
      for (let before = 0; before < at; before++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += rows[before * n + j] * row[j];
        for (let j = 0; j < n; j++) row[j] -= sum * rows[before * n + j];
      }
    }
    const length = norm(row);
    if (length < 0.5 / Math.sqrt(n)) continue;
    for (let j = 0; j < n; j++) row[j] /= length;
    return;
  }
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/**
 * One-sided Jacobi: rotates rows of G (the columns of a square factor) until they are orthogonal; their lengths are
 * the singular values (Hestenes 1958; de Rijk 1989, doi:10.1137/0910023). Small singular values come out with small
 * relative error, which A^T A would lose. O(n^2 m) a sweep, usually 6 to 10 sweeps.
 *
 * @param rows [n x m], changed in place: row k becomes s_k times a left vector
 * @param turned [n x n], starts as the identity and becomes V^T: row k is the right vector of singular value k
 */
function oneSidedJacobi(n: number, m: number, rows: Float64Array, turned: Float64Array): void {
  const tolerance = Number.EPSILON * Math.sqrt(m);
  for (let sweep = 0; sweep < maximumSweeps; sweep++) {
    let rotations = 0;
    for (let i = 0; i < n - 1; i++) {
      for (let j = i + 1; j < n; j++) {
        if (
          rotatePair(
            rows.subarray(i * m, (i + 1) * m),
            rows.subarray(j * m, (j + 1) * m),
            tolerance,
            (c, s) => rotate(turned.subarray(i * n, (i + 1) * n), turned.subarray(j * n, (j + 1) * n), c, s),
          )
        )
          rotations++;
      }
    }
    if (rotations === 0) return;
  }
}

function rotatePair(
  x: Float64Array,
  y: Float64Array,
  tolerance: number,
  also: (c: number, s: number) => void,
): boolean {
  let [xx, yy, xy] = [0, 0, 0];
  for (let k = 0; k < x.length; k++) {
    xx += x[k] * x[k];
    yy += y[k] * y[k];
    xy += x[k] * y[k];
  }
  if (Math.abs(xy) <= tolerance * Math.sqrt(xx) * Math.sqrt(yy) || xy === 0) return false;
  const zeta = (yy - xx) / (2 * xy);
  const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const c = 1 / Math.hypot(1, t);
  rotate(x, y, c, c * t);
  also(c, c * t);
  return true;
}

function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let k = 0; k < x.length; k++) {
    const before = x[k];
    x[k] = c * before - s * y[k];
    y[k] = s * before + c * y[k];
  }
}
