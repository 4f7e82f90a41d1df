import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../support/repository.ts';
import { killRuns, type Kill, type Victim } from './kill-runs.ts';
import { projects } from './kept-in-project.ts';
import { shards } from './kept-shard.ts';

/**
 * `npm run bench -- kills [--of run|shard] [--kills 50] [--seed 1] [--every 200] [--victims engine,command,both]
 * [--grace 10000]`: SIGKILL at random moments of small runs of two passes, or of a shard. Another command line follows
 * `--`, with FILE where the path of the project or shard belongs:
 * `npm run bench -- kills --kills 10 -- run my.yaml --project FILE`.
 */
export async function bench(args: string[]): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('The engine is found in /proc, which this system does not have.');
    return;
  }
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      of: { type: 'string', default: 'run' },
      kills: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      every: { type: 'string', default: '200' },
      grace: { type: 'string', default: '10000' },
      victims: { type: 'string', default: 'engine,command,both' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'consilience-kills-'));
  try {
    const isShard = values.of === 'shard';
    const recipe = writeKillRecipe(folder, isShard ? 960 : 320);
    const usual = isShard
      ? ['shard', recipe, '--index', '2', '--of', '3', '--out', 'FILE']
      : ['run', recipe, '--project', 'FILE'];
    const command = positionals.length > 0 ? positionals : usual;
    const kills = await killRuns({
      command: (file) => command.map((word) => word.replace('FILE', file)),
      makes: isShard ? shards : projects,
      victims: values.victims.split(',') as Victim[],
      kills: Number(values.kills),
      seed: Number(values.seed),
      everyMs: Number(values.every),
      graceMs: Number(values.grace),
      folder,
      say: console.log,
    });
    console.log(summary(kills));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Many batches, in a random order with groups and shuffles, two folds, two passes. */
export function writeKillRecipe(folder: string, images = 320): string {
  const samples = join(repositoryRoot, 'samples');
  const networks = [1, 2].map((net) => `  - {name: Net${net}, model: ${samples}/net${net}.onnx}`);
  const lines = [
    'title: To be killed',
    `data: {images: ${samples}/digits.npz, key: images, layout: NHW, scale: 0.00392156862745098, limit: ${images}}`,
    'networks:',
    ...networks,
    'layers:',
    '  - {name: conv3, tensors: /Relu_2_output_0, sample: position}',
    'folds: {test: 0.25, seed: 0}',
    'analyses: [correlation, matching, certainty, mutual-information]',
    'batch: 8',
  ];
  const path = join(folder, 'recipe.yaml');
  writeFileSync(path, lines.join('\n'));
  return path;
}

/** Kills and what they cost, by who was killed and when. */
function summary(kills: readonly Kill[]): string {
  const groups = Map.groupBy(kills, ({ victim, stage }) => `${victim.padEnd(8)} ${stage.padEnd(20)}`);
  const rows = [...groups].sort().map(([name, group]) => {
    const lost = group.map(({ done, kept }) => Math.max(0, done - kept));
    const total = lost.reduce((sum, one) => sum + one, 0);
    return `${name} ${String(group.length).padStart(5)}   ${String(total).padStart(6)} lost in all, ${Math.max(...lost)} at most`;
  });
  return ['victim   stage                kills', ...rows].join('\n');
}
