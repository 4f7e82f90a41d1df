import { describe, expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { openLapack } from '#workers/linalg/lapack.ts';
import { openRuntimeAlgebra } from '#workers/linalg/runtime-algebra.ts';
import { portableLinearAlgebra } from '#workers/linalg/portable-algebra.ts';

const lapack = openLapack({ ...process.env, CONSILIENCE_BLAS: '' });
if (!lapack) console.log('No LAPACK on this machine: its tests are skipped.');

const backEnds: { title: string; algebra: LinearAlgebra | null }[] = [
  { title: 'plain TypeScript', algebra: pureLinearAlgebra },
  { title: 'WebAssembly SIMD', algebra: portableLinearAlgebra() },
  { title: 'onnxruntime products', algebra: await openRuntimeAlgebra() },
  { title: 'system LAPACK', algebra: lapack },
];

function random(count: number, seed = 1): Float64Array {
  const { nextFloat } = createRandom(seed);
  return Float64Array.from({ length: count }, () => nextFloat() - 0.5);
}

/** Straight from the definition. */
function times(m: number, k: number, n: number, a: Float64Array, b: Float64Array): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) for (let l = 0; l < k; l++) c[i * n + j] += a[i * k + l] * b[l * n + j];
  return c;
}

function flip(a: Float64Array, rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: a.length }, (_, at) => a[(at % rows) * cols + Math.floor(at / rows)]);
}

function expectClose(found: Float64Array, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  let worst = 0;
  for (let at = 0; at < found.length; at++) worst = Math.max(worst, Math.abs(found[at] - expected[at]));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

const identity = (n: number) => Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));

/** Rows orthonormal. */
function expectOrthonormal(rows: Float64Array, count: number, length: number): void {
  expectClose(times(count, length, count, rows, flip(rows, count, length)), identity(count), 1e-12);
}

function symmetric(
  n: number,
  make: 'random' | 'low rank' | 'repeated' | 'zero' | 'ill-conditioned',
): Float64Array {
  if (make === 'zero') return new Float64Array(n * n);
  if (make === 'repeated') return identity(n);
  const rank = make === 'low rank' ? Math.ceil(n / 3) : n;
  const b = random(n * rank, n);
  if (make === 'ill-conditioned') for (let at = 0; at < b.length; at++) b[at] *= 10 ** (-(at % rank) / 3);
  return times(n, rank, n, b, flip(b, n, rank));
}

describe.each(backEnds)('$title', ({ algebra: maybe }) => {
  const algebra = maybe as LinearAlgebra;
  const here = it.skipIf(!maybe);

  here.each([
    [1, 1, 1],
    [3, 5, 2],
    [17, 8, 23],
    [0, 3, 2],
    [2, 0, 3],
  ])('multiplies %i x %i by %i columns, transposed or not', async (m, k, n) => {
    const [a, b] = [random(m * k), random(k * n, 2)];
    const expected = times(m, k, n, a, b);
    expectClose(await algebra.multiply(m, k, n, a, b), expected, 1e-13);
    expectClose(await algebra.multiply(m, k, n, flip(a, m, k), b, { a: true }), expected, 1e-13);
    expectClose(await algebra.multiply(m, k, n, a, flip(b, k, n), { b: true }), expected, 1e-13);
    expectClose(
      await algebra.multiply(m, k, n, flip(a, m, k), flip(b, k, n), { a: true, b: true }),
      expected,
      1e-13,
    );
    expectClose(await algebra.gram(m, k, a), times(k, m, k, flip(a, m, k), a), 1e-13);
  });

  here.each([
    [0, 'random'],
    [1, 'random'],
    [2, 'random'],
    [40, 'random'],
    [40, 'low rank'],
    [30, 'repeated'],
    [20, 'zero'],
    [24, 'ill-conditioned'],
    [130, 'random'],
  ] as const)('finds eigenvalues and vectors of %i x %i, %s', async (n, make) => {
    const a = symmetric(n, make);
    // The lower triangle is not read.
    const given = a.slice();
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) given[i * n + j] = 99;
    const { values, vectors } = await algebra.symmetricEigen(n, given);
    expectOrthonormal(vectors, n, n);
    expect([...values]).toEqual([...values].sort((x, y) => x - y));
    const scale = Math.max(1e-300, ...values.map(Math.abs));
    const product = times(n, n, n, vectors, a);
    for (let k = 0; k < n; k++)
      expectClose(
        product.subarray(k * n, (k + 1) * n),
        vectors.subarray(k * n, (k + 1) * n).map((entry) => entry * values[k]),
        1e-13 * n * scale,
      );
    expectClose(await algebra.eigenvalues(n, given), values, 1e-13 * n * scale);
    if (n < 5) return;
    const some = await algebra.symmetricEigen(n, given, { first: 1, count: 3 });
    expectClose(some.values, values.subarray(1, 4), 1e-13 * n * scale);
    expectOrthonormal(some.vectors, 3, n);
  });

  here.each([
    [1, 1, 'random'],
    [7, 3, 'random'],
    [3, 7, 'random'],
    [30, 30, 'random'],
    [40, 12, 'rank 4'],
    [12, 40, 'rank 4'],
    [6, 4, 'zero'],
    [0, 3, 'random'],
  ] as const)('decomposes %i x %i (%s) into singular values', async (m, n, make) => {
    const a =
      make === 'zero'
        ? new Float64Array(m * n)
        : make === 'rank 4'
          ? times(m, 4, n, random(m * 4, 3), random(4 * n, 4))
          : random(m * n, 5);
    const { u, s, vt } = await algebra.svd(m, n, a);
    const r = Math.min(m, n);
    expect([u.length, s.length, vt.length]).toEqual([m * r, r, r * n]);
    expect([...s]).toEqual([...s].sort((x, y) => y - x));
    expectClose(await algebra.singularValues(m, n, a), s, 1e-13 * Math.max(m, n) * (s[0] ?? 0));
    expectOrthonormal(vt, r, n);
    expectOrthonormal(flip(u, m, r), r, m);
    const scaled = u.map((entry, at) => entry * s[at % r]);
    expectClose(times(m, r, n, scaled, vt), a, 1e-13 * Math.max(1, m, n));
    if (make === 'rank 4') expect(Math.max(...s.subarray(4))).toBeLessThan(1e-13 * s[0]);
  });

  here.each([1e-290, 1e-170, 1e170, 1e290])('decomposes entries about %s', async (size) => {
    const n = 9;
    const a = symmetric(n, 'random').map((value) => value * size);
    const { values, vectors } = await algebra.symmetricEigen(n, a);
    expectOrthonormal(vectors, n, n);
    const { u, s, vt } = await algebra.svd(n, n, a);
    expectOrthonormal(vt, n, n);
    expectOrthonormal(flip(u, n, n), n, n);
    for (let k = 0; k < n; k++) expect(values[n - 1 - k] / s[k]).toBeCloseTo(1, 6);
    const { q, r } = await algebra.qr(n, n, a);
    expectOrthonormal(flip(q, n, n), n, n);
    expectClose(
      times(n, n, n, q, r).map((value) => value / size),
      a.map((value) => value / size),
      1e-13,
    );
  });

  here('keeps the relative accuracy of small singular values of a triangular factor', async () => {
    // diag(1, 1e-6, 1e-12) times a well-conditioned matrix, rows scaled: A^T A would lose the smallest.
    const d = [1, 1e-6, 1e-12];
    const a = Float64Array.of(d[0], 0, 0, 0, d[1], 0, 0, 0, d[2]);
    const { s } = await algebra.svd(3, 3, a);
    d.forEach((value, k) => expect(s[k] / value).toBeCloseTo(1, 10));
  });

  here.each([
    [1, 1],
    [5, 5],
    [40, 7],
    [9, 0],
  ])('QR of %i x %i', async (m, n) => {
    const a = random(m * n, 6);
    const { q, r } = await algebra.qr(m, n, a);
    expectOrthonormal(flip(q, m, n), n, m);
    expectClose(times(m, n, n, q, r), a, 1e-13);
    for (let i = 0; i < n; i++) {
      expect(r[i * n + i]).toBeGreaterThanOrEqual(0);
      for (let j = 0; j < i; j++) expect(r[i * n + j]).toBe(0);
    }
  });

  here('Cholesky factors of positive definite matrices alone', async () => {
    const n = 12;
    const a = symmetric(n, 'random');
    const lower = (await algebra.cholesky(n, a)) as Float64Array;
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(lower[i * n + j]).toBe(0);
    expectClose(times(n, n, n, lower, flip(lower, n, n)), a, 1e-13);
    expect(await algebra.cholesky(2, Float64Array.of(1, 2, 2, 1))).toBeNull();
    expect(await algebra.cholesky(2, new Float64Array(4))).toBeNull();
    expect(await algebra.cholesky(0, new Float64Array(0))).toEqual(new Float64Array(0));
  });

  here('refuses what is not finite or does not fit', () => {
    expect(() => algebra.gram(1, 1, Float64Array.of(Number.NaN))).toThrow(/a has a value that is not finite/);
    expect(() => algebra.svd(2, 2, new Float64Array(3))).toThrow(/a has 3 values; 2 x 2 needs 4/);
    expect(() => algebra.qr(1, 2, new Float64Array(2))).toThrow(/at least as many rows as columns/);
    expect(() => algebra.symmetricEigen(2, new Float64Array(4), { first: 1, count: 2 })).toThrow(
      /not among 2/,
    );
  });
});
