import { expect } from 'vitest';

/** How near a computed value must come, and why that near. */
export interface Tolerance {
  rtol: number;
  atol: number;
  reason: string;
}

/** Fails unless |found - expected| <= atol + rtol |expected| everywhere; a value that is not finite is never close. */
export function expectClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): void {
  expect(found.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) {
    const allowed = tolerance.atol + tolerance.rtol * Math.abs(expected[k]);
    const isClose =
      Number.isFinite(found[k]) &&
      Number.isFinite(expected[k]) &&
      Math.abs(found[k] - expected[k]) <= allowed;
    if (!isClose) {
      expect.fail(
        `entry ${k}: found ${found[k]}, expected ${expected[k]} within ${allowed} (${tolerance.reason})`,
      );
    }
  }
}
