import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { PickedFile } from '#core/ipc/areas/network.ts';
import type { TokenStore } from '../../app/token-store.ts';

/** A file the person chose in a dialog, as the window may know it. */
export async function pickedFile(path: string, tokens: TokenStore): Promise<PickedFile> {
  const { size } = await stat(path).catch((error: unknown) => {
    const message = `The file ${basename(path)} is not there or cannot be read; put it back, or choose another.`;
    throw new AppError('not-found', message, { file: basename(path) }, error);
  });
  return { token: tokens.issue(path), fileName: basename(path), bytes: size };
}
