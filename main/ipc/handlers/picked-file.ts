import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PickedFile } from '#core/ipc/areas/network.ts';
import type { TokenStore } from '../../app/token-store.ts';

/** A file the person chose in a dialog, as the window may know it. */
export async function pickedFile(path: string, tokens: TokenStore): Promise<PickedFile> {
  const { size } = await stat(path);
  return { token: tokens.issue(path), fileName: basename(path), bytes: size };
}
