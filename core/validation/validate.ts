import type { BackEndAnswer, CheckedValue, ValidationCheck, ValidationReport } from '../domain/validation.ts';
import { AppError } from '../errors.ts';
import type { LinearAlgebra } from '../numeric/linear-algebra/linear-algebra.ts';
import { canonicalChecks, type CanonicalOracle } from './canonical-checks.ts';
import type { Check, Missing, OracleChecks } from './check.ts';
import { lassoChecks } from './lasso-checks.ts';
import { matchingChecks, type MatchingOracle } from './matching-checks.ts';
import { missingOfDemo } from './missing-of-demo.ts';
import { twoSided } from './samples.ts';
import { seededChecks } from './seeded-checks.ts';
import { shuffledChecks } from './shuffled-checks.ts';
import { subspaceChecks } from './subspace-checks.ts';

interface DemoOracle {
  X: number[][];
  Y: number[][];
  expected: { shuffle_P: number[] };
}

/** What each file of `samples/oracles` is checked for. */
const checksOf: Record<string, (content: unknown) => OracleChecks> = {
  'cka_demo_1337.json': (content) => demoChecks(content as DemoOracle),
  'anatome_issue27_cca.json': (content) => canonicalChecks(content as CanonicalOracle),
  'matching.json': (content) => matchingChecks(content as MatchingOracle),
};

export const oracleFiles: readonly string[] = Object.keys(checksOf);

function demoChecks({ X, Y, expected }: DemoOracle): OracleChecks {
  const plain = twoSided(X, Y);
  const shuffled = twoSided(
    X,
    Y.map((row) => expected.shuffle_P.map((unit) => row[unit])),
  );
  return {
    checks: [...subspaceChecks(plain), ...shuffledChecks(shuffled), ...lassoChecks(plain), ...seededChecks()],
    missing: missingOfDemo,
  };
}

/**
 * Recomputes every published number with every back end, in a fixed order.
 *
 * @param oracles contents of the oracle files by file name; one that is absent is not checked
 * @param backEnds linear algebra to use; the first is the one whose value stands for the check
 */
export async function validate(
  oracles: Readonly<Record<string, unknown>>,
  backEnds: readonly LinearAlgebra[],
): Promise<Omit<ValidationReport, 'version' | 'elapsedMs'>> {
  const checks: ValidationCheck[] = [];
  for (const file of oracleFiles) {
    if (!(file in oracles)) continue;
    const known = checksOf[file](oracles[file]);
    for (const check of known.checks) checks.push(await judged(file, oracles[file], check, backEnds));
    for (const missing of known.missing) checks.push(notOffered(file, oracles[file], missing));
  }
  const count = (verdict: ValidationCheck['verdict']) =>
    checks.filter((check) => check.verdict === verdict).length;
  return {
    backEnds: backEnds.map(({ title }) => title),
    passed: count('pass'),
    failed: count('fail'),
    notOffered: count('not offered'),
    checks,
  };
}

async function judged(
  oracle: string,
  content: unknown,
  check: Check,
  backEnds: readonly LinearAlgebra[],
): Promise<ValidationCheck> {
  const { path, quantity, method, tolerance, reason, source } = check;
  const expected = publishedValue(oracle, content, path);
  const answers: BackEndAnswer[] = [];
  for (const algebra of backEnds) {
    const value = await check.compute(algebra);
    const difference = largestDifference(value, expected);
    const verdict = difference !== null && difference <= tolerance ? 'pass' : 'fail';
    answers.push({ backEnd: algebra.title, value, difference, verdict });
  }
  const differences = answers.map(({ difference }) => difference);
  return {
    id: [oracle, ...path].join('/'),
    oracle,
    quantity,
    method,
    value: answers[0].value,
    expected,
    difference: differences.includes(null) ? null : Math.max(...differences.map(Number)),
    tolerance,
    reason,
    source,
    verdict: answers.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'fail',
    answers,
  };
}

function notOffered(oracle: string, content: unknown, missing: Missing): ValidationCheck {
  const { path, ...rest } = missing;
  return {
    id: [oracle, ...path].join('/'),
    oracle,
    ...rest,
    value: null,
    expected: at(oracle, content, path),
    difference: null,
    tolerance: null,
    verdict: 'not offered',
    answers: [],
  };
}

function publishedValue(oracle: string, content: unknown, path: readonly string[]): CheckedValue {
  const value = at(oracle, content, path);
  const isNumber = (item: unknown) => typeof item === 'number';
  if (isNumber(value) || (Array.isArray(value) && value.every(isNumber))) return value;
  throw new AppError('bad-data', `${oracle}: ${path.join('/')} is neither a number nor a list of numbers.`);
}

function at(oracle: string, content: unknown, path: readonly string[]): unknown {
  let value = content;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
      throw new AppError('bad-data', `${oracle} has no ${path.join('/')}; get the file again.`);
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Null where the lengths differ or a value is not finite: nothing passes so. */
function largestDifference(value: CheckedValue, expected: CheckedValue): number | null {
  const [ours, theirs] = [[value].flat(), [expected].flat()];
  if (ours.length !== theirs.length) return null;
  const differences = ours.map((item, k) => Math.abs(item - theirs[k]));
  return differences.every(Number.isFinite) ? Math.max(0, ...differences) : null;
}
