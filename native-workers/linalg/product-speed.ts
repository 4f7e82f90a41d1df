import { openLinearAlgebra } from './choose-algebra.ts';

/** Small enough for one thread, large enough for its full speed. */
const side = 384;
const runs = 12;

/** Speed of products in double precision, one thread, GFLOP/s: the best of a few, which takes some 50 ms. */
export async function productGflops(): Promise<number> {
  const algebra = await openLinearAlgebra();
  const matrix = Float64Array.from({ length: side * side }, (_, at) => ((at * 7919) % 1000) / 1000 - 0.5);
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await algebra.multiply(side, side, side, matrix, matrix);
    best = Math.min(best, performance.now() - started);
  }
  return (2 * side ** 3) / best / 1e6;
}
