import { resolve } from 'node:path';

/** The project file among a program's arguments, as an absolute path; null where there is none. */
export function projectFileIn(args: readonly string[], folder: string): string | null {
  const found = args
    .slice(1)
    .find((argument) => !argument.startsWith('-') && argument.endsWith('.consilience'));
  return found === undefined ? null : resolve(folder, found);
}
