import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.ts';
import { childrenOf, peakMiB, processorSeconds } from './process-memory.ts';

interface MeasuredCommand {
  seconds: number;
  /** Of the command and the engine together. */
  processorSeconds: number;
  /** Highest resident memory of each process; their sum is at least what they held together at any time. */
  commandMiB: number;
  engineMiB: number;
  stdout: string;
  /** Whether it was ended because it took longer than allowed. */
  isStopped: boolean;
}

const pollMs = 20;

/** Runs the command line as a user does and follows its processes (Linux). @throws Error where it fails */
export async function measureCommand(
  args: string[],
  {
    cwd = repositoryRoot,
    mostSeconds = Infinity,
    environment = {},
    isOnOneCore = false,
  }: {
    cwd?: string;
    mostSeconds?: number;
    environment?: Record<string, string>;
    isOnOneCore?: boolean;
  } = {},
): Promise<MeasuredCommand> {
  const started = performance.now();
  const command = [process.execPath, join(repositoryRoot, 'scripts/consilience.mjs'), ...args];
  const [program, ...rest] = isOnOneCore ? ['taskset', '-c', '0', ...command] : command;
  const child = spawn(program, rest, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-4000)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let [commandMiB, engineMiB] = [0, 0];
  const spent = new Map<number, number>();
  const look = () => {
    const pid = child.pid ?? 0;
    const engines = childrenOf(pid);
    commandMiB = Math.max(commandMiB, peakMiB(pid));
    for (const engine of engines) engineMiB = Math.max(engineMiB, peakMiB(engine));
    for (const one of [pid, ...engines]) spent.set(one, Math.max(spent.get(one) ?? 0, processorSeconds(one)));
  };
  let isStopped = false;
  const timer = setInterval(() => {
    look();
    if (isStopped || (performance.now() - started) / 1000 < mostSeconds) return;
    isStopped = true;
    // The engine ends with it.
    child.kill('SIGKILL');
  }, pollMs);
  const status = await ended;
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0 && !isStopped)
    throw new Error(`consilience ${args[0]} ended with status ${status}: ${stderr.trim()}`);
  const processor = [...spent.values()].reduce((sum, value) => sum + value, 0);
  return { seconds, processorSeconds: processor, commandMiB, engineMiB, stdout, isStopped };
}
