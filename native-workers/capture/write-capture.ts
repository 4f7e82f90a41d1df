import type { NamedArray, TopInputs, UnitStatistics } from '#core/domain/result.ts';
import { captureArrayName, type ArrayFile, type Fold } from '#core/ipc/engine.ts';
import type { JointMoments } from '#core/numeric/moments/joint-moments.ts';
import { writeArrayFile } from '../files/array-file.ts';

export interface CapturedArrays {
  folds: { joint: JointMoments; statistics: UnitStatistics[] }[];
  top: TopInputs[];
}

const folds: Fold[] = ['train', 'test'];

/** Names and lays out a capture's arrays, joint over all networks, and writes them to one file. */
export function writeCapture(path: string, layers: readonly CapturedArrays[]): ArrayFile {
  const arrays = layers.flatMap((captured, layer) => [
    ...captured.folds.flatMap(({ joint, statistics }, fold) =>
      foldArrays(layer, folds[fold], joint, statistics),
    ),
    ...topArrays(layer, captured.top),
  ]);
  return writeArrayFile(path, arrays);
}

function foldArrays(
  layer: number,
  fold: Fold,
  joint: JointMoments,
  statistics: UnitStatistics[],
): NamedArray[] {
  const p = joint.units;
  const row = (what: string, pick: (unit: UnitStatistics) => Float64Array): NamedArray => {
    const data = Float64Array.from(statistics.flatMap((part) => [...pick(part)]));
    return { name: captureArrayName(layer, fold, what), dtype: 'float64', rows: 1, cols: p, data };
  };
  const dead = Uint8Array.from(statistics.flatMap((part) => [...part.dead]));
  return [
    { name: captureArrayName(layer, fold, 'm2'), dtype: 'float64', rows: p, cols: p, data: joint.m2 },
    row('mean', (unit) => unit.mean),
    row('std', (unit) => unit.std),
    row('min', (unit) => unit.min),
    row('max', (unit) => unit.max),
    row('fraction-zero', (unit) => unit.fractionZero),
    row('sparseness', (unit) => unit.lifetimeSparseness),
    row('kurtosis', (unit) => unit.kurtosis),
    { name: captureArrayName(layer, fold, 'dead'), dtype: 'uint8', rows: 1, cols: p, data: dead },
  ];
}

/** Top inputs are over all images, whatever their fold. */
function topArrays(layer: number, top: readonly TopInputs[]): NamedArray[] {
  const k = top[0].k;
  const rows = top.reduce((sum, part) => sum + part.value.length / k, 0);
  const joined = (pick: (part: TopInputs) => Int32Array) =>
    Int32Array.from(top.flatMap((part) => [...pick(part)]));
  const value = Float32Array.from(top.flatMap((part) => [...part.value]));
  return [
    {
      name: captureArrayName(layer, 'all', 'top-image'),
      dtype: 'int32',
      rows,
      cols: k,
      data: joined((part) => part.image),
    },
    {
      name: captureArrayName(layer, 'all', 'top-position'),
      dtype: 'int32',
      rows,
      cols: k,
      data: joined((part) => part.position),
    },
    { name: captureArrayName(layer, 'all', 'top-value'), dtype: 'float32', rows, cols: k, data: value },
  ];
}
