import type { LassoArithmetic } from '#core/numeric/sparse-mapping/lasso-arithmetic.ts';
import { AppError } from '#core/errors.ts';
import { lassoKernelWasm } from './lasso-kernel.wasm.ts';

/** The kernel's functions, arrays by their address in bytes: see lasso-kernel.as.ts. */
interface LassoKernel {
  descend(size: number, gram: number, weights: number, gradient: number, alpha: number, passes: number): void;
  subtractRows(rows: number, size: number, matrix: number, factors: number, into: number): void;
  factorise(count: number, matrix: number, least: number): number;
  solve(count: number, factor: number, x: number): void;
}

const pageBytes = 65536;
const alignment = 64;
const mostBytes = 4 * 2 ** 30 - pageBytes;

/**
 * The lasso's inner loops in WebAssembly SIMD, for a problem of so many sources: the memory is taken at once, because
 * growing it would detach the arrays given out.
 *
 * @throws AppError `not-available` where the problem does not fit 4 GiB (about 13,000 sources).
 */
export function simdArithmetic(sources: number): LassoArithmetic {
  // Gram, its inverse and the factor of that, half a Gram copied side by side, and what grows by halves; vectors.
  const bytes = 8 * (5.5 * sources * sources + 32 * (sources + 8)) + pageBytes;
  if (bytes > mostBytes) {
    throw new AppError(
      'not-available',
      `A sparse mapping from ${sources} units does not fit into memory; compare smaller layers.`,
    );
  }
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const module = new WebAssembly.Module(Buffer.from(lassoKernelWasm, 'base64'));
  const abort = () => {
    throw new Error('A kernel stopped.');
  };
  const kernel = new WebAssembly.Instance(module, { env: { memory, abort } })
    .exports as unknown as LassoKernel;
  let next = alignment;
  return {
    float64(length) {
      const array = new Float64Array(memory.buffer, next, length);
      next += Math.ceil((8 * length) / alignment) * alignment;
      return array;
    },
    descend: (size, gram, weights, gradient, alpha, passes) =>
      kernel.descend(size, gram.byteOffset, weights.byteOffset, gradient.byteOffset, alpha, passes),
    subtractRows: (rows, size, matrix, factors, into) =>
      kernel.subtractRows(rows, size, matrix.byteOffset, factors.byteOffset, into.byteOffset),
    factorise: (count, matrix, least) => kernel.factorise(count, matrix.byteOffset, least) === 1,
    solve: (count, factor, x) => kernel.solve(count, factor.byteOffset, x.byteOffset),
  };
}
