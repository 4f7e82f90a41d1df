import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

const TEMPORARY_PREFIX = '.preparing-';
const STALE_AFTER_MS = 24 * 60 * 60 * 1000;

/** Where downloads and builds are kept: outside the repository, shared by all clones of one user. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): string {
  if (env.CONSILIENCE_CACHE) return path.resolve(env.CONSILIENCE_CACHE);
  return path.join(env.XDG_CACHE_HOME || path.join(home, '.cache'), 'consilience');
}

/**
 * Fills `destination` through `prepare`, which works in a temporary folder beside it; the finished folder appears
 * by one rename, so a folder that exists is complete. If another process finishes first, its folder stays.
 */
export async function prepareFolder(
  destination: string,
  prepare: (folder: string) => Promise<void>,
): Promise<void> {
  const parent = path.dirname(destination);
  await mkdir(parent, { recursive: true });
  await removeStale(parent);
  const temporary = await mkdtemp(path.join(parent, TEMPORARY_PREFIX));
  try {
    const content = path.join(temporary, 'content');
    await mkdir(content);
    await prepare(content);
    await renameUnlessPresent(content, destination);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function renameUnlessPresent(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
    await stat(to);
  }
}

/** Removes what a killed run left behind; a day is longer than any preparation takes. */
async function removeStale(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    const folder = path.join(parent, name);
    const found = await stat(folder).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > STALE_AFTER_MS)
      await rm(folder, { recursive: true, force: true });
  }
}
