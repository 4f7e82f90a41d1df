import { writeFileSync } from 'node:fs';
import type { RecipeAnalysis, SubspaceMethod } from '#core/domain/recipe.ts';
import { resolveAnalysis } from '#core/domain/resolve-analysis.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { alignTask } from '../../native-workers/align/align-task.ts';
import type { BandedArray } from '../../native-workers/files/array-file.ts';
import { openLinearAlgebra } from '../../native-workers/linalg/choose-algebra.ts';
import { collectGarbage } from '../../native-workers/rpc/collect-garbage.ts';
import { analysisInput } from './analysis-inputs.ts';
import { countDivided } from './divided-work.ts';
import { peakMiB } from './process-memory.ts';

/** What one result costs, at default options, when both networks have so many units. */
export interface AnalysisCost {
  units: number;
  /** Processor time. */
  seconds: number;
  /** Share of it that the linear algebra's library divides among all cores. */
  divided: number;
  /** Bytes of the result's arrays. */
  bytes: number;
  /** Resident memory that the task took above its inputs, MiB. */
  workMiB: number;
}

interface MeasuredRow {
  /** As in a recipe. */
  entry: unknown;
  /** Most units a side: up to where a minute would not do. */
  most: number;
  /** Without groups of images nothing is resampled. */
  hasGroups?: boolean;
}

/** Analyses, and parts of them whose cost depends on other things than that of the rest. */
export const measuredRows = {
  correlation: { entry: 'correlation', most: 2048 },
  matching: { entry: 'matching', most: 2048 },
  'mutual-information': { entry: 'mutual-information', most: 2048 },
  'sparse-mapping': { entry: 'sparse-mapping', most: 256 },
  'spectral-clusters': { entry: 'spectral-clusters', most: 2048 },
  'clusters-without-stability': { entry: 'spectral-clusters', most: 2048, hasGroups: false },
  subspaces: { entry: 'subspaces', most: 2048, hasGroups: false },
  ...ofMethods({
    cka: ['cka'],
    procrustes: ['procrustes'],
    cca: ['cca'],
    pwcca: ['pwcca'],
    'shared-dimensions': ['shared-dimensions'],
    svcca: ['svcca'],
    regression: ['regression'],
    'rbf-cka': ['rbf-cka'],
    rsa: ['rsa'],
  }),
  'groups-left-out': { entry: { subspaces: ['dimensionality'] }, most: 512 },
  code: { entry: 'code', most: 2048 },
  certainty: { entry: 'certainty', most: 512 },
  neighbourhoods: { entry: 'neighbourhoods', most: 2048 },
  'many-networks': { entry: 'many-networks', most: 256 },
  'layer-map': { entry: 'layer-map', most: 512 },
} satisfies Record<string, MeasuredRow>;
export type RowName = keyof typeof measuredRows;

function ofMethods<Name extends string>(methods: Record<Name, SubspaceMethod[]>): Record<Name, MeasuredRow> {
  const rows = Object.entries<SubspaceMethod[]>(methods).map(([name, entry]) => [
    name,
    { entry: { subspaces: entry }, most: 2048, hasGroups: false },
  ]);
  return Object.fromEntries(rows) as Record<Name, MeasuredRow>;
}

export function sizesOf(name: RowName): number[] {
  return [16, 32, 64, 128, 256, 512, 1024, 2048].filter((units) => units <= measuredRows[name].most);
}

function analysisOf(name: RowName): RecipeAnalysis {
  return resolveAnalysis(measuredRows[name].entry, name, (field, what) => {
    throw new Error(`${field}: ${what}`);
  });
}

/** One point, in a process of its own on one core: the first run is the warm-up of compiler and library. */
export async function measureAnalysis(name: RowName, units: number): Promise<AnalysisCost> {
  const algebra = await openLinearAlgebra();
  const { hasGroups = true }: MeasuredRow = measuredRows[name];
  const analysis = analysisOf(name);
  const warm = await analysisInput(analysis, 16, hasGroups, algebra);
  for (let run = 0; run < 3; run++) await alignTask(warm, quiet);
  const input = await analysisInput(analysis, units, hasGroups, algebra);
  // What the input was made with must neither count as memory at work nor be reused for it.
  await collectGarbage();
  forgetPeak();
  const before = process.memoryUsage.rss();
  const library = countDivided(algebra);
  let [seconds, divided, bytes] = [Infinity, 0, 0];
  for (let run = 0, spent = 0; run < 3 && spent < 4; run++) {
    library.seconds = 0;
    const began = process.cpuUsage();
    const { arrays } = await alignTask(input, quiet);
    bytes = arrays.reduce((sum, array) => sum + bytesOf(array), 0);
    const took = cpuSeconds(began);
    if (took < seconds) [seconds, divided] = [took, library.seconds / took];
    spent += took;
  }
  return { units, seconds, divided, bytes, workMiB: Math.max(0, peakMiB(process.pid) - before / 2 ** 20) };
}

/** Makes what is made only when it is written, as much at a time as then. */
function bytesOf(array: NamedArray | BandedArray): number {
  let bytes = 0;
  for (const data of 'bands' in array ? array.bands() : [array.data]) bytes += data.byteLength;
  return bytes;
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
