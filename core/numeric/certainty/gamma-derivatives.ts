/** B_2k / 2k for the digamma tail and B_2k for the trigamma tail, k = 1..7 (Bernoulli numbers). */
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6];
const asymptoticFrom = 12;

/**
 * Digamma, the derivative of ln Gamma, for x > 0: recurrence psi(x) = psi(x + 1) - 1 / x up to x >= 12, then the
 * asymptotic series (Abramowitz & Stegun 6.3.18). Relative error about 1e-14 away from its root. O(1).
 *
 * @throws RangeError unless x > 0.
 */
export function digamma(x: number): number {
  requirePositive(x);
  let shift = 0;
  for (; x < asymptoticFrom; x++) shift += 1 / x;
  const inverseSquare = 1 / (x * x);
  let power = 1;
  let tail = 0;
  bernoulli.forEach((b, k) => {
    power *= inverseSquare;
    tail += (b / (2 * k + 2)) * power;
  });
  return Math.log(x) - 0.5 / x - tail - shift;
}

/** Trigamma, the derivative of digamma, for x > 0, in the same way (6.4.12). @throws RangeError unless x > 0. O(1). */
export function trigamma(x: number): number {
  requirePositive(x);
  let shift = 0;
  for (; x < asymptoticFrom; x++) shift += 1 / (x * x);
  const inverseSquare = 1 / (x * x);
  let power = 1 / x;
  let tail = 0;
  for (const b of bernoulli) {
    power *= inverseSquare;
    tail += b * power;
  }
  return 1 / x + 0.5 * inverseSquare + tail + shift;
}

/**
 * The x > 0 with trigamma(x) = y, for y > 0: Newton's method on 1 / trigamma, which is nearly straight and convex, so
 * every step from 0.5 + 1 / y stays on one side (Smyth 2004, doi:10.2202/1544-6115.1027, appendix). O(1).
 *
 * @throws RangeError unless y > 0.
 */
export function inverseTrigamma(y: number): number {
  requirePositive(y);
  if (y > 1e7) return 1 / Math.sqrt(y);
  if (y < 1e-6) return 1 / y;
  let x = 0.5 + 1 / y;
  for (let step = 0; step < 50; step++) {
    const value = trigamma(x);
    const change = (value * (1 - value / y)) / tetragamma(x);
    x += change;
    if (Math.abs(change) <= 1e-12 * x) break;
  }
  return x;
}

/** Derivative of trigamma; always negative. */
function tetragamma(x: number): number {
  let shift = 0;
  for (; x < asymptoticFrom; x++) shift += 2 / (x * x * x);
  const inverseSquare = 1 / (x * x);
  let power = inverseSquare;
  let tail = 0;
  bernoulli.forEach((b, k) => {
    power *= inverseSquare;
    tail += (2 * k + 3) * b * power;
  });
  return -(inverseSquare + 1 / (x * x * x) + tail + shift);
}

function requirePositive(x: number): void {
  if (!(x > 0)) throw new RangeError(`The argument ${x} is not above 0.`);
}
