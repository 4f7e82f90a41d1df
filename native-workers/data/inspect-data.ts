import { basename, resolve } from 'node:path';
import type { DataInspection } from '#core/domain/dataset.ts';
import { inspectArrayFile } from './array-source.ts';
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
    const names = Array.from({ length: images.samples }, (_, sample) => images.nameOf(sample));
    const { width, height } = await firstSize(images);
    const folders = new Set(names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('/')))));
    return {
      file: basename(resolve(path)),
      bytes: 0,
      arrays: [],
      images: {
        count: images.samples,
        folders: folders.size,
        width,
        height,
        ignored: images.ignored.length,
        ignoredNames: images.ignored.slice(0, shownNames),
      },
    };
  } finally {
    images.close();
  }
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
