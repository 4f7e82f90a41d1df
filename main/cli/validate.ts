import { listInWords } from '#core/text/nearest-names.ts';
import type { CheckedValue, ValidationCheck } from '#core/domain/validation.ts';
import { resourcePath } from '../app/resources.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { printJson, printLine, printTable } from './output.ts';

/** `consilience validate`: published numbers, recomputed. Exit status 1 when one fails. */
export async function validate(options: { json?: true }): Promise<number> {
  const engine = createEngineService();
  try {
    // Another folder only for tests and for people who check the check.
    const folder = process.env.CONSILIENCE_ORACLES ?? resourcePath('samples/oracles');
    const report = await engine.methods.validate(folder);
    if (options.json) printJson(report);
    else {
      printChecks(report.checks, report.backEnds);
      printLine();
      printLine(
        `${report.passed} passed, ${report.failed} failed, ${report.notOffered} not offered ` +
          `(${listInWords(report.backEnds, 'and')})`,
      );
    }
    return report.failed === 0 ? 0 : 1;
  } finally {
    await engine.stop();
  }
}

function printChecks(checks: ValidationCheck[], backEnds: string[]): void {
  const computed = checks.filter(({ verdict }) => verdict !== 'not offered');
  printTable(
    ['verdict', 'quantity', 'expected', ...backEnds, 'difference', 'tolerance', 'published as'],
    computed.map((check) => [
      check.verdict === 'fail' ? 'FAIL' : check.verdict,
      check.quantity,
      valueText(check.expected as CheckedValue),
      ...check.answers.map(({ value }) => valueText(value)),
      check.difference === null ? 'no number' : check.difference.toExponential(1),
      check.tolerance === 0 ? 'exact' : String(check.tolerance),
      check.id,
    ]),
  );
  const missing = checks.filter(({ verdict }) => verdict === 'not offered');
  if (missing.length === 0) return;
  printLine();
  printLine('Published on the same data, not offered here:');
  for (const { quantity, reason } of missing) printLine(`  ${quantity}: ${reason}`);
}

/** Ten digits; of a list the first value and how many there are. */
function valueText(value: CheckedValue): string {
  const text = (item: number) => (Number.isInteger(item) ? String(item) : item.toFixed(10));
  if (!Array.isArray(value)) return text(value);
  return value.length === 0 ? 'none' : `${text(value[0])} … (${value.length})`;
}
