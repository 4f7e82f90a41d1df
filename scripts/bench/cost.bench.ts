import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/repository.ts';
import { costCurves, type CostCurve } from './cost-points.ts';

interface Point {
  size: number;
  seconds: number;
  /** Peak resident memory of the process, what its input takes included. */
  peakMiB: number;
}

const run = promisify(execFile);

/**
 * `npm run bench -- cost [--only TEXT]`: time and peak memory against the number of units or samples, every point in a
 * process of its own, and the exponents that fit the three largest sizes. `--point NAME SIZE` is one such process.
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
  const out = join(repositoryRoot, 'out/bench/cost.json');
  mkdirSync(join(repositoryRoot, 'out/bench'), { recursive: true });
  writeFileSync(out, `${JSON.stringify({ processor: cpus()[0]?.model, curves }, null, 2)}\n`);
  console.log(`\nWritten to ${out}`);
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

/** Slope of log(value) against log(size) over the three largest sizes, least squares. */
function exponent(points: Point[], of: 'seconds' | 'peakMiB'): number {
  const last = points.slice(-3);
  const x = last.map(({ size }) => Math.log(size));
  const y = last.map((point) => Math.log(point[of]));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const across = x.reduce((sum, value, at) => sum + (value - mx) * (y[at] - my), 0);
  return across / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}
