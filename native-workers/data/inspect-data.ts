import { basename, resolve } from 'node:path';
import type { ArrayEntry, DataInspection, ImageSetEntry, OtherArray } from '#core/domain/dataset.ts';
import { AppError } from '#core/errors.ts';
import { openContainer } from './array-source.ts';
import { labelOf, type ArrayMember } from './arrays/array-container.ts';
import { fileSize } from './arrays/file-bytes.ts';
import { ImageSet } from './images/image-set.ts';
import { isImageSet } from './images/open-images.ts';

const shownNames = 5;
/** Bad images at the front that are passed over to find the size of a good one. */
const mostTries = 20;

/** What a data path holds: arrays by their headers, or images by their names and the size of the first. */
export async function inspectData(path: string): Promise<DataInspection> {
  if (!isImageSet(path)) return inspectArrayFile(path);
  const images = await ImageSet.open({ path });
  try {
    const entry = await imagesEntry(images);
    return { file: basename(resolve(path)), bytes: 0, arrays: [], images: entry };
  } finally {
    images.close();
  }
}

/** What arrays a file holds, by their headers, and of encoded images by the first that can be read. */
export async function inspectArrayFile(path: string): Promise<DataInspection> {
  const { fileName, members } = await openContainer(path);
  const arrays: ArrayEntry[] = [];
  const others: OtherArray[] = [];
  for (const member of members) {
    const entry = await entryOf(member);
    if (!(entry instanceof AppError)) arrays.push(entry);
    else others.push({ key: member.key, why: withoutLabel(entry.message, labelOf(fileName, member.key)) });
  }
  const refused = members.find(({ header }) => header instanceof AppError);
  if (arrays.length === 0 && refused?.header instanceof AppError) throw refused.header;
  return { file: fileName, bytes: fileSize(path), arrays, others };
}

async function entryOf({ key, header, images }: ArrayMember): Promise<ArrayEntry | AppError> {
  if (!(header instanceof AppError)) return { key, dtype: header.dtype, shape: header.shape };
  if (!images || images.count === 0) return header;
  try {
    const set = ImageSet.of(await images.open(), {});
    try {
      return { key, dtype: 'image', shape: [images.count], images: await imagesEntry(set) };
    } finally {
      set.close();
    }
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function withoutLabel(message: string, label: string): string {
  return message.startsWith(`${label} `) ? message.slice(label.length + 1) : message;
}

async function imagesEntry(images: ImageSet): Promise<ImageSetEntry> {
  const names = Array.from({ length: images.samples }, (_, sample) => images.nameOf(sample));
  const { width, height } = await firstSize(images);
  const folders = new Set(names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('/')))));
  return {
    count: images.samples,
    folders: folders.size,
    ...{ width, height },
    ignored: images.ignored.length,
    ignoredNames: images.ignored.slice(0, shownNames),
  };
}

async function firstSize(images: ImageSet): Promise<{ width: number; height: number }> {
  for (let sample = 0; ; sample++) {
    try {
      return await images.decode(sample, {});
    } catch (error) {
      if (sample + 1 >= Math.min(mostTries, images.samples)) throw error;
    }
  }
}
