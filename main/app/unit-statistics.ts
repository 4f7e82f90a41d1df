import { AppError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { captureArrayName } from '#core/ipc/engine.ts';
import type { NamedArray, UnitStatistics } from '#core/domain/result.ts';

const columns = {
  mean: 'mean',
  std: 'std',
  min: 'min',
  max: 'max',
  fractionZero: 'fraction-zero',
  lifetimeSparseness: 'sparseness',
  kurtosis: 'kurtosis',
} as const;

/** Where the two ends of a result lie in the joint arrays of its run's capture, half-open unit ranges. */
interface JointRanges {
  captureId: string;
  layer: number;
  a: [start: number, end: number];
  b: [start: number, end: number];
}

/** Per-unit statistics of both ends of a result, cut out of the arrays that are joint over all networks. */
export async function unitStatisticsOf(
  database: DatabaseMethods,
  resultId: string,
): Promise<{ a: UnitStatistics; b: UnitStatistics }> {
  const ranges = await jointRanges(database, resultId);
  const read = (what: string) =>
    database.captureArray(ranges.captureId, captureArrayName(ranges.layer, 'train', what));
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const arrays = await Promise.all(names.map((name) => read(columns[name])));
  const dead = await read('dead');
  const cut = ([start, end]: [number, number]): UnitStatistics => {
    const values = names.map((name, i) => [name, Float64Array.from(slice(arrays[i], start, end))] as const);
    return {
      ...(Object.fromEntries(values) as Record<keyof typeof columns, Float64Array<ArrayBuffer>>),
      dead: Uint8Array.from(slice(dead, start, end)),
    };
  };
  return { a: cut(ranges.a), b: cut(ranges.b) };
}

function slice(array: NamedArray, start: number, end: number): ArrayLike<number> {
  return array.data.subarray(start, end);
}

async function jointRanges(database: DatabaseMethods, resultId: string): Promise<JointRanges> {
  const [result, run] = await Promise.all([database.result(resultId), database.runOfResult(resultId)]);
  const captureId = await database.captureOfRun(run.id);
  const capture = await database.capture(captureId);
  const layer = capture.layers.findIndex((candidate) => candidate.name === result.a.layer);
  const rangeOf = (network: string): [number, number] => {
    const index = run.networks.findIndex((candidate) => candidate.name === network);
    if (layer < 0 || index < 0) {
      throw new AppError(
        'bad-project',
        `The project holds no unit statistics of ${network}, ${result.a.layer}.`,
      );
    }
    const { units } = capture.layers[layer];
    const start = units.slice(0, index).reduce((sum, count) => sum + count, 0);
    return [start, start + units[index]];
  };
  return { captureId, layer, a: rangeOf(result.a.network), b: rangeOf(result.b.network) };
}
