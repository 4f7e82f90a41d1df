import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEstimate } from '#core/domain/estimate.ts';
import { repositoryRoot } from '../support/repository.ts';
import { writeMixedNetworks } from './mixed-networks.ts';
import { mainJobs, prepareJob } from './main-jobs.ts';
import { measureCommand } from './measured-command.ts';
import { keepRecord, machineClass, markdownTable } from './record.ts';

/** Allowed between an estimate and its run, either way. */
const [timeFactor, memoryFactor] = [1.5, 1.2];
const [savedUnits, savedSamples] = [2048, 20_000];

const recipes: Record<string, (folder: string) => Promise<string>> = {
  'the samples, every analysis': () => Promise.resolve(join(repositoryRoot, 'samples/digits-ladder.yaml')),
  'two ResNet-18, 192 pictures': (folder) =>
    prepareJob(
      mainJobs.find(({ name }) => name === 'resnet-18')!,
      folder,
    ),
  'saved activations of 2,048 units': savedActivations,
};

/** Estimates three recipes, runs them, and prints what the estimates were as shares of what the runs took. */
export async function checkEstimates(isKept: boolean): Promise<void> {
  const measured = [];
  for (const [name, prepare] of Object.entries(recipes)) {
    const folder = mkdtempSync(join(tmpdir(), 'consilience-estimate-'));
    try {
      const recipe = await prepare(folder);
      const estimating = await measureCommand(['estimate', recipe, '--json']);
      const estimate = JSON.parse(estimating.stdout) as RunEstimate;
      const run = await measureCommand(['run', recipe, '--project', join(folder, 'p.consilience'), '--json']);
      const { timings } = JSON.parse(run.stdout) as { timings: Record<string, number> };
      const { seconds, engineMiB } = run;
      const engine = { estimatedMiB: estimate.memoryBytes / 2 ** 20, measuredMiB: engineMiB };
      const time = { estimatedSeconds: estimate.seconds, measuredSeconds: seconds };
      measured.push({ name, ...time, ...engine, stages: estimate.stages, timings });
      console.error(JSON.stringify(measured.at(-1)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const rows = measured.map(({ name, estimatedSeconds, measuredSeconds, estimatedMiB, measuredMiB }) => [
    name,
    `${estimatedSeconds.toFixed(1)} / ${measuredSeconds.toFixed(1)}`,
    (estimatedSeconds / measuredSeconds).toFixed(2),
    `${estimatedMiB.toFixed(0)} / ${measuredMiB.toFixed(0)}`,
    (estimatedMiB / measuredMiB).toFixed(2),
  ]);
  const head = [
    ...['recipe', 's, estimated / measured', `ratio (within a factor of ${timeFactor})`],
    ...['engine MiB', `ratio (within a factor of ${memoryFactor})`],
  ];
  console.log(`${machineClass()}\n\n${markdownTable(head, rows)}`);
  if (isKept) keepRecord('estimate', { measured });
  const isOff = (ratio: number, factor: number) => ratio > factor || ratio < 1 / factor;
  const off = measured.some(
    (one) =>
      isOff(one.estimatedSeconds / one.measuredSeconds, timeFactor) ||
      isOff(one.estimatedMiB / one.measuredMiB, memoryFactor),
  );
  if (off) process.exitCode = 1;
}

async function savedActivations(folder: string): Promise<string> {
  await writeMixedNetworks(folder, savedSamples, savedUnits);
  const recipe = join(folder, 'saved.yaml');
  const contents = {
    networks: ['A', 'B'].map((name) => ({ name, activations: `${name}.npy` })),
    layers: [{ name: 'layer', tensors: { A: 'A', B: 'B' }, sample: 'image' }],
    folds: 'none',
    analyses: ['correlation', 'matching', { 'spectral-clusters': { k: [8] } }],
  };
  writeFileSync(recipe, JSON.stringify(contents));
  return recipe;
}
