/** `studentTail` at one t. */
export function studentUpperTail(t: number, df: number): number {
  return studentTail(df)(t);
}

/**
 * Upper tail of Student's t, P(T >= t), and for infinite degrees of freedom of the normal distribution. Accurate
 * relatively far into the tail (1e-300), where false-discovery control of millions of pairs looks.
 *
 *   P(T >= t) = I_x(df / 2, 1 / 2) / 2,  x = df / (df + t^2)   for t >= 0, else 1 - P(T >= -t)
 *
 * I is the regularised incomplete beta function by Lentz's continued fraction (DLMF 8.17.22).
 *
 * @param df degrees of freedom, above 0 or Infinity
 * @returns the tail as a function of t: what depends on df alone is computed once
 * @throws RangeError for a t that is not a number or df not above 0. O(1) in practice (at most 500 terms).
 */
export function studentTail(df: number): (t: number) => number {
  const beta = df > 0 && df <= 1e8 ? regularisedBeta(df / 2, 0.5) : null;
  return function tail(t: number): number {
    if (Number.isNaN(t) || !(df > 0))
      throw new RangeError(`No t distribution at ${t} with ${df} degrees of freedom.`);
    if (t < 0) return 1 - tail(-t);
    if (!beta) return normalUpperTail(t);
    const square = t * t;
    return square === Infinity ? 0 : 0.5 * beta(df / (df + square), square / (df + square));
  };
}

/** P(Z >= z) of the standard normal distribution, z >= 0. */
function normalUpperTail(z: number): number {
  if (z > 38.5) return 0;
  return z < 2.5 ? 0.5 - densityAt(z) * seriesSum(z) : densityAt(z) * continuedFraction(z);
}

const densityAt = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** sum_k z^(2k+1) / (1 3 5 ... (2k+1)) (Abramowitz & Stegun 26.2.11). */
function seriesSum(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return sum;
}

/** Mills ratio 1 / (z + 1 / (z + 2 / (z + ...))) (26.2.14). */
function continuedFraction(z: number): number {
  let tail = z;
  for (let k = 120; k >= 1; k--) tail = z + k / tail;
  return 1 / tail;
}

/** I_x(a, b) of x and `rest` = 1 - x, given apart so that neither end cancels. */
function regularisedBeta(a: number, b: number): (x: number, rest: number) => number {
  const scale = logGamma(a + b) - logGamma(a) - logGamma(b);
  return (x, rest) => {
    if (x <= 0) return 0;
    if (rest <= 0) return 1;
    const front = Math.exp(scale + a * logOf(x, rest) + b * logOf(rest, x));
    return x < (a + 1) / (a + b + 2)
      ? (front * betaFraction(x, a, b)) / a
      : 1 - (front * betaFraction(rest, b, a)) / b;
  };
}

/** ln x, through the complement where x is near 1. */
const logOf = (x: number, complement: number): number => (x > 0.5 ? Math.log1p(-complement) : Math.log(x));

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const keep = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / keep(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / keep(1 + even * d);
    c = keep(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / keep(1 + odd * d);
    c = keep(1 + odd / c);
    const change = c * d;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return fraction;
}

const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/** ln Gamma(x), x > 0: recurrence up to 12, then Stirling's series (DLMF 5.11.1). */
function logGamma(x: number): number {
  let product = 1;
  for (; x < 12; x++) product *= x;
  const inverseSquare = 1 / (x * x);
  let power = x;
  let tail = 0;
  for (const coefficient of stirling) {
    power *= inverseSquare;
    tail += coefficient * power;
  }
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + tail - Math.log(product);
}
