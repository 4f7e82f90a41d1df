import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/repository.ts';

/** One row of the table of kernels: our seconds against a peer's, measured in the same run. */
export interface KernelCase {
  name: string;
  /** Largest ours / peer that is good enough; null: measured only. */
  goal: number | null;
  /** Seconds, the least of a few runs. */
  ours(): Promise<number>;
  /** A script under scripts/bench/peers that prints `{"seconds": x}`, imports left out. */
  peer: { script: string; args: string[] };
}

/** The least time of some runs, in seconds. */
export async function leastSeconds(runs: number, work: () => unknown): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await work();
    least = Math.min(least, (performance.now() - started) / 1000);
  }
  return least;
}

const run = promisify(execFile);

export async function peerSeconds(python: string, { script, args }: KernelCase['peer']): Promise<number> {
  const { stdout } = await run(python, [join(repositoryRoot, 'scripts/bench/peers', script), ...args], {
    env: { ...process.env, OMP_NUM_THREADS: '2', OPENBLAS_NUM_THREADS: '2' },
    maxBuffer: 1 << 24,
  });
  return (JSON.parse(stdout) as { seconds: number }).seconds;
}
