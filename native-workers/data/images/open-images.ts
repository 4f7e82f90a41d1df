import { statSync } from 'node:fs';
import { archiveKind } from '#core/domain/image-names.ts';
import { AppError } from '#core/errors.ts';
import { openFolder } from './folder-files.ts';
import type { ImageFiles } from './image-files.ts';
import { openTar } from './tar-files.ts';
import { openZipImages } from './zip-files.ts';

/** Whether a data path is read as a set of images: a folder, a .tar or a .zip. */
export function isImageSet(path: string): boolean {
  if (archiveKind(path) !== null) return true;
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** @throws AppError `bad-data` where there are no images, or the archive is damaged */
export async function openImageFiles(path: string): Promise<ImageFiles> {
  const files = await openAny(path);
  if (files.names.length > 0) return files;
  files.close();
  const others = files.ignored.length > 0 ? ` (only others, such as ${files.ignored[0]})` : '';
  throw new AppError(
    'bad-data',
    `${files.label} holds no images${others}; JPEG, PNG, WebP, TIFF and BMP files are read.`,
  );
}

async function openAny(path: string): Promise<ImageFiles> {
  switch (archiveKind(path)) {
    case 'tar':
      return openTar(path);
    case 'packed-tar':
      throw new AppError(
        'bad-data',
        `${path} is a compressed tar, whose images cannot be reached one by one; unpack it to a .tar or a folder.`,
      );
    case 'zip':
      return openZipImages(path);
    default:
      return openFolder(path);
  }
}
