/** What the closing line counts. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface ReportSummary {
  counts: Counts;
  /** `file > test` of each test that did not run. */
  skippedTests: string[];
  /** One line for each failure: `file > test: reason`, a file that could not be loaded, an error outside tests. */
  failures: string[];
  /** The same of each test that passed only when it was tried again. */
  secondTries: string[];
}

interface VitestReport {
  success: boolean;
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The line that a run ends with. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * Counts of vitest's JSON report. A file that fails to load has no tests in the report and counts as one failure; so
 * does a run that vitest calls unsuccessful although each test passed (an unhandled error).
 * @param exitCode of the vitest run
 * @throws when `text` is not such a report.
 */
export function summarizeReport(text: string, exitCode: number): ReportSummary {
  const report = JSON.parse(text) as VitestReport;
  const summary: ReportSummary = {
    counts: { ...NOTHING },
    skippedTests: [],
    failures: [],
    secondTries: [],
  };
  for (const file of report.testResults) {
    let failedTests = 0;
    for (const test of file.assertionResults) {
      const name = `${file.name} > ${test.fullName}`;
      const reason = test.failureMessages?.[0]?.split('\n')[0];
      if (test.status === 'passed') {
        summary.counts.passed++;
        if (reason) summary.secondTries.push(`${name}: ${reason}`);
      } else if (test.status === 'failed') {
        failedTests++;
        summary.failures.push(reason ? `${name}: ${reason}` : name);
      } else summary.skippedTests.push(name);
    }
    if (file.status === 'failed' && failedTests === 0) {
      summary.failures.push(`${file.name}: ${file.message?.split('\n')[0] || 'failed outside its tests'}`);
    }
  }
  if (summary.failures.length === 0 && (exitCode !== 0 || !report.success)) {
    summary.failures.push(`vitest ended with exit code ${exitCode} although no test failed`);
  }
  summary.counts.failed = summary.failures.length;
  summary.counts.skipped = summary.skippedTests.length;
  return summary;
}
