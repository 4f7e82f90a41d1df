import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, sampleWithoutReplacement, shuffle } from '#core/random.ts';

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe('createRandom', () => {
  test('refuses seeds that are no whole numbers in range', () => {
    for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53]) expect(() => createRandom(seed)).toThrow(/seed/);
  });

  test('the stream of a seed is frozen: stored folds and samples depend on it', () => {
    const random = createRandom(1);
    expect([random.nextUint32(), random.nextUint32(), random.nextUint32()]).toMatchInlineSnapshot(`
      [
        772480653,
        259721264,
        2524130311,
      ]
    `);
    expect(createRandom(2 ** 40 + 1).nextUint32()).toMatchInlineSnapshot(`157500493`);
  });

  test('same seed, same stream; another seed, another stream', () => {
    fc.assert(
      fc.property(seeds, seeds, (a, b) => {
        const draw = (seed: number) => {
          const random = createRandom(seed);
          return Array.from({ length: 8 }, () => random.nextUint32()).join();
        };
        expect(draw(a)).toBe(draw(a));
        if (a !== b) expect(draw(a)).not.toBe(draw(b));
      }),
    );
  });

  test('floats lie in [0, 1) with the mean and variance of a uniform variable', () => {
    const random = createRandom(7);
    const n = 200_000;
    let [sum, squares] = [0, 0];
    for (let k = 0; k < n; k++) {
      const x = random.nextFloat();
      if (!(x >= 0 && x < 1)) expect.fail(`${x} is not in [0, 1)`);
      sum += x;
      squares += (x - 0.5) ** 2;
    }
    // Five standard errors: sqrt(1/12/n) and sqrt(1/180/n).
    expect(Math.abs(sum / n - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(squares / n - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  });

  test('bounded integers: every value equally often (chi-square), bounds checked', () => {
    const random = createRandom(3);
    for (const bound of [0, 1.5, 2 ** 32 + 1]) expect(() => random.nextInt(bound)).toThrow(/bound/);
    expect(random.nextInt(1)).toBe(0);
    const counts = new Float64Array(10);
    const n = 100_000;
    for (let k = 0; k < n; k++) counts[random.nextInt(10)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - n / 10) ** 2 / (n / 10), 0);
    expect(chiSquare).toBeLessThan(33.7); // 9 degrees of freedom, p = 1e-4
  });
});

describe('shuffle and sampleWithoutReplacement', () => {
  test('a shuffle is a permutation', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), seeds, (items, seed) => {
        expect(shuffle([...items], createRandom(seed)).sort()).toEqual([...items].sort());
      }),
    );
  });

  test('all 24 orders of four items come equally often', () => {
    const random = createRandom(11);
    const counts = new Map<string, number>();
    const n = 48_000;
    for (let k = 0; k < n; k++) {
      const key = shuffle([0, 1, 2, 3], random).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - n / 24) ** 2 / (n / 24), 0);
    expect(chiSquare).toBeLessThan(58.0); // 23 degrees of freedom, p = 1e-4 is 58.6
  });

  test('samples are distinct, ascending, in range, of the asked size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.nat(60), seeds, (count, wanted, seed) => {
        const size = Math.min(wanted, count);
        const sample = sampleWithoutReplacement(count, size, createRandom(seed));
        expect(sample.length).toBe(size);
        for (let k = 0; k < size; k++) {
          expect(sample[k]).toBeLessThan(count);
          if (k > 0) expect(sample[k]).toBeGreaterThan(sample[k - 1]);
        }
      }),
    );
    expect(() => sampleWithoutReplacement(3, 4, createRandom(0))).toThrow(/4 different indices out of 3/);
  });
});
