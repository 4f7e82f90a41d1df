import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { ModelFile } from '../onnx/read-model.ts';

/** Where the weights lie that one graph made of several models reads from files. */
export interface WeightFolders extends Pick<ModelFile, 'path' | 'weightFiles'> {
  /** Of every model: its folder as seen from that of `path`, "" or "a/b/"; "" where its weights are its own. */
  under: string[];
}

/**
 * The nearest folder that holds every model with weights beside it: the runtime reads nothing outside of one folder.
 * Null where there is none, on different drives.
 */
export function weightsOf(models: readonly Pick<ModelFile, 'path' | 'weightFiles'>[]): WeightFolders | null {
  const apart = models.filter(({ weightFiles }) => weightFiles.length > 0);
  let folder = apart.length > 0 ? dirname(apart[0].path) : '';
  const from = (path: string) => relative(folder, dirname(path));
  const isOutside = ({ path }: { path: string }) => isAbsolute(from(path)) || from(path).startsWith('..');
  while (apart.some(isOutside)) {
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
  const under = models.map(({ path, weightFiles }) => {
    const way = weightFiles.length > 0 ? from(path) : '';
    return way === '' ? '' : `${way.split(sep).join('/')}/`;
  });
  const weightFiles = models.flatMap((model, index) =>
    model.weightFiles.map((file) => `${under[index]}${file}`),
  );
  return { path: join(folder, 'merged.onnx'), weightFiles, under };
}
