import { open, readdir, realpath } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { compareImageNames, isImageName } from '#core/domain/image-names.ts';
import { AppError } from '#core/errors.ts';
import { badImage, mostEncodedBytes, type ImageFiles } from './image-files.ts';

/** Images of a folder and its folders. Links to files are followed inside the folder only, links to folders never. */
export async function openFolder(path: string): Promise<ImageFiles> {
  const label = `${basename(resolve(path))}/`;
  const names: string[] = [];
  const ignored: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(path, folder), { withFileTypes: true })) {
      const name = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.')) await walk(name);
      } else if (isImageName(name)) names.push(name);
      else ignored.push(entry.isSymbolicLink() ? `${name} (a link)` : name);
    }
  };
  let root: string;
  try {
    root = await realpath(path);
    await walk('');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('bad-data', `The folder ${path} cannot be read: ${reason}.`, { path }, error);
  }
  names.sort(compareImageNames);
  return {
    label,
    names,
    ignored,
    close: () => undefined,
    async read(index) {
      const name = names[index];
      const real = await realpath(join(path, name)).catch(() => null);
      if (real === null) throw badImage(name, 'cannot be found; it was removed, or is a link to nothing.');
      if (!real.startsWith(root + sep))
        throw badImage(name, 'is a link out of its folder, which is not followed; copy the file.');
      const file = await open(real, 'r').catch((error: unknown) => {
        throw badImage(name, 'cannot be opened; check its permissions.', error);
      });
      try {
        const { size } = await file.stat();
        if (size > mostEncodedBytes) throw badImage(name, 'is larger than 256 MiB; it is no picture.');
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
  };
}
