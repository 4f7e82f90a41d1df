import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { fileOfField } from '../app/file-of-field.ts';

/** Remembers hashes of files: the project, or a file that shards share. */
export type HashMemory = Pick<DatabaseMethods, 'rememberedHash' | 'rememberHash'>;

/** SHA-256 of a file; remembered while size and modification time are unchanged. */
export async function hashFile(path: string, field: string, database: HashMemory): Promise<string> {
  const stats = await fileOfField(path, field);
  const remembered = await database.rememberedHash(path, stats.size, stats.mtimeMs);
  if (remembered) return remembered;
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    throw new AppError(
      'not-found',
      `${field}: ${path} cannot be read; check its permissions.`,
      { path, field },
      error,
    );
  }
  const digest = hash.digest('hex');
  await database.rememberHash(path, stats.size, stats.mtimeMs, digest);
  return digest;
}
