import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { fileOfField } from '../app/file-of-field.ts';

/** Remembers hashes of files: the project, or a file that shards share. */
export type HashMemory = Pick<DatabaseMethods, 'rememberedHash' | 'rememberHash'>;

const pieceBytes = 2 ** 20;

/** SHA-256 of a file; remembered while size and modification time are unchanged. */
export async function hashFile(path: string, field: string, database: HashMemory): Promise<string> {
  const stats = await fileOfField(path, field);
  const remembered = await database.rememberedHash(path, stats.size, stats.mtimeMs);
  if (remembered) return remembered;
  let digest: string;
  try {
    digest = await sha256Of(path);
  } catch (error) {
    throw new AppError(
      'not-found',
      `${field}: ${path} cannot be read; check its permissions.`,
      { path, field },
      error,
    );
  }
  await database.rememberHash(path, stats.size, stats.mtimeMs, digest);
  return digest;
}

/** Read into the same two buffers in turn: a stream's new one for every piece took longer than hashing what is in it. */
async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const buffers = [new Uint8Array(pieceBytes), new Uint8Array(pieceBytes)];
    const read = async (turn: number) => {
      const { bytesRead } = await file.read(buffers[turn % 2], 0, pieceBytes);
      return buffers[turn % 2].subarray(0, bytesRead);
    };
    let piece = await read(0);
    for (let turn = 1; piece.length > 0; turn++) {
      const ahead = read(turn);
      hash.update(piece);
      piece = await ahead;
    }
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}
