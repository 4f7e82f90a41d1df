/** Steps after which a root is taken as it is; 8 are hardly ever reached. */
const maximumSteps = 60;
/** Multiple of the rounding errors of a sum at which it counts as zero. */
const certainty = 8;

/** Poles of the secular equation, ascending and apart, and the difference of two of them without cancellation. */
export interface Poles {
  count: number;
  gap(i: number, j: number): number;
}

/** Poles d_i. */
export function plainPoles(d: Float64Array, count: number): Poles {
  return { count, gap: (i, j) => d[i] - d[j] };
}

/** Poles d_i^2, d_i >= 0. */
export function squaredPoles(d: Float64Array, count: number): Poles {
  return { count, gap: (i, j) => (d[i] - d[j]) * (d[i] + d[j]) };
}

/** A root of the secular equation: pole `origin` plus `offset`. */
export interface Root {
  origin: number;
  offset: number;
}

/**
 * Root number j of 1 / rho + sum_i w_i / (pole_i - x) = 0, between poles j and j + 1, or behind the last one: an
 * eigenvalue of diag(pole) + rho z z^T with w_i = z_i^2 and |z| = 1 (Golub 1973, doi:10.1137/1015032). The sums below
 * and above x are replaced by one pole each that agrees with them in value and slope (Bunch, Nielsen & Sorensen 1978,
 * doi:10.1007/BF01396012); a step that leaves the bracket becomes a bisection. The unknown is the distance to the
 * nearer pole, so that all differences have full relative accuracy. O(count) a step, usually 3 to 5 steps.
 *
 * @param weights [count] positive, of sum 1
 * @param deltas [count] gets pole_i - x
 */
export function secularRoot(
  poles: Poles,
  weights: Float64Array,
  rho: number,
  j: number,
  deltas: Float64Array,
): Root {
  const { count } = poles;
  if (count === 1) {
    deltas[0] = -rho * weights[0];
    return { origin: 0, offset: -deltas[0] };
  }
  const isLast = j === count - 1;
  // The two poles beside which the sums are split: the root is between them, or behind both.
  const below = isLast ? j - 1 : j;
  const above = below + 1;
  const width = poles.gap(above, below);
  for (let i = 0; i < count; i++) deltas[i] = poles.gap(i, j);
  const middle = (isLast ? rho : width) / 2;
  const { value, rest } = atMiddle(count, weights, 1 / rho, deltas, middle, below);
  const origin = !isLast && value < 0 ? above : j;
  if (origin !== j) for (let i = 0; i < count; i++) deltas[i] = poles.gap(i, origin);
  // Beyond the middle and beyond rho, should rounding put the root there.
  const far = 1.5 * middle;
  const bracket = isLast
    ? { low: value < 0 ? middle / 2 : 0, high: value < 0 ? 2 * rho : far }
    : origin === j
      ? { low: 0, high: far }
      : { low: -far, high: 0 };
  const start = isLast
    ? behindBoth(rest, width, weights[below], weights[above])
    : origin === j
      ? besidePole(rest, width, weights[below], weights[above])
      : -besidePole(-rest, width, weights[above], weights[below]);
  const offset = iterate(count, weights, 1 / rho, deltas, below, bracket, start);
  for (let i = 0; i < count; i++) deltas[i] -= offset;
  return { origin, offset };
}

/** The sum at x = `middle` from pole j, and without the terms of the poles beside the root. */
function atMiddle(
  count: number,
  weights: Float64Array,
  constant: number,
  gaps: Float64Array,
  middle: number,
  below: number,
): { value: number; rest: number } {
  let rest = constant;
  for (let i = 0; i < below; i++) rest += weights[i] / (gaps[i] - middle);
  for (let i = below + 2; i < count; i++) rest += weights[i] / (gaps[i] - middle);
  const beside = weights[below] / (gaps[below] - middle) + weights[below + 1] / (gaps[below + 1] - middle);
  return { value: rest + beside, rest };
}

/** x of rest - near / x + far / (width - x) = 0 in (0, width). */
function besidePole(rest: number, width: number, near: number, far: number): number {
  const a = rest * width + near + far;
  const b = near * width;
  const root = Math.sqrt(Math.abs(a * a - 4 * b * rest));
  return a > 0 ? (2 * b) / (a + root) : (a - root) / (2 * rest);
}

/** x > 0 of rest - far / (width + x) - near / x = 0; not a number where there is none. */
function behindBoth(rest: number, width: number, far: number, near: number): number {
  if (!(rest > 0)) return Number.NaN;
  const a = far + near - rest * width;
  const b = near * width;
  const root = Math.sqrt(a * a + 4 * rest * b);
  return a >= 0 ? (a + root) / (2 * rest) : (2 * b) / (root - a);
}

function iterate(
  count: number,
  weights: Float64Array,
  constant: number,
  gaps: Float64Array,
  below: number,
  { low, high }: { low: number; high: number },
  start: number,
): number {
  let x = start > low && start < high ? start : between(low, high);
  for (let step = 0; step < maximumSteps; step++) {
    let [psi, psiSlope, phi, phiSlope] = [0, 0, 0, 0];
    for (let i = 0; i <= below; i++) {
      const delta = gaps[i] - x;
      const term = weights[i] / delta;
      psi += term;
      psiSlope += term / delta;
    }
    for (let i = below + 1; i < count; i++) {
      const delta = gaps[i] - x;
      const term = weights[i] / delta;
      phi += term;
      phiSlope += term / delta;
    }
    const value = constant + psi + phi;
    const slope = psiSlope + phiSlope;
    const size = constant + Math.abs(psi) + Math.abs(phi);
    if (Math.abs(value) <= Number.EPSILON * (certainty * size + Math.abs(x) * slope)) return x;
    if (value < 0) low = x;
    else high = x;
    const next = x + interpolated(value, slope, psiSlope, phiSlope, gaps[below] - x, gaps[below + 1] - x);
    const moved = next > low && next < high ? next : between(low, high);
    if (Math.abs(moved - x) <= Number.EPSILON * Math.abs(x)) return moved;
    x = moved;
  }
  return x;
}

/**
 * The step to the root of c + s / (one - y) + t / (other - y), which has the value and slopes of both sums at y = 0:
 * the root between the poles, or behind both where both are negative.
 */
function interpolated(
  value: number,
  slope: number,
  psiSlope: number,
  phiSlope: number,
  one: number,
  other: number,
): number {
  const c = value - one * psiSlope - other * phiSlope;
  const a = (one + other) * value - one * other * slope;
  const b = one * other * value;
  const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
  if (other < 0) return a >= 0 ? (a + root) / (2 * c) : (2 * b) / (a - root);
  return a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
}

/** A point between two bounds of one sign: by size where they are far apart, the end 0 being very small. */
function between(low: number, high: number): number {
  const sign = low < 0 ? -1 : 1;
  const [near, far] = low < 0 ? [-high, -low] : [low, high];
  if (near === 0) return (sign * far) / 1024;
  return sign * (far > 4 * near ? Math.sqrt(near * far) : near + (far - near) / 2);
}

/**
 * The z of which the computed roots are the exact ones, up to rounding: its vectors are orthogonal however close the
 * roots are (Gu & Eisenstat 1995, doi:10.1137/S0895479892241287, lemma 3 and section 3.2).
 * z_i^2 = prod_j (root_j - pole_i) / prod_(j != i) (pole_j - pole_i), without the factor rho. O(count^2).
 *
 * @param deltas [count x count] row j holds pole_i - root_j
 * @returns [count] z_i times the root of rho, all positive
 */
export function consistentWeights(poles: Poles, deltas: Float64Array): Float64Array {
  const { count } = poles;
  const squares = new Float64Array(count).fill(1);
  for (let j = 0; j < count; j++) {
    const row = j * count;
    for (let i = 0; i < j; i++) squares[i] *= deltas[row + i] / poles.gap(i, j);
    squares[j] *= -deltas[row + j];
    for (let i = j + 1; i < count; i++) squares[i] *= deltas[row + i] / poles.gap(i, j);
  }
  return squares.map((square) => Math.sqrt(Math.abs(square)));
}
