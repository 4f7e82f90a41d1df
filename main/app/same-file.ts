import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** Whether two paths name one file, by whatever links. */
export function isSameFile(one: string, other: string): boolean {
  return real(one) === real(other);
}

function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}
