import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/repository.ts';
import { checkEstimates } from './estimate-check.ts';
import {
  costSizes,
  measureAnalysis,
  measured,
  productGflops,
  type AnalysisCost,
  type Measured,
} from './analysis-costs.ts';

const run = promisify(execFile);

/**
 * `npm run bench -- estimate [--keep]`: what `consilience estimate` says of three recipes against what their runs take.
 *
 * `npm run bench -- estimate --table [--only NAME]`: what one result of every analysis costs against the number of units,
 * every point in a process of its own; prints the table and writes core/estimate/analysis-costs.ts from it.
 */
export async function bench(args: string[]): Promise<void> {
  if (args[0] === '--point') {
    console.log(JSON.stringify(await measureAnalysis(args[1] as Measured, Number(args[2]))));
    return;
  }
  if (args[0] === '--speed') {
    console.log(JSON.stringify(await productGflops()));
    return;
  }
  if (!args.includes('--table')) return checkEstimates(args.includes('--keep'));
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : null;
  const before = await answer<number>('--speed');
  const costs: Partial<Record<Measured, AnalysisCost[]>> = {};
  for (const name of measured.filter((candidate) => only === null || candidate === only)) {
    costs[name] = [];
    for (const units of costSizes[name] ?? costSizes.default) {
      const point = await answer<AnalysisCost>('--point', name, String(units));
      // What is too short to be measured well must not seem to cost less at larger sizes.
      point.seconds = Math.max(point.seconds, costs[name].at(-1)?.seconds ?? 0);
      costs[name].push(point);
      const { seconds, bytes, workMiB } = point;
      console.log(
        `${name.padEnd(20)} ${String(units).padStart(5)} units ${seconds.toPrecision(3).padStart(9)} s ` +
          `${(bytes / 2 ** 20).toFixed(2).padStart(9)} MiB stored ${workMiB.toFixed(0).padStart(5)} MiB at work`,
      );
    }
  }
  const gflops = (before + (await answer<number>('--speed'))) / 2;
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}: products at ${gflops.toFixed(1)} GFLOP/s`);
  if (only === null) writeTable(costs, gflops);
}

async function answer<T>(...args: string[]): Promise<T> {
  const script = join(import.meta.dirname, 'bench.ts');
  // Large buffers go back to the system when they are freed, so that work shows in the resident memory.
  const env = { ...process.env, MALLOC_MMAP_THRESHOLD_: '131072' };
  const { stdout } = await run(process.execPath, [script, 'estimate', ...args], { env });
  return JSON.parse(stdout) as T;
}

function writeTable(costs: Partial<Record<Measured, AnalysisCost[]>>, gflops: number): void {
  const rows = Object.entries(costs).map(([name, points]) => {
    const list = points.map(
      ({ units, seconds, bytes, workMiB }) =>
        `    { units: ${units}, seconds: ${Number(seconds.toPrecision(3))}, bytes: ${bytes}, workMiB: ${Math.round(workMiB)} },`,
    );
    return `  ${name.includes('-') ? `'${name}'` : name}: [\n${list.join('\n')}\n  ],`;
  });
  const text = `/**
 * What one result of each analysis (and of methods of subspaces on samples) costs one thread, by units a side, at default options: made by
 * \`npm run bench -- estimate --table\` (scripts/bench/estimate.bench.ts); do not edit.
 */
export interface CostPoint {
  units: number;
  seconds: number;
  /** Of the result's arrays. */
  bytes: number;
  /** Resident memory above the task's inputs. */
  workMiB: number;
}

/** Speed of 384 x 384 products in double precision on the machine that the seconds are from. */
export const referenceGflops = ${gflops.toFixed(1)};

export const analysisCosts = {
${rows.join('\n')}
} satisfies Record<string, CostPoint[]>;
`;
  const path = join(repositoryRoot, 'core/estimate/analysis-costs.ts');
  writeFileSync(path, text);
  console.log(`Written to ${path}`);
}
