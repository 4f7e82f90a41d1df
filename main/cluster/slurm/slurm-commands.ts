import { execFile } from 'node:child_process';
import { AppError } from '#core/errors.ts';

/** A task in Slurm's queue. */
export interface QueuedTask {
  jobId: string;
  /** 0 for a job of one task. */
  index: number;
  /** RUNNING, PENDING, COMPLETING, ... */
  state: string;
  /** Why it waits. */
  reason: string;
}

/** Slurm's own programs, where they are on the path. */
export interface SlurmCommands {
  /** Submits a script from a folder; gives the job's number. */
  submit(folder: string, script: string, options: readonly string[]): Promise<string>;
  /** Null where no queue can be asked. */
  queue(jobIds: readonly string[]): Promise<QueuedTask[] | null>;
  /** How a task ended, in Slurm's word; null where Slurm does not say. */
  ended(jobId: string, index: number): Promise<string | null>;
  cancel(jobIds: readonly string[]): Promise<void>;
}

const limitMs = 30_000;

interface Ran {
  status: number;
  isMissing: boolean;
  out: string;
  error: string;
}

function run(program: string, args: readonly string[], cwd?: string): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, timeout: limitMs, maxBuffer: 64 * 2 ** 20 }, (error, out, stderr) => {
      const isMissing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
      resolve({ status: error ? 1 : 0, isMissing, out, error: stderr.trim() });
    });
  });
}

export function createSlurmCommands(): SlurmCommands {
  return {
    async submit(folder, script, options) {
      const { status, isMissing, out, error } = await run(
        'sbatch',
        ['--parsable', ...options, script],
        folder,
      );
      if (isMissing)
        throw new AppError(
          'not-available',
          'sbatch is not on the path: submit from a machine of the cluster, or use consilience shard and merge with your own scheduler (docs/cluster.md).',
        );
      // A job on another cluster of a federation comes as number;cluster.
      const [jobId] = out.trim().split(';');
      if (status === 0 && /^\d+$/.test(jobId)) return jobId;
      throw new AppError(
        'bad-request',
        `Slurm did not take ${script}: ${error.replace(/^sbatch: (error: )?/gm, '') || 'it gave no reason'}; change the options, or the script, and submit again.`,
      );
    },

    async queue(jobIds) {
      if (jobIds.length === 0) return [];
      const format = '%F|%K|%T|%r';
      const { status, isMissing, out, error } = await run('squeue', [
        '-h',
        '-r',
        '-o',
        format,
        '-j',
        jobIds.join(','),
      ]);
      if (isMissing) return null;
      // Jobs that ended long ago are unknown to it.
      if (status !== 0) return /Invalid job id/i.test(error) ? [] : null;
      return out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [jobId, index, state, ...reason] = line.split('|');
          return { jobId, index: Number(index) || 0, state, reason: reason.join('|') };
        });
    },

    async ended(jobId, index) {
      const id = index > 0 ? `${jobId}_${index}` : jobId;
      const shown = await run('scontrol', ['-o', 'show', 'job', id]);
      const state = /JobState=(\S+)/.exec(shown.out)?.[1];
      if (state) return state;
      const kept = await run('sacct', ['-n', '-P', '-X', '-o', 'State', '-j', id]);
      return kept.status === 0 ? (/^[A-Z_]+/.exec(kept.out)?.[0] ?? null) : null;
    },

    async cancel(jobIds) {
      if (jobIds.length > 0) await run('scancel', [...jobIds]);
    },
  };
}
