import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costExponent } from '#core/estimate/cost-curve.ts';
import { measureCommand } from './measured-command.ts';
import { writeMixedNetworks } from './mixed-networks.ts';
import { markdownTable } from './record.ts';

const samples = 20_000;
const networkCounts = [2, 4, 8];
const unitsOfNetworks = 256;
/** Of two cores. */
const efficiencyGoal = 0.8;
const rounds = 3;
/** Products, decoding and the database run beside the one thread that a run is allowed, where there is a second core. */
const settings = [
  { threads: 1, isOnOneCore: true },
  { threads: 1, isOnOneCore: false },
  { threads: 2, isOnOneCore: false },
];

interface ThreadCase {
  name: string;
  networks: number;
  /** Left out: as many as the other curves. */
  samples?: number;
  units: number;
  analysis: unknown;
  /** Milliseconds of the run that the threads share. */
  of(timings: Record<string, number>): number;
}

const threadCases: ThreadCase[] = [
  {
    name: 'sparse mapping, one pair, 384 units',
    ...{ networks: 2, units: 384, analysis: 'sparse-mapping' },
    of: ({ analyseMs }) => analyseMs,
  },
  {
    name: 'null resampling and intervals, six pairs, 256 units',
    ...{ networks: 4, units: 256, analysis: 'certainty' },
    of: ({ analyseMs }) => analyseMs,
  },
  {
    name: 'mutual information, one pair, 256 units, 200,000 samples: counting and evaluation',
    ...{ samples: 200_000, networks: 2, units: 256, analysis: 'mutual-information' },
    of: ({ accumulateMs, analyseMs }) => accumulateMs + analyseMs,
  },
];

/** Whole runs on saved activations: against the number of networks, and on one and two threads. */
export async function runCurves(only: string) {
  const networks = 'networks'.includes(only) ? await networkCurve() : [];
  const threads = [];
  for (const one of threadCases.filter(({ name }) => name.includes(only))) threads.push(await onThreads(one));
  if (threads.length > 0) {
    const cells = threads.map(({ name, seconds, ofCores, ofThreads }) => [
      name,
      seconds.map((value) => value.toFixed(2)).join(' / '),
      ofCores.toFixed(2),
      ofThreads.toFixed(2),
    ]);
    const head = [
      ...['part', 's, one core / one thread on two cores / two threads'],
      ...[`efficiency of two cores (goal ${efficiencyGoal})`, 'of two threads'],
    ];
    console.log(`\n${markdownTable(head, cells)}`);
  }
  return { networks, threads };
}

/** Moments and the correlations and matchings of all pairs. */
async function networkCurve() {
  const points: { networks: number; seconds: number; peakMiB: number }[] = [];
  for (const count of networkCounts) {
    const run = await onFolder(count, unitsOfNetworks, samples, (folder) =>
      measureCommand([
        'run',
        recipeIn(folder, count, 'correlation', 'matching'),
        '--project',
        join(folder, 'p'),
        '--json',
      ]),
    );
    points.push({ networks: count, seconds: run.seconds, peakMiB: run.engineMiB });
  }
  const of = (pick: (point: (typeof points)[number]) => number) =>
    costExponent(points.map((point) => ({ size: point.networks, value: pick(point) })));
  const [time, memory] = [of(({ seconds }) => seconds), of(({ peakMiB }) => peakMiB)];
  console.log(
    `whole run, ${unitsOfNetworks} units, ${samples} samples: time ~ networks^${time.toFixed(2)}, memory ~ networks^${memory.toFixed(2)}`,
  );
  for (const { networks, seconds, peakMiB } of points)
    console.log(
      `  ${String(networks).padStart(8)} ${seconds.toFixed(2).padStart(9)} s ${peakMiB.toFixed(0).padStart(7)} MiB`,
    );
  return [{ points, time, memory }];
}

async function onThreads({ name, networks, samples: count = samples, units, analysis, of }: ThreadCase) {
  return onFolder(networks, units, count, async (folder) => {
    const recipe = recipeIn(folder, networks, analysis);
    const least = settings.map(() => Infinity);
    for (let round = 0; round < rounds; round++)
      for (const [at, { threads, isOnOneCore }] of settings.entries()) {
        const project = join(folder, `${round}-${at}`);
        const { stdout } = await measureCommand(
          ['run', recipe, '--project', project, '--threads', String(threads), '--json'],
          { isOnOneCore },
        );
        const { timings } = JSON.parse(stdout) as { timings: Record<string, number> };
        least[at] = Math.min(least[at], of(timings) / 1000);
        rmSync(project);
      }
    const [core, thread, both] = least;
    return { name, seconds: least, ofCores: core / both / 2, ofThreads: thread / both / 2 };
  });
}

async function onFolder<T>(
  networks: number,
  units: number,
  count: number,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-curves-'));
  try {
    await writeMixedNetworks(folder, count, units, namesOf(networks));
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function namesOf(networks: number): string[] {
  return Array.from({ length: networks }, (_, at) => `N${at + 1}`);
}

function recipeIn(folder: string, networks: number, ...analyses: unknown[]): string {
  const names = namesOf(networks);
  const recipe = join(folder, 'recipe.yaml');
  const contents = {
    networks: names.map((name) => ({ name, activations: `${name}.npy` })),
    layers: [
      {
        ...{ name: 'layer', sample: 'image' },
        tensors: Object.fromEntries(names.map((name) => [name, name])),
      },
    ],
    folds: 'none',
    analyses,
  };
  writeFileSync(recipe, JSON.stringify(contents));
  return recipe;
}
