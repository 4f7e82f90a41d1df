import { describe, expect, it } from 'vitest';
import { loadBlas } from '#workers/linalg/blas.ts';
import { blasProduct, chooseSymmetricProduct, runtimeProduct } from '#workers/linalg/symmetric-product.ts';

const blas = loadBlas({ ...process.env, CONSILIENCE_BLAS: '' });
if (!blas) console.log('No BLAS on this machine: its products are skipped.');

const backEnds = [
  { title: 'onnxruntime', create: () => runtimeProduct(2), isHere: true },
  {
    title: 'BLAS',
    create: () => Promise.resolve(blasProduct(blas as NonNullable<typeof blas>, 2)),
    isHere: blas !== null,
  },
];

describe.each(backEnds)('$title', ({ create, isHere }) => {
  it.skipIf(!isHere).each([
    [1, 1, 1],
    [3, 5, 5],
    [17, 129, 200],
    [130, 1000, 1000],
    [64, 4000, 4100],
  ])('adds A A^T of %i x %i, rows %i apart, as float64 does', async (rows, columns, stride) => {
    const data = Float32Array.from({ length: rows * stride }, (_, at) => Math.sin(at * 12.9898) * 3);
    const into = Float32Array.from({ length: rows * rows }, (_, at) => at % 7);
    const product = await create();
    await product.add(rows, columns, data, stride, into);
    await product.add(rows, columns, data, stride, into);
    for (let row = 0; row < rows; row++) {
      for (let col = row; col < rows; col++) {
        let sum = 0;
        let size = 1;
        for (let k = 0; k < columns; k++) {
          const term = data[row * stride + k] * data[col * stride + k];
          sum += term;
          size += Math.abs(term);
        }
        const expected = ((row * rows + col) % 7) + 2 * sum;
        // Blocked float32 sums: their error stays far below the worst case of n 2^-24.
        expect(Math.abs(into[row * rows + col] - expected)).toBeLessThan(2e-6 * size);
      }
    }
  });
});

describe('loadBlas', () => {
  it('leaves BLAS out on request and does without one that is not there', async () => {
    expect(loadBlas({ CONSILIENCE_BLAS: 'none' })).toBeNull();
    expect(loadBlas({ CONSILIENCE_BLAS: '/nowhere/libblas.so' })).toBeNull();
    expect((await chooseSymmetricProduct(1, 10)).title).toBe(blas?.title ?? 'onnxruntime products');
  });
});
