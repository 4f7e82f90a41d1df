import { closeSync, fsyncSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Making a project takes a fraction of a second; what is older was left by a program that was killed. */
const abandonedAfterMs = 60_000;

/** Removes what killed programs left of making the project `path`: files named `<path>.new-...`. */
export function removeAbandoned(path: string): void {
  const folder = dirname(path);
  const beginning = `${basename(path)}.new-`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(beginning)) continue;
    const left = join(folder, name);
    const age = Date.now() - (statSync(left, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > abandonedAfterMs) rmSync(left, { force: true });
  }
}

/** Waits until the file's bytes are on the disk. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
