import { expect, it } from 'vitest';
import { isDivided } from '#workers/linalg/divided-calls.ts';

it('products are divided by their work, decompositions by the side that is decomposed', () => {
  expect(isDivided('multiply', 512, 512, 512)).toBe(true);
  expect(isDivided('multiply', 1, 8192, 8192)).toBe(false);
  expect(isDivided('multiply', 64, 20_000, 64)).toBe(false);
  expect(isDivided('gram', 20_000, 100)).toBe(true);
  expect(isDivided('gram', 20_000, 64)).toBe(false);
  expect(isDivided('qr', 10_000, 511)).toBe(false);
  expect(isDivided('svd', 600, 511)).toBe(false);
  expect(isDivided('singularValues', 600, 512)).toBe(true);
  expect(isDivided('symmetricEigen', 512)).toBe(true);
  expect(isDivided('cholesky', 511)).toBe(false);
});
