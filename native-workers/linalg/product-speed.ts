import { openLinearAlgebra } from './choose-algebra.ts';

/** Small enough for one thread, large enough for its full speed. */
const side = 384;
/** Long enough to feel what else runs on the machine. */
const measureMs = 120;

/** Speed of products in double precision, one caller, GFLOP/s, as it is now: what else runs on the machine counts. */
export async function productGflops(): Promise<number> {
  const algebra = await openLinearAlgebra();
  const matrix = Float64Array.from({ length: side * side }, (_, at) => ((at * 7919) % 1000) / 1000 - 0.5);
  await algebra.multiply(side, side, side, matrix, matrix);
  const started = performance.now();
  let products = 0;
  let ms = 0;
  while (ms < measureMs) {
    await algebra.multiply(side, side, side, matrix, matrix);
    products++;
    ms = performance.now() - started;
  }
  return (products * 2 * side ** 3) / ms / 1e6;
}
