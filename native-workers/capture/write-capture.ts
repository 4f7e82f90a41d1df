import type { NamedArray, TopInputs, UnitStatistics } from '#core/domain/result.ts';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import { captureArrayName, type ArrayFile, type CaptureExtras, type Fold } from '#core/ipc/engine.ts';
import { binEdges } from '#core/numeric/mutual-information/bin-edges.ts';
import type { JointMoments } from '#core/numeric/moments/joint-moments.ts';
import { packedRows, packUpper } from '#core/numeric/linear-algebra/packed-upper.ts';
import type { AverageInputResult } from '../accumulate/average-inputs.ts';
import type { AccumulatedLayer } from '../accumulate/finish-layer.ts';
import type { KeptSample } from '../accumulate/kept-sample.ts';
import { upperOf } from '../accumulate/shard-arrays.ts';
import { writeArrayFile } from '../files/array-file.ts';

export interface CapturedArrays extends AccumulatedLayer {
  sample: KeptSample | null;
  average: Omit<AverageInputResult, 'patch'> | null;
  inputs: ShownInputs | null;
}

const folds: Fold[] = ['train', 'test'];

/**
 * Names and lays out a capture's arrays, joint over all networks, and writes them to one file.
 *
 * @param place path of a new file, or the file that they are added to
 * @param first index of the first of the layers in the capture
 */
export function writeCapture(
  place: string | ArrayFile,
  layers: readonly CapturedArrays[],
  first: number,
  extras: CaptureExtras | null,
): ArrayFile {
  return writeArrayFile(place, arraysOf(layers, first, extras));
}

/** One at a time: the triangles are copies, and all of them together would take as much as the moments. */
function* arraysOf(
  layers: readonly CapturedArrays[],
  first: number,
  extras: CaptureExtras | null,
): Generator<NamedArray> {
  for (const [at, captured] of layers.entries()) {
    const layer = first + at;
    for (const [fold, { joint, statistics }] of captured.folds.entries())
      yield* foldArrays(layer, folds[fold], joint, statistics);
    yield* topArrays(layer, captured.top);
    yield* inputArrays(layer, captured.inputs);
    for (const [index, block] of captured.blocks.entries()) {
      yield upperTriangle(captureArrayName(layer, `block-${index}`, 'upper'), block);
      yield row(captureArrayName(layer, `block-${index}`, 'mean'), block.mean);
    }
    for (const [index, moments] of captured.nulls.entries())
      yield upperTriangle(captureArrayName(layer, `null-${index}`, 'upper'), moments);
    yield* sampleArrays(layer, captured, extras);
    yield* averageArrays(layer, captured);
  }
}

function row(name: string, data: Float64Array): NamedArray {
  return { name, dtype: 'float64', rows: 1, cols: data.length, data };
}

function upperTriangle(name: string, moments: JointMoments): NamedArray {
  return row(name, upperOf(moments));
}

function sampleArrays(
  layer: number,
  { sample, folds: [train] }: CapturedArrays,
  extras: CaptureExtras | null,
) {
  if (!sample || !extras) return [];
  const arrays: NamedArray[] = [];
  const units = train.joint.units;
  if (extras.sampleRows > 0) {
    const { rows, values } = sample.asRows(extras.sampleRows, extras.seed);
    const name = captureArrayName(layer, 'train', 'sample');
    arrays.push({ name, dtype: 'float32', rows, cols: units, data: values });
  }
  if (extras.bins > 0) {
    const cols = extras.bins - 1;
    const data = new Float64Array(units * cols).fill(Number.NaN);
    for (let unit = 0; unit < units; unit++) data.set(binEdges(sample.unit(unit), extras.bins), unit * cols);
    arrays.push({
      name: captureArrayName(layer, 'train', 'edges'),
      dtype: 'float64',
      rows: units,
      cols,
      data,
    });
  }
  return arrays;
}

function averageArrays(layer: number, { average, folds: [train] }: CapturedArrays): NamedArray[] {
  if (!average) return [];
  const { values, channels, rows: height, cols: width } = average;
  const name = captureArrayName(layer, 'train', 'average-input');
  const rows = train.joint.units;
  return [{ name, dtype: 'float32', rows, cols: channels * height * width, data: values }];
}

function foldArrays(
  layer: number,
  fold: Fold,
  joint: JointMoments,
  statistics: UnitStatistics[],
): NamedArray[] {
  const p = joint.units;
  const perUnit = (what: string, pick: (unit: UnitStatistics) => Float64Array): NamedArray =>
    row(
      captureArrayName(layer, fold, what),
      Float64Array.from(statistics.flatMap((part) => [...pick(part)])),
    );
  const dead = Uint8Array.from(statistics.flatMap((part) => [...part.dead]));
  return [
    {
      ...{ name: captureArrayName(layer, fold, 'm2'), dtype: 'float64' as const },
      ...{ rows: packedRows(p), cols: p, data: packUpper(p, joint.m2) },
    },
    perUnit('mean', (unit) => unit.mean),
    perUnit('std', (unit) => unit.std),
    perUnit('min', (unit) => unit.min),
    perUnit('max', (unit) => unit.max),
    perUnit('fraction-zero', (unit) => unit.fractionZero),
    perUnit('sparseness', (unit) => unit.lifetimeSparseness),
    perUnit('kurtosis', (unit) => unit.kurtosis),
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

/** As rows: an array of one row is stored without coarser levels. */
function inputArrays(layer: number, inputs: ShownInputs | null): NamedArray[] {
  if (!inputs) return [];
  const { images, values } = inputs;
  const dtype = values instanceof Uint8Array ? 'uint8' : 'float32';
  return [
    {
      name: captureArrayName(layer, 'all', 'top-input-image'),
      dtype: 'int32',
      rows: 1,
      cols: images.length,
      data: images,
    },
    { name: captureArrayName(layer, 'all', 'top-input'), dtype, rows: 1, cols: values.length, data: values },
  ];
}
