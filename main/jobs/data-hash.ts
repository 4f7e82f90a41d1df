import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { compareImageNames, isImageName } from '#core/domain/image-names.ts';
import type { RecipeData } from '#core/domain/recipe.ts';
import { AppError } from '#core/errors.ts';
import { dataFilesOf } from './engine-data.ts';
import { hashFile, type HashMemory } from './file-hash.ts';

/** What a run's results depend on of its data: the file, or every image of a folder; of several files all. */
export async function hashData(data: RecipeData, baseFolder: string, database: HashMemory): Promise<string> {
  const files = dataFilesOf(data);
  const digests: string[] = [];
  for (const file of files)
    digests.push(
      await hashFileOrFolder(
        resolve(baseFolder, file),
        file === data.images ? 'data.images' : 'data.arrays',
        database,
      ),
    );
  return digests.length === 1 ? digests[0] : createHash('sha256').update(digests.join('\n')).digest('hex');
}

export async function hashFileOrFolder(path: string, field: string, database: HashMemory): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? hashFolder(path, field, database) : hashFile(path, field, database);
}

interface ImageFile {
  name: string;
  bytes: number;
  mtimeMs: number;
}

/**
 * SHA-256 over names and contents of a folder's images, in their order: lines of name, NUL, SHA-256 of the file. A file
 * that cannot be read, or a link out of the folder, has the word `unread` in place of its hash. Remembered while names,
 * sizes and times of all are unchanged.
 */
async function hashFolder(path: string, field: string, database: HashMemory): Promise<string> {
  const root = await realpath(path);
  const files = await imagesOf(root).catch((error: unknown) => {
    throw new AppError(
      'not-found',
      `${field}: the folder ${path} cannot be read; check its permissions.`,
      { path, field },
      error,
    );
  });
  const state = createHash('sha256');
  for (const { name, bytes, mtimeMs } of files) state.update(`${name}\0${bytes}\0${mtimeMs}\n`);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  // The store tells files apart by path, size and time: a folder's time is the state of all its files.
  const time = Number.parseInt(state.digest('hex').slice(0, 12), 16);
  const remembered = await database.rememberedHash(path, total, time);
  if (remembered) return remembered;
  const hash = createHash('sha256');
  for (const { name } of files) hash.update(`${name}\0${await contentHash(root, name)}\n`);
  const digest = hash.digest('hex');
  await database.rememberHash(path, total, time, digest);
  return digest;
}

async function imagesOf(root: string): Promise<ImageFile[]> {
  const names: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const name = folder ? `${folder}/${entry.name}` : entry.name;
      if (!entry.isDirectory()) {
        if (isImageName(name)) names.push(name);
      } else if (!entry.name.startsWith('.')) await walk(name);
    }
  };
  await walk('');
  names.sort(compareImageNames);
  const files: ImageFile[] = [];
  for (const name of names) {
    const found = await stat(join(root, name)).catch(() => null);
    files.push({ name, bytes: found?.size ?? 0, mtimeMs: found?.mtimeMs ?? 0 });
  }
  return files;
}

async function contentHash(root: string, name: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    const real = await realpath(join(root, name));
    if (!real.startsWith(root + sep)) return 'unread';
    await pipeline(createReadStream(real), hash);
  } catch {
    return 'unread';
  }
  return hash.digest('hex');
}
