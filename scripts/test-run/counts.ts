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
  /** One line for each failure that is not a test: a file that could not be loaded, an error outside tests. */
  otherFailures: string[];
}

interface VitestReport {
  success: boolean;
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string }[];
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
  const summary: ReportSummary = { counts: { ...NOTHING }, skippedTests: [], otherFailures: [] };
  for (const file of report.testResults) {
    let failedTests = 0;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') summary.counts.passed++;
      else if (test.status === 'failed') failedTests++;
      else summary.skippedTests.push(`${file.name} > ${test.fullName}`);
    }
    summary.counts.failed += failedTests;
    if (file.status === 'failed' && failedTests === 0) {
      summary.otherFailures.push(
        `${file.name}: ${file.message?.split('\n')[0] || 'failed outside its tests'}`,
      );
    }
  }
  summary.counts.failed += summary.otherFailures.length;
  if (summary.counts.failed === 0 && (exitCode !== 0 || !report.success)) {
    summary.otherFailures.push(`vitest ended with exit code ${exitCode} although no test failed`);
    summary.counts.failed++;
  }
  summary.counts.skipped = summary.skippedTests.length;
  return summary;
}
