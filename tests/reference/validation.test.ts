import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { numpyNormals } from '#core/validation/numpy-random.ts';
import { oracleFiles, validate } from '#core/validation/validate.ts';
import { openLapack } from '#workers/linalg/lapack.ts';
import { openRuntimeAlgebra } from '#workers/linalg/runtime-algebra.ts';

const folder = join(import.meta.dirname, '../../samples/oracles');
const oracles = Object.fromEntries(
  oracleFiles.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown]),
);
const lapack = openLapack();
const backEnds = [...(lapack ? [lapack] : []), await openRuntimeAlgebra(), pureLinearAlgebra];
const report = await validate(oracles, backEnds);

/** What goes into the published computations, and words about them. */
const inputs = new Set([
  ...['X', 'Y', 'note', 'expected/shuffle_P'].map((key) => `cka_demo_1337.json/${key}`),
  ...['seed', 'shape', 'formula'].map((key) => `cka_demo_1337.json/expected/case2/${key}`),
  ...['seed', 'data'].map((key) => `cka_demo_1337.json/expected/spectral/${key}`),
  ...['source', 'case5x10/b1', 'case5x10/b2', 'case7x12_centered/b1', 'case7x12_centered/b2'].map(
    (key) => `anatome_issue27_cca.json/${key}`,
  ),
  ...['greedy_ne_optimal_12x12/C', 'hungarian_issue4_8x8/C', 'hungarian_issue4_8x8/source'].map(
    (key) => `matching.json/${key}`,
  ),
]);

/** Paths of everything in a file that is no object. */
function leaves(path: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, item]) => leaves(`${path}/${key}`, item));
}

describe('published numbers', () => {
  test('are all computed or named as not offered, once', () => {
    const known = report.checks.map(({ id }) => id);
    const published = oracleFiles.flatMap((file) => leaves(file, oracles[file]));
    expect(published.filter((path) => !inputs.has(path)).sort()).toEqual(known.sort());
  });

  test('every file of the folder is known', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    expect([...oracleFiles].sort()).toEqual(files.sort());
  });

  test.each(
    report.checks.filter(({ verdict }) => verdict !== 'not offered').map((check) => [check.id, check]),
  )('%s', (_, check) => {
    expect(check.answers.map(({ backEnd }) => backEnd)).toEqual(backEnds.map(({ title }) => title));
    for (const answer of check.answers) expect(answer.difference).toBeLessThanOrEqual(check.tolerance ?? 0);
    expect(check.verdict).toBe('pass');
    expect(check.reason).not.toBe('');
    expect(check.source).not.toBe('');
  });

  test('those not offered say why', () => {
    const missing = report.checks.filter(({ verdict }) => verdict === 'not offered');
    expect(missing).toHaveLength(report.notOffered);
    for (const check of missing) expect(check.reason).toMatch(/\.$/);
  });

  test('all are counted', () => {
    expect(report.failed).toBe(0);
    expect(report.passed).toBeGreaterThan(50);
    expect(report.passed + report.notOffered).toBe(report.checks.length);
  });

  test('a published number that is changed fails, and that one alone', async () => {
    const name = 'cka_demo_1337.json';
    const wrong = structuredClone(oracles) as Record<string, { expected: Record<string, number> }>;
    const key =
      report.checks
        .find(({ quantity }) => quantity === 'Linear CKA')
        ?.id.split('/')
        .at(-1) ?? '';
    expect(wrong[name].expected[key]).toBeTypeOf('number');
    wrong[name].expected[key] += 1e-6;
    const again = await validate({ [name]: wrong[name] }, [pureLinearAlgebra]);
    expect(again.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual([
      report.checks.find(({ quantity }) => quantity === 'Linear CKA')?.id,
    ]);
  });

  test('one back end that is wrong fails the check though the others are right', async () => {
    const broken: LinearAlgebra = {
      ...pureLinearAlgebra,
      title: 'broken',
      async symmetricEigen(n, a) {
        const found = await pureLinearAlgebra.symmetricEigen(n, a);
        return { ...found, values: found.values.map((value) => value * 1.01) };
      },
    };
    const { checks } = await validate(oracles, [pureLinearAlgebra, broken]);
    const mean = checks.find(({ id }) => id.endsWith('/mean_cca_centered'));
    expect(mean?.answers.map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
    expect(mean?.verdict).toBe('fail');
  });

  test.each([
    [{ X: [[1]], Y: [[1]], expected: { shuffle_P: [0] } }, /has no expected\/linear_cka/],
    [
      { X: [[1]], Y: [[1]], expected: { shuffle_P: [0], linear_cka: 'none' } },
      /linear_cka is neither a number nor a list/,
    ],
  ])('a damaged file is refused in words (%#)', async (content, words) => {
    await expect(validate({ 'cka_demo_1337.json': content }, [pureLinearAlgebra])).rejects.toThrow(words);
  });
});

test('numpyNormals draws what numpy.random.RandomState draws', () => {
  const { X, Y } = oracles['cka_demo_1337.json'] as { X: number[][]; Y: number[][] };
  const normals = numpyNormals(1337);
  const [first, second] = [normals(1000), normals(1000)];
  // The C library's logarithm may round its last bit otherwise.
  X.flat().forEach((value, at) => expect(first[at]).toBeCloseTo(value, 13));
  Y.flat().forEach((value, at) => expect(first[at] + second[at]).toBeCloseTo(value, 13));
});
