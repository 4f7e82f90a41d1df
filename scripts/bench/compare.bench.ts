import { readFileSync } from 'node:fs';
import { compareRuns, type KernelRun } from './compare-runs.ts';

/**
 * `npm run bench -- compare BEFORE.json AFTER.json`: two runs of `npm run bench -- kernels`, kernel by kernel; ends
 * with exit code 1 where one became slower.
 */
export function bench([before, after]: string[]): Promise<void> {
  if (!before || !after) {
    console.error(
      'Name two files that npm run bench -- kernels --out FILE wrote: the one before, then the one after.',
    );
    process.exitCode = 2;
    return Promise.resolve();
  }
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as KernelRun;
  const runs = [read(before), read(after)] as const;
  for (const run of runs)
    console.log(`${run.date ?? 'no date'}, ${run.processor ?? 'unknown processor'}, ${run.threads} threads`);
  const { changes, missing } = compareRuns(...runs);
  console.log(
    `\n${'kernel'.padEnd(56)}${['before', 'after', 'factor'].map((text) => text.padStart(10)).join('')}`,
  );
  for (const { name, before: from, after: to, factor, of, verdict } of changes) {
    const numbers = [from, to, factor].map((value) => value.toPrecision(3).padStart(10)).join('');
    console.log(
      `${name.padEnd(56)}${numbers}  ${verdict === 'same' ? '' : verdict}${of === 'seconds' ? ' (seconds)' : ''}`,
    );
  }
  for (const name of missing) console.log(`${name.padEnd(56)}in one run only`);
  const slower = changes.filter(({ verdict }) => verdict === 'slower').length;
  console.log(`\n${slower === 0 ? 'No kernel' : slower} slower by more than a fifth, of ${changes.length}.`);
  if (slower > 0) process.exitCode = 1;
  return Promise.resolve();
}
