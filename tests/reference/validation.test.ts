import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
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

describe('published numbers', () => {
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
});
