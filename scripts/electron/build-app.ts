import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { packageFolder, repositoryRoot } from '../support/repository.ts';
import { runCommand } from '../support/run-command.ts';

/** Everything the built app is made of. */
const SOURCES = [
  ...['core', 'main', 'native-workers', 'preload', 'renderer'],
  ...['electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.base.json'],
];
const ENTRY = path.join('out', 'main', 'index.js');

/** Builds the app into out/, its output shown; false if that failed. */
export async function buildApp(): Promise<boolean> {
  const electronVite = path.join(packageFolder('electron-vite'), 'bin', 'electron-vite.js');
  const built = await runCommand(process.execPath, [electronVite, 'build'], {
    cwd: repositoryRoot,
    output: 'show',
  });
  return built.status === 0 && existsSync(path.join(repositoryRoot, ENTRY));
}

/** Whether out/ is absent or older than a source file or folder (a deleted file changes its folder's time). */
export async function isBuildStale(root: string = repositoryRoot): Promise<boolean> {
  const built = await stat(path.join(root, ENTRY)).catch(() => undefined);
  if (!built) return true;
  for (const source of SOURCES) {
    if ((await newestChangeMs(path.join(root, source))) > built.mtimeMs) return true;
  }
  return false;
}

async function newestChangeMs(place: string): Promise<number> {
  const found = await stat(place).catch(() => undefined);
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries.map(async (entry) => (await stat(path.join(entry.parentPath, entry.name))).mtimeMs),
  );
  return times.reduce((newest, time) => Math.max(newest, time), found.mtimeMs);
}
