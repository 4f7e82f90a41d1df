import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusterState } from '#main/cluster/slurm/cluster-state.ts';
import { clusterSentences, failureWords } from '#main/cluster/slurm/cluster-words.ts';
import { jobFolderOf, readPlan, type JobPlan } from '#main/cluster/slurm/job-folder.ts';
import type { QueuedTask, SlurmCommands } from '#main/cluster/slurm/slurm-commands.ts';
import { submitJobs, writeJobs } from '#main/cluster/slurm/submit.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

/** A queue that says what it is told, and keeps what it is asked. */
class FakeSlurm implements SlurmCommands {
  readonly submitted: { script: string; options: readonly string[] }[] = [];
  cancelled: readonly string[] = [];
  tasks: QueuedTask[] | null = [];
  state: string | null = 'FAILED';
  refusesAt = Infinity;

  submit(_folder: string, script: string, options: readonly string[]): Promise<string> {
    if (this.submitted.length >= this.refusesAt) return Promise.reject(new Error('Slurm did not take it.'));
    this.submitted.push({ script, options });
    return Promise.resolve(String(100 + this.submitted.length));
  }
  queue(): Promise<QueuedTask[] | null> {
    return Promise.resolve(this.tasks);
  }
  ended(): Promise<string | null> {
    return Promise.resolve(this.state);
  }
  cancel(jobIds: readonly string[]): Promise<void> {
    this.cancelled = jobIds;
    return Promise.resolve();
  }
}

async function jobs(part: Partial<JobPlan> = {}, project = join(temporaryFolder(), 'my p.consilience')) {
  const folder = jobFolderOf(project);
  const plan = {
    ...{ title: 'Digits', recipe: "/data/it's/digits.yaml", project, shards: 4 },
    stages: ['first', 'merge', 'second', 'finish'] as JobPlan['stages'],
    keys: { first: 'one', second: 'two' },
    ...part,
  };
  const resources = {
    partition: 'gpu',
    time: '1:00:00',
    mem: '8G',
    threads: 2,
    gpus: 1,
    provider: 'cuda' as const,
  };
  const command = ['/opt/node', '/opt/consilience/main/cli/consilience.ts'];
  return { folder, project, plan: await writeJobs({ folder, plan, resources, command }) };
}

const make = (folder: string, ...names: string[]) => {
  mkdirSync(join(folder, 'shards'), { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), '');
};

describe('the scripts of a job array', () => {
  it('are plain bash that a person can read, with everything that was asked of Slurm', async () => {
    const { folder, project } = await jobs();
    const first = readFileSync(join(folder, 'first.sbatch'), 'utf8');
    for (const line of [
      '#!/bin/bash',
      '#SBATCH --output=logs/first-%a.log',
      '#SBATCH --requeue',
      '#SBATCH --cpus-per-task=2',
      '#SBATCH --partition=gpu',
      '#SBATCH --time=1:00:00',
      '#SBATCH --mem=8G',
      '#SBATCH --gpus=1',
      'consilience=(/opt/node /opt/consilience/main/cli/consilience.ts)',
      String.raw`recipe='/data/it'\''s/digits.yaml'`,
      `project='${project}'`,
      '"${consilience[@]}" shard "$recipe" --index "$SLURM_ARRAY_TASK_ID" --of 4 \\',
      '  --out "shards/first-$SLURM_ARRAY_TASK_ID.shard" --threads "$threads" --provider cuda || status=$?',
    ])
      expect(first.split('\n')).toContain(line);
    expect(first).toContain('scontrol requeue');
    const merge = readFileSync(join(folder, 'merge.sbatch'), 'utf8');
    expect(merge).toContain('merge shards/first-{1..4}.shard --project "$project"');
    expect(merge).not.toContain('--gpus');
    expect(readFileSync(join(folder, 'second.sbatch'), 'utf8')).toContain('--second shards/second.start');
    expect(readFileSync(join(folder, 'finish.sbatch'), 'utf8')).toContain('mv result.json.part result.json');
  });

  it('are submitted one after the other, each once the one before has ended well', async () => {
    const { folder, plan } = await jobs();
    const slurm = new FakeSlurm();
    const { jobs: ids } = await submitJobs(folder, plan, slurm);
    expect(ids).toEqual({ first: '101', merge: '102', second: '103', finish: '104' });
    expect(slurm.submitted).toEqual([
      { script: 'first.sbatch', options: ['--array=1-4'] },
      { script: 'merge.sbatch', options: ['--dependency=afterok:101', '--kill-on-invalid-dep=yes'] },
      {
        script: 'second.sbatch',
        options: ['--array=1-4', '--dependency=afterok:102', '--kill-on-invalid-dep=yes'],
      },
      { script: 'finish.sbatch', options: ['--dependency=afterok:103', '--kill-on-invalid-dep=yes'] },
    ]);
    expect((await readPlan(folder)).jobs).toEqual(ids);
  });

  it('are taken back where Slurm refuses a later one', async () => {
    const { folder, plan } = await jobs();
    const slurm = new FakeSlurm();
    slurm.refusesAt = 2;
    await expect(submitJobs(folder, plan, slurm)).rejects.toThrow('Slurm did not take it.');
    expect(slurm.cancelled).toEqual(['101', '102']);
  });

  it('go on from the shards that are there, of the same recipe and number alone', async () => {
    const project = join(temporaryFolder(), 'p.consilience');
    const { folder } = await jobs({}, project);
    make(folder, 'shards/first-1.shard', 'shards/first-3.shard');
    const again = await jobs({}, project);
    const slurm = new FakeSlurm();
    await submitJobs(folder, again.plan, slurm);
    expect(slurm.submitted[0]).toEqual({ script: 'first.sbatch', options: ['--array=2,4'] });
    // All of the first pass, and what the second one starts from, which lies in a project that is there.
    make(folder, 'shards/first-2.shard', 'shards/first-4.shard', 'shards/second.start');
    writeFileSync(project, '');
    const later = new FakeSlurm();
    await submitJobs(folder, (await jobs({}, project)).plan, later);
    expect(later.submitted.map(({ script }) => script)).toEqual(['second.sbatch', 'finish.sbatch']);
    // Without its project it is merged again.
    rmSync(project);
    const merged = new FakeSlurm();
    await submitJobs(folder, (await jobs({}, project)).plan, merged);
    expect(merged.submitted.map(({ script }) => script)).toEqual([
      'merge.sbatch',
      'second.sbatch',
      'finish.sbatch',
    ]);
    const other = new FakeSlurm();
    await submitJobs(folder, (await jobs({ keys: { first: 'else', second: 'two' } }, project)).plan, other);
    expect(other.submitted[0].options).toEqual(['--array=1-4']);
  });
});

describe('the state of jobs', () => {
  it('comes from what they made and what the queue says of the rest', async () => {
    const { folder, plan } = await jobs();
    const slurm = new FakeSlurm();
    await submitJobs(folder, plan, slurm);
    make(folder, 'shards/first-1.shard');
    writeFileSync(
      join(folder, 'logs/first-2.log'),
      'Checking inputs\nReading activations, 64 of 192 images (33 %)\n',
    );
    writeFileSync(
      join(folder, 'logs/first-3.log'),
      'Ended with status 137; Slurm puts this task back into the queue.\n',
    );
    const task = (index: number, state: string, reason: string, jobId = '101') => ({
      jobId,
      index,
      state,
      reason,
    });
    slurm.tasks = [
      task(2, 'RUNNING', 'None'),
      task(3, 'PENDING', 'BeginTime'),
      task(4, 'PENDING', 'Resources'),
      task(0, 'PENDING', 'Dependency', '102'),
    ];
    const job = await clusterState(folder, slurm);
    expect(job.state).toBe('running');
    expect(job.steps[0]).toMatchObject({ done: 1, running: 1, waiting: 2, requeued: 1, failed: [] });
    expect(clusterSentences(job)).toEqual([
      'First pass: 1 of 4 shards done, 1 running (Reading activations, 64 of 192 images (33 %)), 2 waiting (Slurm: BeginTime), 1 put back into the queue',
    ]);
  });

  it('says of a failed task why, in plain words, and how to go on', async () => {
    const { folder, plan } = await jobs();
    const slurm = new FakeSlurm();
    await submitJobs(folder, plan, slurm);
    make(folder, 'shards/first-1.shard', 'shards/first-4.shard');
    const sentence = 'net1.onnx cannot be read; check the path.';
    writeFileSync(join(folder, 'logs/first-2.log'), `Checking inputs\n${sentence}\n`);
    const job = await clusterState(folder, slurm);
    expect(job.state).toBe('failed');
    expect(job.steps[0].failed[0]).toEqual({
      index: 2,
      state: 'FAILED',
      reason: sentence,
      log: ['Checking inputs', sentence],
    });
    expect(failureWords(job)).toBe(
      `First pass: shards 2 to 3 failed. ${sentence} Logs: ${folder}/logs. Submit the recipe again to go on from what is there.`,
    );
    slurm.state = 'OUT_OF_MEMORY';
    const [step] = (await clusterState(folder, slurm)).steps;
    expect(step.failed[0].reason).toBe(
      'It needed more memory than it was given; submit again with more (--mem).',
    );
  });

  it('is done with the last stage, and unknown where no queue can be asked', async () => {
    const { folder, plan } = await jobs();
    const slurm = new FakeSlurm();
    await submitJobs(folder, plan, slurm);
    slurm.tasks = null;
    expect((await clusterState(folder, slurm)).state).toBe('unknown');
    make(folder, 'result.json');
    expect((await clusterState(folder, slurm)).state).toBe('done');
  });

  it('is refused for a folder that holds no plan, or a damaged one', async () => {
    const folder = temporaryFolder();
    await expect(readPlan(folder)).rejects.toThrow(/holds no plan of cluster jobs/);
    writeFileSync(join(folder, 'plan.json'), '{"format": 1, "jobs": {"first": "1; rm"}}');
    await expect(readPlan(folder)).rejects.toThrow(/holds no plan of cluster jobs/);
  });
});
