import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Log {
  info(message: string): void;
  /** `error` is written with its stack and causes. */
  error(message: string, error?: unknown): void;
}

const maxLogBytes = 2 * 1024 * 1024;

/** A plain text log that keeps one older file; logging never fails the caller. */
export function openLog(path: string): Log {
  const write = (level: string, message: string) => {
    const line = `${new Date().toISOString()} ${level} ${message}\n`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      if (sizeOf(path) > maxLogBytes) renameSync(path, `${path}.old`);
      appendFileSync(path, line);
    } catch {
      process.stderr.write(line);
    }
  };
  return {
    info: (message) => write('info', message),
    error: (message, error) =>
      write('error', error === undefined ? message : `${message}\n${described(error)}`),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${described(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
