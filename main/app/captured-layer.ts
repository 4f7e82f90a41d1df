import { AppError } from '#core/errors.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { captureArrayName, type CapturedLayer, type SampleSet } from '#core/ipc/engine.ts';
import type { NamedArray } from '#core/domain/result.ts';

/** One layer of one run's capture; its arrays are joint over all networks. */
export interface CapturedLayerView {
  index: number;
  layer: CapturedLayer;
  captureId: string;
  /** Images of the data, both folds. */
  images: number;
  /** Joint index of a network's first unit, and how many it has. @throws AppError `bad-request`, `not-found` */
  unitsOf(network: string): { first: number; count: number };
  array(set: SampleSet, what: string): Promise<NamedArray>;
}

/** @throws AppError `not-found` where the run has no such layer */
export async function capturedLayerOf(
  database: DatabaseMethods,
  run: ProjectRun,
  name: string,
): Promise<CapturedLayerView> {
  const captureId = await database.captureOfRun(run.id);
  const capture = await database.capture(captureId);
  const index = run.layers.findIndex((layer) => layer.name === name);
  const layer = capture.layers[index];
  if (!layer) throw new AppError('not-found', `The run has no layer ${name}; choose another.`, { name });
  return {
    index,
    layer,
    captureId,
    images: capture.images,
    unitsOf(network) {
      const at = run.networks.findIndex((candidate) => candidate.name === network);
      if (at < 0)
        throw new AppError('not-found', `The run has no network ${network}; choose another.`, { network });
      const first = layer.units.slice(0, at).reduce((sum, count) => sum + count, 0);
      return { first, count: layer.units[at] };
    },
    array: (set, what) => database.captureArray(captureId, captureArrayName(index, set, what)),
  };
}

/** @throws AppError `bad-request` */
export function requireUnit(unit: number, count: number, network: string, layer: string): void {
  if (unit < count) return;
  throw new AppError(
    'bad-request',
    `${layer} of ${network} has ${count} units, numbered from 0; there is no ${unit}.`,
    { unit, count },
  );
}
