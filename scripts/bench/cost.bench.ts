import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { costExponent } from '#core/estimate/cost-curve.ts';
import { costCurves, type CostCurve } from './cost-points.ts';
import { keepRecord } from './record.ts';
import { runCurves } from './run-curves.ts';

interface Point {
  size: number;
  seconds: number;
  /** Peak resident memory of the process, what its input takes included. */
  peakMiB: number;
}

const run = promisify(execFile);

/**
 * `npm run bench -- cost [--only TEXT]`: time and peak memory against the number of units or samples, every point in a
 * process of its own, and the exponents that fit the three largest sizes; then whole runs against the number of networks
 * and of threads. `--point NAME SIZE` is one such process; `--keep` writes docs/performance.
 */
export async function bench(args: string[]): Promise<void> {
  if (args[0] === '--point') return onePoint(args[1], Number(args[2]));
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : '';
  const curves = [];
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} threads\n`);
  for (const curve of costCurves.filter(({ name }) => name.includes(only))) {
    const points: Point[] = [];
    for (const size of curve.sizes) points.push(await measure(curve, size));
    const time = exponent(points, 'seconds');
    const memory = exponent(points, 'peakMiB');
    console.log(
      `${curve.name}: time ~ ${curve.axis}^${time.toFixed(2)}, memory ~ ${curve.axis}^${memory.toFixed(2)}`,
    );
    for (const { size, seconds, peakMiB } of points)
      console.log(
        `  ${String(size).padStart(8)} ${seconds.toPrecision(3).padStart(9)} s ${peakMiB.toFixed(0).padStart(7)} MiB`,
      );
    curves.push({ name: curve.name, axis: curve.axis, points, time, memory });
  }
  const runs = await runCurves(only);
  if (args.includes('--keep')) keepRecord('cost', { curves, ...runs });
}

async function onePoint(name: string, size: number): Promise<void> {
  const curve = costCurves.find((entry) => entry.name === name);
  if (!curve) throw new Error(`There is no cost curve "${name}".`);
  const seconds = await curve.run(size);
  console.log(JSON.stringify({ size, seconds, peakMiB: process.resourceUsage().maxRSS / 1024 }));
}

async function measure({ name }: CostCurve, size: number): Promise<Point> {
  const script = join(import.meta.dirname, 'bench.ts');
  const { stdout } = await run(process.execPath, [script, 'cost', '--point', name, String(size)]);
  return JSON.parse(stdout) as Point;
}

function exponent(points: Point[], of: 'seconds' | 'peakMiB'): number {
  return costExponent(points.map((point) => ({ size: point.size, value: point[of] })));
}
