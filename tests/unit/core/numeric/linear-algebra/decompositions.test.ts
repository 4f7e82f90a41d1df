import { describe, expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { openLapack } from '#workers/linalg/lapack.ts';
import { portableLinearAlgebra } from '#workers/linalg/portable-algebra.ts';

const lapack = openLapack({ ...process.env, CONSILIENCE_BLAS: '' });
const backEnds = [pureLinearAlgebra, portableLinearAlgebra()];

/**
 * Residuals and lost orthogonality of a backward stable decomposition are a small multiple of epsilon times the size of
 * the matrix, growing slower than n; measured at most 0.3 n epsilon here, LAPACK's the same.
 */
const tolerance = (n: number) => 2 * Math.max(4, n) * Number.EPSILON;

function random(count: number, seed = 1): Float64Array {
  const { nextFloat } = createRandom(seed);
  return Float64Array.from({ length: count }, () => nextFloat() - 0.5);
}

function tridiagonal(
  n: number,
  diagonal: (i: number) => number,
  coupling: (i: number) => number,
): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    a[i * n + i] = diagonal(i);
    if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = coupling(i);
  }
  return a;
}

async function symmetricOf(n: number, values: (i: number) => number): Promise<Float64Array> {
  const { q } = await portableLinearAlgebra().qr(n, n, random(n * n, n));
  const scaled = q.map((entry, at) => entry * values(at % n));
  const a = await portableLinearAlgebra().multiply(n, n, n, scaled, q, { b: true });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i];
  return a;
}

/** Wilkinson's W21+ : pairs of eigenvalues that agree to 15 digits; glued, clusters of them. */
const wilkinson = (copies: number, glue: number) =>
  tridiagonal(
    21 * copies,
    (i) => Math.abs((i % 21) - 10),
    (i) => (i % 21 === 0 ? glue : 1),
  );

const n = 100;
const symmetric: [string, number, () => Float64Array | Promise<Float64Array>][] = [
  ['1 x 1, negative', 1, () => Float64Array.of(-3)],
  ['zero', n, () => new Float64Array(n * n)],
  [
    'the identity',
    n,
    () =>
      tridiagonal(
        n,
        () => 1,
        () => 0,
      ),
  ],
  [
    'minus the identity',
    n,
    () =>
      tridiagonal(
        n,
        () => -1,
        () => 0,
      ),
  ],
  [
    'a diagonal out of order',
    n,
    () =>
      tridiagonal(
        n,
        (i) => ((i * 37) % n) - 50,
        () => 0,
      ),
  ],
  [
    'second differences',
    n,
    () =>
      tridiagonal(
        n,
        () => 2,
        () => -1,
      ),
  ],
  [
    'a path without diagonal',
    n,
    () =>
      tridiagonal(
        n,
        () => 0,
        () => 1,
      ),
  ],
  [
    'couplings that vanish',
    n,
    () =>
      tridiagonal(
        n,
        (i) => i % 7,
        (i) => (i % 5 === 0 ? 0 : 1e-3),
      ),
  ],
  [
    'couplings below rounding',
    n,
    () =>
      tridiagonal(
        n,
        (i) => i % 7,
        () => 1e-17,
      ),
  ],
  ['Wilkinson W21+', 21, () => wilkinson(1, 0)],
  ['five Wilkinsons glued by 1e-8', 105, () => wilkinson(5, 1e-8)],
  ['ten Wilkinsons glued by 1e-15', 210, () => wilkinson(10, 1e-15)],
  ['ones', n, () => new Float64Array(n * n).fill(1)],
  ['two values many times', n, () => symmetricOf(n, (i) => (i < 60 ? 1 : -2))],
  ['values 1e-9 apart', n, () => symmetricOf(n, (i) => 1 + (i >> 1) * 1e-9)],
  [
    'graded downwards',
    n,
    () =>
      tridiagonal(
        n,
        (i) => 10 ** (-i / 4),
        (i) => 10 ** (-i / 4),
      ),
  ],
  [
    'graded upwards',
    n,
    () =>
      tridiagonal(
        n,
        (i) => 10 ** (-(n - i) / 4),
        (i) => 10 ** (-(n - i) / 4),
      ),
  ],
  ['values from 1 to 1e-25', n, () => symmetricOf(n, (i) => 10 ** (-i / 4))],
  ['one value far off', n, () => symmetricOf(n, (i) => (i === 3 ? 1e12 : i / n))],
  ['rank 5', n, () => symmetricOf(n, (i) => (i < 5 ? i + 1 : 0))],
  ['entries about 1e-300', n, async () => (await symmetricOf(n, (i) => i - 50)).map((x) => x * 1e-300)],
  ['entries about 1e300', n, async () => (await symmetricOf(n, (i) => i - 50)).map((x) => x * 1e300)],
  ['random, more than a panel', 301, () => symmetricOf(301, (i) => Math.sin(i * i))],
];

describe.each(backEnds)('symmetric eigenvalues, $title', (algebra) => {
  it.each(symmetric)('%s', async (_, size, make) => {
    const a = await make();
    const { values, vectors } = await algebra.symmetricEigen(size, a);
    await expectEigen(size, a, values, vectors);
    const alone = await algebra.eigenvalues(size, a);
    expect([...alone]).toEqual([...alone].sort((x, y) => x - y));
    alone.forEach((value, k) =>
      expect(Math.abs(value - values[k])).toBeLessThanOrEqual(tolerance(size) * largestOf(values)),
    );
    if (!lapack) return;
    const { values: expected } = await lapack.symmetricEigen(size, a);
    const largest = largestOf(expected);
    values.forEach((value, k) =>
      expect(Math.abs(value - expected[k])).toBeLessThanOrEqual(tolerance(size) * largest),
    );
  });

  it('knows the eigenvalues of second differences', async () => {
    const { values } = await algebra.symmetricEigen(
      n,
      tridiagonal(
        n,
        () => 2,
        () => -1,
      ),
    );
    values.forEach((value, k) =>
      expect(Math.abs(value - 4 * Math.sin((Math.PI * (k + 1)) / (2 * (n + 1))) ** 2)).toBeLessThan(1e-14),
    );
  });

  it('gives a range as a part of all, to the last bit', async () => {
    const a = await symmetricOf(n, (i) => Math.cos(i));
    const all = await algebra.symmetricEigen(n, a);
    const some = await algebra.symmetricEigen(n, a, { first: 7, count: 20 });
    expect(some.values).toEqual(all.values.slice(7, 27));
    some.vectors.forEach((entry, at) => expect(entry).toBeCloseTo(all.vectors[7 * n + at], 13));
  });

  it('answers the same to the last bit every time, whatever ran before', async () => {
    const a = await symmetricOf(n, (i) => Math.cos(i));
    const first = await algebra.symmetricEigen(n, a);
    await algebra.svd(n, 3, random(3 * n));
    expect(await algebra.symmetricEigen(n, a)).toEqual(first);
  });
});

const general: [string, number, number, () => Float64Array | Promise<Float64Array>][] = [
  ['1 x 1, negative', 1, 1, () => Float64Array.of(-3)],
  ['zero', n, n, () => new Float64Array(n * n)],
  [
    'the identity',
    n,
    n,
    () =>
      tridiagonal(
        n,
        () => 1,
        () => 0,
      ),
  ],
  ['ones', n, n, () => new Float64Array(n * n).fill(1)],
  [
    'a diagonal with zeros and signs',
    n,
    n,
    () =>
      tridiagonal(
        n,
        (i) => ((i * 37) % 9) - 4,
        () => 0,
      ),
  ],
  ['nilpotent', n, n, () => Float64Array.from({ length: n * n }, (_, at) => +(at % (n + 1) === 1))],
  ['two values many times', n, n, () => symmetricOf(n, (i) => (i < 60 ? 1 : -2))],
  ['values 1e-9 apart', n, n, () => symmetricOf(n, (i) => 1 + (i >> 1) * 1e-9)],
  ['glued Wilkinsons', 105, 105, () => wilkinson(5, 1e-8)],
  ['values from 1 to 1e-25', n, n, () => symmetricOf(n, (i) => 10 ** (-i / 4))],
  [
    'graded',
    n,
    n,
    () =>
      tridiagonal(
        n,
        (i) => 10 ** (-i / 4),
        (i) => 10 ** (-i / 4),
      ),
  ],
  ['one value far off', n, n, () => symmetricOf(n, (i) => (i === 3 ? 1e12 : i / n))],
  ['rank 5', n, n, () => symmetricOf(n, (i) => (i < 5 ? i + 1 : 0))],
  ['zero rows and columns', n, n, () => random(n * n).map((x, at) => ((at % n) % 3 && at % 2 ? x : 0))],
  ['entries about 1e-300', n, n, () => random(n * n).map((x) => x * 1e-300)],
  ['entries about 1e300', n, n, () => random(n * n).map((x) => x * 1e300)],
  ['tall', 220, 70, () => random(220 * 70)],
  ['tall, near-duplicate columns', 220, 70, () => duplicated(220, 70)],
  ['one row more than columns', 71, 70, () => random(71 * 70)],
  ['wide', 70, 220, () => random(220 * 70)],
  ['more than a panel', 301, 301, () => random(301 * 301)],
];

describe.each(backEnds)('singular values, $title', (algebra) => {
  it.each(general)('%s', async (_, rows, columns, make) => {
    const a = await make();
    const { u, s, vt } = await algebra.svd(rows, columns, a);
    const r = Math.min(rows, columns);
    const size = Math.max(rows, columns);
    expect([...s]).toEqual([...s].sort((x, y) => y - x));
    expect(s[r - 1]).toBeGreaterThanOrEqual(0);
    const alone = await algebra.singularValues(rows, columns, a);
    expect(alone).toHaveLength(r);
    expect([...alone]).toEqual([...alone].sort((x, y) => y - x));
    expect(alone[r - 1]).toBeGreaterThanOrEqual(0);
    alone.forEach((value, k) => expect(Math.abs(value - s[k])).toBeLessThanOrEqual(tolerance(size) * s[0]));
    await expectOrthonormal(r, columns, vt);
    await expectOrthonormal(r, rows, flip(u, rows, r));
    const scale = s[0] || 1;
    const scaled = u.map((entry, at) => entry * (s[at % r] / scale));
    const product = await pureLinearAlgebra.multiply(rows, r, columns, scaled, vt);
    product.forEach((value, at) => (product[at] = value - a[at] / scale));
    expect(largestOf(product)).toBeLessThanOrEqual(tolerance(size));
    if (!lapack) return;
    const { s: expected } = await lapack.svd(rows, columns, a);
    s.forEach((value, k) =>
      expect(Math.abs(value - expected[k])).toBeLessThanOrEqual(tolerance(size) * expected[0]),
    );
  });
});

async function expectEigen(size: number, a: Float64Array, values: Float64Array, vectors: Float64Array) {
  expect([...values]).toEqual([...values].sort((x, y) => x - y));
  await expectOrthonormal(size, size, vectors);
  const scale = largestOf(values) || 1;
  const scaled = a.map((value) => value / scale);
  const residual = await pureLinearAlgebra.multiply(size, size, size, vectors, scaled);
  residual.forEach(
    (value, at) => (residual[at] = value - (values[Math.floor(at / size)] / scale) * vectors[at]),
  );
  expect(largestOf(residual)).toBeLessThanOrEqual(tolerance(size));
}

async function expectOrthonormal(rows: number, length: number, vectors: Float64Array): Promise<void> {
  const gram = await pureLinearAlgebra.multiply(rows, length, rows, vectors, vectors, { b: true });
  for (let i = 0; i < rows; i++) gram[i * rows + i] -= 1;
  expect(largestOf(gram)).toBeLessThanOrEqual(tolerance(length));
}

function duplicated(rows: number, columns: number): Float64Array {
  const a = random(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < 20; j++) a[i * columns + 40 + j] = a[i * columns + j] * (1 + 1e-15);
  return a;
}

function flip(a: Float64Array, rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: a.length }, (_, at) => a[(at % rows) * cols + Math.floor(at / rows)]);
}

function largestOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
