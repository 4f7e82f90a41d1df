import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignFolds } from '#core/numeric/folds/assign-folds.ts';

test('holds exactly round(share x count) test images, the same ones for the same seed', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (count, share, seed) => {
      const folds = assignFolds(count, share, seed);
      expect(folds.reduce((sum, fold) => sum + fold, 0)).toBe(Math.round(share * count));
      expect(assignFolds(count, share, seed)).toEqual(folds);
    }),
  );
});

test('a larger share of the same seed keeps the images already held out', () => {
  const small = assignFolds(300, 0.2, 5);
  const large = assignFolds(300, 0.5, 5);
  expect(small.every((fold, image) => fold <= large[image])).toBe(true);
});

test('seeds differ, and every image is held out at the stated rate', () => {
  expect(assignFolds(100, 0.3, 1)).not.toEqual(assignFolds(100, 0.3, 2));
  const held = new Float64Array(50);
  const seeds = 4000;
  for (let seed = 0; seed < seeds; seed++)
    assignFolds(50, 0.3, seed).forEach((fold, image) => (held[image] += fold));
  const deviation = Math.sqrt(0.3 * 0.7 * seeds);
  for (const count of held) expect(Math.abs(count - 0.3 * seeds)).toBeLessThan(5 * deviation);
});

test('refuses what is no share or no count', () => {
  expect(() => assignFolds(10, 1.1, 0)).toThrow(/test share/);
  expect(() => assignFolds(10, NaN, 0)).toThrow(/test share/);
  expect(() => assignFolds(2.5, 0.1, 0)).toThrow(/number of images/);
});
