import { extname } from 'node:path';
import { isJoinedGroup } from '#core/domain/dataset.ts';
import { savedOp, type ModelInspection } from '#core/domain/network.ts';
import { unitsOfShape } from '#core/domain/tensor-axes.ts';
import type { EngineMethods } from '#core/ipc/engine.ts';
import { arrayExtensions } from './array-extensions.ts';

/** Whether a file that stands for a network is one of saved activations; models are told by their ending. */
export function isSavedActivations(path: string): boolean {
  return arrayExtensions.includes(extname(path).slice(1).toLowerCase());
}

/** A model, or a file of saved activations as one whose tensors are its arrays. */
export async function inspectNetwork(
  path: string,
  engine: Pick<EngineMethods, 'inspectModel' | 'inspectData'>,
): Promise<ModelInspection> {
  return isSavedActivations(path) ? inspectSaved(path, engine) : engine.inspectModel(path);
}

/** A file of saved activations, of whatever ending: its arrays of two axes and more. */
export async function inspectSaved(
  path: string,
  engine: Pick<EngineMethods, 'inspectData'>,
): Promise<ModelInspection> {
  const { file, bytes, arrays } = await engine.inspectData(path);
  const usable = arrays.filter(({ key, shape }) => shape.length > 1 && !isJoinedGroup(key));
  const stem = file.replace(/(\.(npy|bin|idx|gz))+$/i, '');
  return {
    ...{ file, bytes, sha256: '', producer: '', opset: 0, inputs: [], nodes: [] },
    tensors: usable.map(({ key, dtype, shape }) => ({
      name: key || stem,
      op: savedOp,
      node: '',
      shape: ['N', ...shape.slice(1)],
      units: unitsOfShape(shape)?.units[0] ?? null,
      type: dtype,
    })),
    activations: { samples: Math.max(0, ...usable.map(({ shape }) => shape[0])) },
  };
}
