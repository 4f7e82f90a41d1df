import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  /** Replaces the environment when given. */
  env?: NodeJS.ProcessEnv;
  /** The command and everything it started are killed after this time. */
  timeoutMs?: number;
  /** `show` passes the output on to this process's own; `capture` (the default) returns it. */
  output?: 'show' | 'capture';
  /** Ends the command early, like the time limit. */
  abort?: AbortSignal;
}

export interface RunResult {
  /** Exit code; -1 when the command did not start or a signal ended it. */
  status: number;
  stdout: string;
  stderr: string;
  isTimedOut: boolean;
}

/** Runs a command to its end, without a shell and with stdin closed. Never rejects: see `status` and `stderr`. */
export function runCommand(command: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const stream = options.output === 'show' ? 'inherit' : 'pipe';
    // Its own process group, so that a time limit or Ctrl-C ends grandchildren (browsers, Xvfb) too.
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', stream, stream],
      detached: process.platform !== 'win32',
    });
    const result: RunResult = { status: -1, stdout: '', stderr: '', isTimedOut: false };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (result.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (result.stderr += text));
    const stop = (): void => {
      result.isTimedOut = true;
      killGroup(child, 'SIGKILL');
    };
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(stop, options.timeoutMs);
    options.abort?.addEventListener('abort', stop, { once: true });
    const releaseSignals = forwardSignals(child);
    const finish = (): void => {
      clearTimeout(timer);
      options.abort?.removeEventListener('abort', stop);
      releaseSignals();
      resolve(result);
    };
    child.on('error', (error) => {
      result.stderr += `${command} did not start: ${error.message}\n`;
      finish();
    });
    child.on('close', (code) => {
      result.status = code ?? -1;
      finish();
    });
  });
}

function forwardSignals(child: ChildProcess): () => void {
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const handler = (): void => {
      killGroup(child, signal);
      child.once('close', () => process.exit(130));
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => handlers.forEach((release) => release());
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It ended in the meantime.
  }
}

/** The last non-empty lines of an output, for one-line messages. */
export function lastLines(text: string, count = 1): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .slice(-count)
    .join(' ');
}
