const maximumSweeps = 60;

/**
 * One-sided Jacobi: rotates rows of G (the columns of a square factor) until they are orthogonal; their lengths are
 * the singular values (Hestenes 1958; de Rijk 1989, doi:10.1137/0910023). Small singular values come out with small
 * relative error, which A^T A would lose. O(n^2 m) a sweep, usually 6 to 10 sweeps.
 *
 * @param rows [n x m], changed in place: row k becomes s_k times a left vector
 * @param turned [n x n], starts as the identity and becomes V^T: row k is the right vector of singular value k
 */
export function oneSidedJacobi(n: number, m: number, rows: Float64Array, turned: Float64Array): void {
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
