import { describe, expect, it } from 'vitest';
import { plainArithmetic } from '#core/numeric/linear-algebra/plain-arithmetic.ts';
import type { DenseLoops } from '#core/numeric/linear-algebra/dense-arithmetic.ts';
import { createRandom } from '#core/random.ts';
import { simdArithmetic } from '#workers/linalg/simd-arithmetic.ts';

const simd = simdArithmetic();
if (!simd) throw new Error('This WebAssembly has no SIMD.');

/** Sums of up to 600 products of values below 1/2, in another order. */
const tolerance = 600 * Number.EPSILON;

/** The same work on both; what it returns must agree. */
function both(work: (loops: DenseLoops) => Float64Array): void {
  const [found, expected] = [simd, plainArithmetic].map((arithmetic) => {
    const loops = arithmetic?.open(2_000_000);
    if (!loops) throw new Error('No room.');
    return work(loops).slice();
  });
  let worst = 0;
  found.forEach((value, at) => (worst = Math.max(worst, Math.abs(value - expected[at]))));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

function filled(loops: DenseLoops, length: number, seed: number): Float64Array {
  const { nextFloat } = createRandom(seed);
  const array = loops.float64(length);
  for (let at = 0; at < length; at++) array[at] = nextFloat() - 0.5;
  return array;
}

describe('dense loops in WebAssembly', () => {
  it.each([
    [0, 3, 2],
    [3, 0, 2],
    [3, 2, 0],
    [1, 1, 1],
    [4, 4, 4],
    [5, 7, 3],
    [63, 65, 257],
    [130, 520, 40],
    [67, 9, 600],
  ])('multiplies %i x %i with %i terms, transposed or not, within larger matrices', (m, n, k) => {
    for (const isTransposedA of [false, true]) {
      for (const isTransposedB of [false, true]) {
        both((loops) => {
          const [lda, ldb, ldc] = [(isTransposedA ? m : k) + 3, (isTransposedB ? k : n) + 1, n + 2];
          const a = filled(loops, (isTransposedA ? k : m) * lda, 1);
          const b = filled(loops, (isTransposedB ? n : k) * ldb, 2);
          const c = filled(loops, m * ldc, 3);
          const [left, right] = [
            { values: a, ld: lda, isTransposed: isTransposedA },
            { values: b, ld: ldb, isTransposed: isTransposedB },
          ];
          loops.multiplyAdd(m, n, k, -0.5, left, right, { values: c, ld: ldc });
          return c;
        });
      }
    }
  });

  it.each([0, 1, 2, 3, 4, 5, 8, 11, 66, 131])('multiplies a symmetric matrix of %i by a vector', (n) => {
    both((loops) => {
      const a = filled(loops, n * (n + 1), 4);
      // The lower triangle is not read.
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * (n + 1) + j] = Number.NaN;
      const y = filled(loops, n, 5);
      loops.symmetricTimes(n, { values: a, ld: n + 1 }, filled(loops, n, 6), y);
      return y;
    });
  });

  it.each([
    [0, 5],
    [5, 0],
    [1, 1],
    [3, 7],
    [4, 8],
    [9, 66],
    [130, 35],
  ])('multiplies %i rows of %i and their transpose by vectors', (rows, columns) => {
    both((loops) => {
      const a = filled(loops, rows * (columns + 1), 7);
      const part = { values: a, ld: columns + 1 };
      const y = filled(loops, rows + 1, 8);
      loops.rowsTimes(rows, columns, part, filled(loops, columns, 9), y);
      return y;
    });
    both((loops) => {
      const a = filled(loops, rows * (columns + 1), 7);
      const y = filled(loops, columns + 1, 8);
      loops.addRows(rows, columns, { values: a, ld: columns + 1 }, filled(loops, rows, 9), y);
      return y;
    });
  });

  it('gives zeros, from a memory that was used before too', () => {
    simd.open(100)?.float64(100).fill(7);
    expect(simd.open(100)?.float64(100)).toEqual(new Float64Array(100));
  });

  it('grows one memory for large problems instead of taking another', () => {
    const [few, more] = [9_000_000, 10_000_000];
    const first = simd.open(few)?.float64(few).fill(7);
    const again = simd.open(few)?.float64(few);
    expect(again?.buffer).toBe(first?.buffer);
    const larger = simd.open(more)?.float64(more);
    expect(first).toHaveLength(0);
    expect(larger?.every((value) => value === 0)).toBe(true);
    larger?.fill(7);
    expect(
      simd
        .open(few)
        ?.float64(few)
        .every((value) => value === 0),
    ).toBe(true);
  });

  it('has no room for more than 4 GiB', () => {
    expect(simd.open(2 ** 29)).toBeNull();
  });
});
