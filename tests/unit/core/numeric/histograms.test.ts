import { expect, it } from 'vitest';
import { sharedHistograms } from '#core/numeric/histograms/shared-histograms.ts';

it('units share one range, exact zeros are counted apart', () => {
  const { low, high, histograms } = sharedHistograms(
    [
      [0, 0, 1, 4],
      [-4, 2.5],
    ],
    4,
  );
  expect([low, high]).toEqual([-4, 4]);
  expect(histograms.map(({ counts, zeros, total }) => [[...counts], zeros, total])).toEqual([
    [[0, 0, 1, 1], 2, 4],
    [[1, 0, 0, 1], 0, 2],
  ]);
});

it('every value that is not zero is in one bin', () => {
  const values = Array.from({ length: 1000 }, (_, at) => Math.sin(at) ** 3);
  const { histograms } = sharedHistograms([values], 40);
  expect(histograms[0].counts.reduce((sum, count) => sum + count, 0)).toBe(999);
});

it('equal values, and none at all, have a histogram too', () => {
  expect(sharedHistograms([[3, 3]], 2).histograms[0].counts).toEqual(Int32Array.of(2, 0));
  expect(sharedHistograms([[]], 2)).toMatchObject({ low: 0, high: 0 });
  expect(sharedHistograms([[0, 0]], 2).histograms[0]).toMatchObject({ zeros: 2, total: 2 });
});
