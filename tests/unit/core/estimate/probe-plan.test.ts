import { describe, expect, it } from 'vitest';
import { lineThrough } from '#core/estimate/makespan.ts';
import { nextPass } from '#core/estimate/probe-plan.ts';

/** Passes as they would be made, of data whose images take `slope` seconds each beside `base` seconds a pass. */
function passesOf(base: number, slope: number, all: number, noise = 0) {
  const done: { size: number; value: number }[] = [];
  for (let size: number | null = 16; size !== null; size = nextPass(done, all)) {
    const sign = done.length % 2 === 0 ? 1 : -1;
    done.push({ size, value: base + slope * size + sign * noise });
  }
  const [low, high] = done.slice(-2);
  const line = lineThrough(low, high ?? low);
  return { sizes: done.map(({ size }) => size), estimate: line.base + line.slope * all, done };
}

describe('short passes that tell what a long one takes', () => {
  it('grow until the images themselves take long enough to be measured', () => {
    expect(passesOf(0.01, 0.001, 100_000).sizes).toEqual([16, 64, 256, 1024]);
    expect(passesOf(0.01, 0.02, 100_000).sizes).toEqual([16, 64, 256]);
  });

  it('end where a longer one would take too long, and at all images', () => {
    expect(passesOf(1, 0.4, 100_000).sizes).toEqual([16, 64]);
    expect(passesOf(0, 0.01, 100).sizes).toEqual([16, 64, 100]);
    expect(passesOf(0, 1, 16).sizes).toEqual([16]);
  });

  it('tell what every pass pays from what images take, though a pass pays many seconds', () => {
    for (const base of [3, 9, 20]) {
      const all = 20_000;
      const { sizes, estimate, done } = passesOf(base, 0.001, all, 0.03 * base);
      expect(estimate / (base + 0.001 * all), sizes.join()).toBeGreaterThan(1 / 1.5);
      expect(estimate / (base + 0.001 * all), sizes.join()).toBeLessThan(1.5);
      expect(done.reduce((sum, { value }) => sum + value, 0)).toBeLessThan(6 * base + 10);
    }
  });

  it('are two where the first is slow, and one where it is very slow', () => {
    expect(passesOf(0, 0.6, 10_000).sizes).toEqual([16, 32]);
    expect(passesOf(0, 3, 10_000).sizes).toEqual([16]);
  });
});
