import { expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import { orderStatistics } from '#core/numeric/mutual-information/order-statistics.ts';

const count = 20_000;

it.each([
  ['spread over many sizes', (u: number) => (u - 0.5) * 10 ** (u * 20 - 10)],
  ['after a ReLU', (u: number) => Math.max(0, u - 0.6)],
  ['nearly equal', (u: number) => 1 + u * 1e-6],
  ['equal', () => -2.5],
  ['of few values', (u: number) => Math.floor(u * 3) - 1],
])('order statistics are those of the sorted values: %s', (_, value) => {
  const { nextFloat } = createRandom(11);
  const values = Float32Array.from({ length: count }, () => value(nextFloat()));
  const sorted = values.slice().sort();
  const ranks = [0, 1, 17, 4999, 5000, 9999, 10_000, 15_000, count - 2, count - 1];
  const found = orderStatistics(values, ranks);
  for (const rank of ranks) expect(found.get(rank)).toBe(sorted[rank]);
});
