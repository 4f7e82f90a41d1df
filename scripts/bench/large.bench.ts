import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeMixedNetworks } from './mixed-networks.ts';
import { measureCommand } from './measured-command.ts';
import { keepRecord, machineClass, markdownTable } from './record.ts';

/** Peak of all processes together. */
const allowedBytes = 8e9;

/** Every method by the options that leave it the least to do at this size; what it takes of another pass included. */
const methods: Record<string, unknown> = {
  correlation: 'correlation',
  matching: 'matching',
  'spectral-clusters': { 'spectral-clusters': { k: [8] } },
  cka: { subspaces: ['cka'] },
  cca: { subspaces: ['cca'] },
  procrustes: { subspaces: ['procrustes'] },
  code: { code: { rotations: 2 } },
  'sparse-mapping': { 'sparse-mapping': { alphas: [0.3, 0.1] } },
  neighbourhoods: { neighbourhoods: { epsilons: [0.5] } },
  'mutual-information': 'mutual-information',
};

interface Row {
  units: number;
  method: string;
  seconds: number;
  processorSeconds: number;
  engineMiB: number;
  commandMiB: number;
  outcome: string;
}

/**
 * `npm run bench -- large [--units 4096,8192] [--only TEXT] [--samples N] [--limit 300] [--keep]`: each method on two
 * networks of so many units, and as many samples where nothing else is said, by the command line in processes of its own: time, and peak memory of engine and command, which together
 * may not pass 8 GB. The first method of each size takes the moments too; a run over `--limit` seconds is ended.
 */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      units: { type: 'string', default: '4096,8192' },
      only: { type: 'string', default: '' },
      samples: { type: 'string' },
      limit: { type: 'string', default: '300' },
      keep: { type: 'boolean', default: false },
    },
  });
  const rows: Row[] = [];
  for (const units of values.units.split(',').map(Number)) {
    const folder = mkdtempSync(join(tmpdir(), 'consilience-large-'));
    try {
      const samples = Number(values.samples ?? units);
      await writeMixedNetworks(folder, samples, units);
      for (const [method, analysis] of Object.entries(methods)) {
        if (!values.only.split(',').some((text) => method.includes(text))) continue;
        rows.push(await measure(folder, units, method, analysis, Number(values.limit)));
        console.error(JSON.stringify(rows.at(-1)));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const cells = rows.map(({ units, method, seconds, processorSeconds, engineMiB, commandMiB, outcome }) => [
    `${units}`,
    method,
    ...[seconds, processorSeconds].map((value) => value.toFixed(1)),
    ...[engineMiB, commandMiB].map((value) => value.toFixed(0)),
    outcome,
  ]);
  const head = ['units', 'method', 's', 'processor s', 'engine MiB', 'command MiB', ''];
  console.log(`${machineClass()}\n\n${markdownTable(head, cells)}`);
  if (values.keep) keepRecord('large', { rows });
  const tooLarge = rows.some(
    ({ engineMiB, commandMiB }) => (engineMiB + commandMiB) * 2 ** 20 > allowedBytes,
  );
  if (tooLarge) process.exitCode = 1;
}

async function measure(
  folder: string,
  units: number,
  method: string,
  analysis: unknown,
  limit: number,
): Promise<Row> {
  const recipe = join(folder, `${method}.yaml`);
  writeFileSync(
    recipe,
    JSON.stringify({
      networks: ['A', 'B'].map((name) => ({ name, activations: `${name}.npy` })),
      layers: [{ name: 'layer', tensors: { A: 'A', B: 'B' }, sample: 'image' }],
      folds: 'none',
      analyses: [analysis],
    }),
  );
  const command = ['run', recipe, '--project', join(folder, 'large.consilience'), '--json'];
  const row = { units, method, seconds: 0, processorSeconds: 0, engineMiB: 0, commandMiB: 0 };
  try {
    const { seconds, processorSeconds, engineMiB, commandMiB, stdout, isStopped } = await measureCommand(
      command,
      {
        mostSeconds: limit,
      },
    );
    const outcome = isStopped ? `ended after ${limit} s` : timesOf(stdout);
    return { ...row, seconds, processorSeconds, engineMiB, commandMiB, outcome };
  } catch (error) {
    return {
      ...row,
      outcome: error instanceof Error ? error.message.split('\n').slice(-1)[0] : String(error),
    };
  }
}

function timesOf(stdout: string): string {
  const { timings } = JSON.parse(stdout) as { timings: Record<string, number> };
  const parts = {
    'read and moments': timings.inferenceMs + timings.accumulateMs,
    analysis: timings.analyseMs,
  };
  return Object.entries({ ...parts, storing: timings.storeMs })
    .map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`)
    .join(', ');
}
