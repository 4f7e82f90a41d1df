import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '..', '..');

/** Paths of all files that are tracked or about to be, relative to the repository, with forward slashes. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
  });
  const files = [...new Set(listed.split('\0'))];
  return files.filter((file) => file !== '' && existsSync(path.join(repository, file)));
}

export function textOf(file: string): string {
  return readFileSync(path.join(repository, file), 'utf8');
}

/** Whether git and editors would show the file as text. */
export function isText(file: string): boolean {
  return !readFileSync(path.join(repository, file)).subarray(0, 8192).includes(0);
}
