import { open, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { AppError } from '#core/errors.ts';

/** Text is gathered into pieces of this size: few writes, little memory. */
const bytesPerWrite = 1 << 20;

/** Writes a file whole; what goes wrong is told with the folder and the remedy. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writing(path, () => writeFile(path, content));
}

/** Writes a file piece by piece, however long it gets. */
export async function writePieces(
  path: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  await writing(path, async () => {
    const file = await open(path, 'w');
    try {
      await writeAll(file, pieces);
    } finally {
      await file.close();
    }
  });
}

async function writeAll(
  file: FileHandle,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  let waiting = '';
  const flush = async () => {
    if (waiting !== '') await file.writeFile(waiting);
    waiting = '';
  };
  for await (const piece of pieces) {
    if (typeof piece === 'string') {
      waiting += piece;
      if (waiting.length >= bytesPerWrite) await flush();
    } else {
      await flush();
      await file.writeFile(piece);
    }
  }
  await flush();
}

/** Does work that writes the file; what goes wrong is told with the folder and the remedy. */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AppError ? error : failure(path, error);
  }
}

function failure(path: string, error: unknown): AppError {
  const code = (error as { code?: string } | null)?.code ?? '';
  const file = basename(path);
  const folder = dirname(path);
  const message = error instanceof Error ? error.message : String(error);
  const sentence = ['ENOSPC', 'EDQUOT'].includes(code)
    ? `${file} could not be written: the disk is full. Free some space, then try again.`
    : ['ENOENT', 'ENOTDIR'].includes(code)
      ? `${file} could not be written: ${folder} is no folder. Make it, or choose another.`
      : ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'EEXIST', 'EBUSY'].includes(code)
        ? `${file} could not be written: ${folder} or the file is not yours to write to. Choose another folder.`
        : `${file} could not be written (${message}). Choose another folder.`;
  return new AppError('storage', sentence, { file: path, code }, error);
}
