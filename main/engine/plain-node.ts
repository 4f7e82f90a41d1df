import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/errors.ts';

const binary = process.platform === 'win32' ? 'node.exe' : 'node';

/**
 * The Node program that runs the engine: CONSILIENCE_NODE; the one that travels with the packaged app; this very
 * process where it is plain Node; the repository's own. Electron itself cannot: an activation of 1 GiB aborts it.
 */
export function plainNode(): string {
  const { electron } = process.versions as { electron?: string };
  const wish = process.env.CONSILIENCE_NODE;
  if (wish) return wish;
  if (!electron) return process.execPath;
  const resources = (process as { resourcesPath?: string }).resourcesPath;
  const candidates = [
    ...(resources ? [join(resources, 'node', binary), join(resources, 'node', 'bin', binary)] : []),
    ...ancestors(dirname(fileURLToPath(import.meta.url))).map((folder) =>
      join(folder, 'node_modules', '.bin', binary),
    ),
  ];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found) return found;
  throw new AppError(
    'engine-failed',
    'The Node program that runs the engine is missing; run npm ci again, or set CONSILIENCE_NODE.',
  );
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
