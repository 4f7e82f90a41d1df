import { expect, it } from 'vitest';
import { addCounts, formatCounts, summarizeReport } from '../../../scripts/test-run/counts.ts';

function report(success: boolean, ...files: { name: string; message?: string; tests: string[] }[]): string {
  const testResults = files.map(({ name, message, tests }) => ({
    name,
    message: message ?? '',
    status: message !== undefined || tests.includes('failed') ? 'failed' : 'passed',
    assertionResults: tests.map((status, index) => ({
      fullName: `test ${index}`,
      status: status === 'flaky' ? 'passed' : status,
      failureMessages: ['failed', 'flaky'].includes(status) ? ['AssertionError: no\n  at'] : [],
    })),
  }));
  return JSON.stringify({ success, testResults });
}

it('counts passed, failed, skipped and todo tests and names those that did not run', () => {
  const text = report(
    false,
    { name: 'a', tests: ['passed', 'failed', 'skipped', 'todo'] },
    { name: 'b', tests: ['passed'] },
  );
  expect(summarizeReport(text, 1)).toEqual({
    counts: { passed: 2, failed: 1, skipped: 2 },
    skippedTests: ['a > test 2', 'a > test 3'],
    failures: ['a > test 1: AssertionError: no'],
    secondTries: [],
  });
});

it('names the tests that passed only on the second try', () => {
  const { counts, secondTries } = summarizeReport(report(true, { name: 'a', tests: ['flaky', 'passed'] }), 0);
  expect(counts).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(secondTries).toEqual(['a > test 0: AssertionError: no']);
});

it('counts a file that does not load as one failure', () => {
  const { counts, failures } = summarizeReport(
    report(false, { name: 'a', message: 'boom\nmore', tests: [] }),
    1,
  );
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(failures).toEqual(['a: boom']);
});

it('never calls an unsuccessful run a success', () => {
  expect(summarizeReport(report(true, { name: 'a', tests: ['passed'] }), 1).counts.failed).toBe(1);
  expect(summarizeReport(report(false, { name: 'a', tests: ['passed'] }), 0).counts.failed).toBe(1);
  expect(summarizeReport(report(true, { name: 'a', tests: ['passed'] }), 0).counts.failed).toBe(0);
});

it('adds and prints counts', () => {
  const sum = addCounts({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
  expect(formatCounts(sum)).toBe('11 passed, 22 failed, 33 skipped');
});
