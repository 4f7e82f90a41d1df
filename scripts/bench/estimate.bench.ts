import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { analysisCosts, referenceGflops } from '#core/estimate/analysis-costs.ts';
import { repositoryRoot } from '../support/repository.ts';
import { checkEstimates } from './estimate-check.ts';
import {
  measureAnalysis,
  measuredRows,
  productGflops,
  sizesOf,
  type AnalysisCost,
  type RowName,
} from './analysis-costs.ts';

const run = promisify(execFile);

/**
 * `npm run bench -- estimate [--keep]`: what `consilience estimate` says of three recipes against what their runs take.
 *
 * `npm run bench -- estimate --table [--only NAME,...] [--rounds 1]`: what one result of every analysis costs against the
 * number of units, every point in processes of its own, of which the fastest counts; prints the table and writes
 * core/estimate/analysis-costs.ts from it. Of some rows alone the seconds are scaled to the speed that the rest was
 * measured at.
 */
export async function bench(args: string[]): Promise<void> {
  if (args[0] === '--point') {
    console.log(JSON.stringify(await measureAnalysis(args[1] as RowName, Number(args[2]))));
    return;
  }
  if (args[0] === '--speed') {
    console.log(JSON.stringify(await productGflops()));
    return;
  }
  if (!args.includes('--table')) return checkEstimates(args.includes('--keep'));
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const only = option('--only')?.split(',');
  const rounds = Number(option('--rounds') ?? 1);
  const before = await answer<number>('--speed');
  const costs: Partial<Record<RowName, AnalysisCost[]>> = {};
  const names = Object.keys(measuredRows) as RowName[];
  for (const name of names.filter((candidate) => only?.includes(candidate) ?? true)) {
    costs[name] = [];
    for (const units of sizesOf(name)) {
      const point = await fastest(name, units, rounds);
      // What is too short, or too little, to be measured well must not seem to cost less at larger sizes.
      point.seconds = Math.max(point.seconds, costs[name].at(-1)?.seconds ?? 0);
      point.workMiB = Math.max(point.workMiB, costs[name].at(-1)?.workMiB ?? 0);
      costs[name].push(point);
      const { seconds, divided, bytes, workMiB } = point;
      console.log(
        `${name.padEnd(26)} ${String(units).padStart(5)} units ${seconds.toPrecision(3).padStart(9)} s ` +
          `${(100 * divided).toFixed(0).padStart(3)} % divided ` +
          `${(bytes / 2 ** 20).toFixed(2).padStart(9)} MiB stored ${workMiB.toFixed(0).padStart(5)} MiB at work`,
      );
    }
  }
  const gflops = (before + (await answer<number>('--speed'))) / 2;
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}: products at ${gflops.toFixed(1)} GFLOP/s`);
  if (!only) return writeTable(costs, gflops);
  const scaled = Object.entries(costs).map(([name, points]) => [
    name,
    points.map((point) => ({ ...point, seconds: (point.seconds * gflops) / referenceGflops })),
  ]);
  const known = { ...analysisCosts, ...(Object.fromEntries(scaled) as typeof costs) };
  writeTable(Object.fromEntries(names.map((name) => [name, known[name]])), referenceGflops);
}

async function fastest(name: RowName, units: number, rounds: number): Promise<AnalysisCost> {
  const points: AnalysisCost[] = [];
  for (let round = 0; round < rounds; round++)
    points.push(await answer<AnalysisCost>('--point', name, String(units)));
  return points.reduce((best, point) => (point.seconds < best.seconds ? point : best));
}

async function answer<T>(...args: string[]): Promise<T> {
  const script = join(import.meta.dirname, 'bench.ts');
  // Large buffers go back to the system when they are freed, so that work shows in the resident memory.
  const env = { ...process.env, MALLOC_MMAP_THRESHOLD_: '131072' };
  // On one core the library's threads do not wait for each other, which other work on the machine would make them do.
  const { stdout } = await run('taskset', ['-c', '0', process.execPath, script, 'estimate', ...args], {
    env,
  });
  return JSON.parse(stdout) as T;
}

function writeTable(costs: Partial<Record<RowName, AnalysisCost[]>>, gflops: number): void {
  const rows = Object.entries(costs).map(([name, points]) => {
    const list = points.map(
      ({ units, seconds, divided, bytes, workMiB }) =>
        `    { units: ${units}, seconds: ${Number(seconds.toPrecision(3))}, divided: ${Number(divided.toFixed(2))}, ` +
        `bytes: ${bytes}, workMiB: ${Math.round(workMiB)} },`,
    );
    return `  ${name.includes('-') ? `'${name}'` : name}: [\n${list.join('\n')}\n  ],`;
  });
  const text = `/**
 * What one result of each analysis costs by units a side, at default options, and parts of some: made by
 * \`npm run bench -- estimate --table\` (scripts/bench/estimate.bench.ts); do not edit.
 */
export interface CostPoint {
  units: number;
  /** Processor time. */
  seconds: number;
  /** Share of it that the linear algebra's library divides among all cores. */
  divided: number;
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
