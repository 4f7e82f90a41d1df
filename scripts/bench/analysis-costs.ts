import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRandom } from '#core/random.ts';
import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { jointMomentsByteLength } from '#core/numeric/moments/joint-moments.ts';
import { samplesMethods, type SamplesMethod } from '#core/estimate/task-cost.ts';
import { analysisNames, type RecipeAnalysis } from '#core/domain/recipe.ts';
import { resolveAnalysis } from '#core/domain/resolve-analysis.ts';
import { alignTask } from '../../native-workers/align/align-task.ts';
import type { AlignInput, MatchingInformation, SharedMoments } from '../../native-workers/align/task.ts';
import { openLinearAlgebra } from '../../native-workers/linalg/choose-algebra.ts';
import { peakMiB } from './process-memory.ts';

/** What one result of an analysis costs one thread, at default options, when both networks have so many units. */
export interface AnalysisCost {
  units: number;
  seconds: number;
  /** Bytes of the result's arrays. */
  bytes: number;
  /** Resident memory that the task took above its inputs, MiB. */
  workMiB: number;
}

const networks = 4;
const layers = 4;
const [blocks, shuffles, rowsPerBlock, sampleRows, bins] = [20, 10, 200, 1000, 10];
/** A picture of the sample networks' size. */
const averageInput = { images: 1500, channels: 1, rows: 28, cols: 28 };

/** Units a side; the costliest stop where a minute would not do. */
export const costSizes: Record<string, number[]> = {
  default: [16, 32, 64, 128, 256, 512],
  'mutual-information': [16, 32, 64, 128, 256],
  'sparse-mapping': [16, 32, 64, 128, 256],
  neighbourhoods: [16, 32, 64, 128, 256],
  'many-networks': [16, 32, 64, 128, 256],
};

/** Analyses, and methods of `subspaces` on single samples: their cost depends on other things than that of the rest. */
export const measured = [...analysisNames, ...samplesMethods];
export type Measured = (typeof measured)[number];

function isSamplesMethod(name: Measured): name is SamplesMethod {
  return (samplesMethods as readonly string[]).includes(name);
}

function analysisOf(name: Measured): RecipeAnalysis {
  const refuse = (field: string, what: string): never => {
    throw new Error(`${field}: ${what}`);
  };
  if (!isSamplesMethod(name)) return resolveAnalysis(name, name, refuse);
  return resolveAnalysis({ subspaces: { methods: [name] } }, name, refuse);
}

/** One point, in a process of its own: the first run is the warm-up of compiler and library. */
export async function measureAnalysis(name: Measured, units: number): Promise<AnalysisCost> {
  const algebra = await openLinearAlgebra();
  const analysis = analysisOf(name);
  const warm = await inputOf(analysis, 16, algebra);
  for (let run = 0; run < 3; run++) await alignTask(warm, quiet);
  const input = await inputOf(analysis, units, algebra);
  await collectGarbage();
  forgetPeak();
  const before = process.memoryUsage.rss();
  let seconds = Infinity;
  let bytes = 0;
  for (let run = 0, spent = 0; run < 3 && spent < 4; run++) {
    const began = process.cpuUsage();
    const { arrays } = await alignTask(input, quiet);
    const took = cpuSeconds(began);
    seconds = Math.min(seconds, took);
    spent += took;
    bytes = arrays.reduce((sum, array) => sum + array.data.byteLength, 0);
  }
  return { units, seconds, bytes, workMiB: Math.max(0, peakMiB(process.pid) - before / 2 ** 20) };
}

/** What the input was made with must neither count as memory at work nor be reused for it. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  // Buffers are given back by another thread.
  await setTimeout(300);
  collect();
}

/** From here on the highest resident memory counts anew (Linux). */
function forgetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

const quiet = { checkpoint: () => undefined, progress: () => undefined };

/** Products of 384 x 384 doubles, one thread: what the seconds are relative to. */
export async function productGflops(): Promise<number> {
  const algebra = await openLinearAlgebra();
  const [side, products] = [384, 50];
  const matrix = Float64Array.from({ length: side * side }, (_, at) => ((at * 7919) % 1000) / 1000 - 0.5);
  await algebra.multiply(side, side, side, matrix, matrix);
  const began = process.cpuUsage();
  for (let run = 0; run < products; run++) await algebra.multiply(side, side, side, matrix, matrix);
  return (products * 2 * side ** 3) / cpuSeconds(began) / 1e9;
}

/** Processor time: what else runs on the machine must not show in the table. */
function cpuSeconds(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}

/** Networks whose units mix shared factors with noise of their own, as independently trained ones do. */
async function inputOf(analysis: RecipeAnalysis, units: number, algebra: LinearAlgebra): Promise<AlignInput> {
  const total = networks * units;
  const factors = Math.max(2, Math.round(units / 4));
  const { nextFloat } = createRandom(units);
  const noise = () => Math.sqrt(12) * (nextFloat() - 0.5);
  const loadings = Float64Array.from({ length: factors * total }, () => noise() / Math.sqrt(factors));
  const parts: { n: number; mean: Float64Array; m2: Float64Array; rows: Float64Array }[] = [];
  for (let block = 0; block < blocks; block++) {
    const source = Float64Array.from({ length: rowsPerBlock * factors }, noise);
    const rows = await algebra.multiply(rowsPerBlock, factors, total, source, loadings);
    for (let at = 0; at < rows.length; at++) rows[at] = Math.max(0, rows[at] + 0.5 * noise());
    parts.push({ n: rowsPerBlock, rows, ...(await momentsOfRows(rows, rowsPerBlock, total, algebra)) });
  }
  const all = new Float64Array(blocks * rowsPerBlock * total);
  parts.forEach(({ rows }, block) => all.set(rows, block * rows.length));
  const whole = await momentsOfRows(all, blocks * rowsPerBlock, total, algebra);
  const train = shared(blocks * rowsPerBlock, whole.mean, whole.m2);
  const range = (network: number) => ({ start: network * units, count: units });
  const layerRanges = (network: number) =>
    Array.from({ length: layers }, (_, layer) => ({
      start: network * units + Math.floor((layer * units) / layers),
      count: Math.floor(((layer + 1) * units) / layers) - Math.floor((layer * units) / layers),
    }));
  const names = Array.from({ length: layers }, (_, layer) => `layer ${layer}`);
  const pixels = averageInput.channels * averageInput.rows * averageInput.cols;
  return {
    analysis,
    a: range(0),
    b: range(1),
    networks: Array.from({ length: networks }, (_, at) => ({ name: `Net${at}`, range: range(at) })),
    layers: analysis.name === 'layer-map' ? { names, a: layerRanges(0), b: layerRanges(1) } : null,
    images: blocks * rowsPerBlock,
    train,
    test: shared(rowsPerBlock, parts[0].mean, parts[0].m2),
    blocks: parts.map(({ n, mean, m2 }) => shared(n, mean, m2)),
    nulls: Array.from({ length: shuffles }, (_, shuffle) => nullOf(whole, parts[shuffle].m2, total, units)),
    sample: { rows: sampleRows, values: Float32Array.from(all.subarray(0, sampleRows * total)) },
    averageInput: { ...averageInput, values: Float32Array.from({ length: total * pixels }, nextFloat) },
    second: {
      squaredNorms: Float64Array.from({ length: networks ** 2 }, () => total * 100),
      matching: analysis.name === 'mutual-information' ? information(units, nextFloat) : null,
      graph: [],
    },
  };
}

async function momentsOfRows(rows: Float64Array, n: number, p: number, algebra: LinearAlgebra) {
  const mean = new Float64Array(p);
  for (let at = 0; at < rows.length; at++) mean[at % p] += rows[at] / n;
  const centred = rows.map((value, at) => value - mean[at % p]);
  return { mean, m2: await algebra.gram(n, p, centred) };
}

function shared(n: number, mean: Float64Array, m2: Float64Array): SharedMoments {
  const units = mean.length;
  const buffer = new SharedArrayBuffer(jointMomentsByteLength(units));
  new Float64Array(buffer, 0, units).set(mean);
  new Float64Array(buffer, units * 8, units * units).set(m2);
  return { n, units, buffer, dead: new Uint8Array(units) };
}

/** Small correlations between networks, as shuffled images leave. */
function nullOf(
  whole: { mean: Float64Array; m2: Float64Array },
  other: Float64Array,
  p: number,
  units: number,
): SharedMoments {
  const m2 = whole.m2.map((value, at) => {
    const isBetween = Math.floor(Math.floor(at / p) / units) !== Math.floor((at % p) / units);
    return isBetween ? 0.05 * other[at] : value;
  });
  return shared(blocks * rowsPerBlock, whole.mean, m2);
}

function information(units: number, nextFloat: () => number): MatchingInformation {
  const matrix = (scale: number) => Float64Array.from({ length: units * units }, () => scale * nextFloat());
  const entropies = () => new Float64Array(units).fill(Math.log(bins));
  const edges = Float64Array.from({ length: networks * units * (bins - 1) }, (_, at) => at % (bins - 1));
  const samples = 20 * bins * bins;
  return {
    ...{ bins, edges, edgeSamples: samples, samples },
    ...{ information: matrix(1), corrected: matrix(1), shuffled: matrix(0.05) },
    ...{ entropyA: entropies(), entropyB: entropies() },
  };
}
