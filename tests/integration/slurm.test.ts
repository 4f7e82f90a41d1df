import { execFile, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterJob } from '#core/domain/cluster.ts';
import { headlineNumber, type ResultEntry } from '#core/domain/result.ts';
import { readShards } from '#main/cluster/merge-files.ts';
import { readPlan } from '#main/cluster/slurm/job-folder.ts';
import { runCommand } from '../fixtures/command-line.ts';
import { startSlurm, whyNoSlurm, type SlurmCluster } from '../fixtures/slurm-cluster.ts';
import { samplesFolder } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const commandLine = join(import.meta.dirname, '../../main/cli/consilience.ts');
const missing = whyNoSlurm();
let cluster: SlurmCluster | null = null;
beforeAll(async () => {
  if (missing === null) cluster = await startSlurm();
}, 30_000);
afterAll(() => cluster?.stop(), 30_000);

function writeRecipe(folder: string): string {
  const path = join(folder, 'digits.yaml');
  writeFileSync(
    path,
    `title: Digits on a cluster
data: {images: ${join(samplesFolder, 'digits.npz')}, key: images, layout: NHW, scale: 0.00392156862745098, limit: 240}
networks:
  - {name: Net1, model: ${join(samplesFolder, 'net1.onnx')}}
  - {name: Net2, model: ${join(samplesFolder, 'net2.onnx')}}
layers: [{name: fc1, tensors: /Relu_3_output_0, sample: image}]
folds: {test: 0.25, seed: 0}
batch: 16
analyses: [matching, mutual-information]
`,
  );
  return path;
}

/** The process that makes a shard, once it runs. */
async function processOf(words: readonly string[]): Promise<number> {
  for (let tries = 0; tries < 3000; tries++) {
    for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      const path = `/proc/${name}/cmdline`;
      const words0 = existsSync(path) ? readText(path).split('\0') : [];
      if (words0[1] === commandLine && words.every((word) => words0.includes(word))) return Number(name);
    }
    await wait(20);
  }
  throw new Error(`No process ${words.join(' ')} was seen.`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function results(project: string): Promise<ResultEntry[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [commandLine, 'results', project, '--json']);
  return JSON.parse(stdout) as ResultEntry[];
}

it('a recipe with fewer batches than shards is refused before anything is written', async () => {
  const folder = temporaryFolder();
  const project = join(folder, 'p.consilience');
  const asked = ['slurm', writeRecipe(folder), '--shards', '16', '--project', project, '--dry-run'];
  const { status, stderr } = await runCommand(asked);
  expect(stderr).toContain(
    '240 inputs are 15 batches of 16: they cannot be cut into 16 shards; ask for at most 15',
  );
  expect(status).toBe(2);
  expect(readdirSync(join(`${project}.slurm`, 'shards'))).toEqual(['hashes.json']);
}, 60_000);

describe('a recipe on a real Slurm', () => {
  it('comes to the results of one machine, though a task is killed and a shard is computed twice', async ({
    skip,
  }) => {
    if (!cluster) return skip(missing ?? 'Slurm did not start.');
    const { env } = cluster;
    const folder = temporaryFolder();
    const recipe = writeRecipe(folder);
    const project = join(folder, 'p.consilience');
    const jobs = `${project}.slurm`;
    const child = spawn(
      process.execPath,
      [commandLine, 'slurm', recipe, '--shards', '3', '--threads', '1', '--project', project, '--json'],
      { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let [out, said] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));

    process.kill(await processOf(['shard', '--index', '2']), 'SIGKILL');
    // Slurm holds a task that is put back for two minutes; a person may release it at once, too.
    const isHeld = () =>
      /^2\|PENDING\|BeginTime/m.test(
        spawnSync('squeue', ['-h', '-r', '-o', '%K|%T|%r'], { env, encoding: 'utf8' }).stdout,
      );
    for (let tries = 0; tries < 300 && !isHeld(); tries++) await wait(200);
    const { jobs: ids } = await readPlan(jobs);
    const released = spawnSync('scontrol', ['update', `jobid=${ids.first}_2`, 'StartTime=now'], { env });
    expect(released.status, released.stderr.toString()).toBe(0);

    expect(await ended, said).toBe(0);
    const job = JSON.parse(out) as ClusterJob & { results: number };
    expect(job).toMatchObject({ state: 'done', results: 2, shards: 3 });
    expect(job.steps.map(({ stage, done }) => [stage, done])).toEqual([
      ['first', 3],
      ['merge', 1],
      ['second', 3],
      ['finish', 1],
    ]);
    expect(job.steps[0].requeued).toBe(1);
    expect(readText(join(jobs, 'logs/first-2.log'))).toContain('Slurm puts this task back into the queue');
    expect(said).toMatch(/First pass: 3 of 3 shards done/);

    // One machine.
    const whole = join(folder, 'whole.consilience');
    const run = [commandLine, 'run', recipe, '--project', whole, '--threads', '1', '--json'];
    await promisify(execFile)(process.execPath, run);
    const [sharded, one] = [await results(project), await results(whole)];
    expect(sharded.map(({ id }) => id).sort()).toEqual(one.map(({ id }) => id).sort());
    for (const { id, headline } of one) {
      const other = sharded.find((entry) => entry.id === id);
      for (const key of ['semiMean', 'matchMean', 'samples']) {
        const value = headlineNumber(headline, key);
        if (value !== undefined)
          expect(headlineNumber(other?.headline ?? {}, key), `${id} ${key}`).toBeCloseTo(value, 6);
      }
    }

    // A shard once more: the same content, so either will do.
    const shards = [1, 2, 3].map((index) => join(jobs, `shards/first-${index}.shard`));
    const earlier = join(folder, 'earlier.shard');
    copyFileSync(shards[0], earlier);
    rmSync(shards[0]);
    const again = spawnSync('sbatch', ['--wait', '--array=1', 'first.sbatch'], { cwd: jobs, env });
    expect(again.status, readText(join(jobs, 'logs/first-1.log'))).toBe(0);
    const { notes, shards: kept } = await readShards([...shards, earlier]);
    expect(notes).toEqual(['Shard 1 of 3 was given twice with the same content; earlier.shard is left out.']);
    expect(kept).toHaveLength(3);
  }, 240_000);
});
