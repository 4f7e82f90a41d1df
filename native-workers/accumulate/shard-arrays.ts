import type { NamedArray, TopInputs } from '#core/domain/result.ts';
import type { ArrayFile } from '#core/ipc/engine.ts';
import { shardArrayName, type ShardLayer } from '#core/ipc/shard.ts';
import { createJointMoments, type JointMoments } from '#core/numeric/moments/joint-moments.ts';
import type { UnitMoments } from '#core/numeric/moments/unit-moments.ts';
import { AppError } from '#core/errors.ts';
import { readArray } from '../files/array-file.ts';
import type { ActivationSample } from './activation-sample.ts';
import type { AverageInputs, AverageSums } from './average-inputs.ts';
import { emptyFolds, type FoldState } from './finish-layer.ts';

/** Sums of average inputs, and the image whose values were taken from all others'. */
export interface PartialAverage {
  sums: AverageSums;
  first: { units: Float64Array; pixels: Float64Array } | null;
}

export interface PartialLayer {
  runs: readonly FoldState[][];
  nulls: readonly JointMoments[];
  top: readonly TopInputs[];
  sample: Pick<ActivationSample, 'part'> | null;
  average: Pick<AverageInputs, 'sums' | 'first'> | null;
}

/** The arrays of one layer of a shard, one at a time; `firstRun` is the number of the first of its runs. */
export function* partialArrays(
  layer: number,
  firstRun: number,
  { runs, nulls, top, sample, average }: PartialLayer,
): Generator<NamedArray> {
  const name = (what: string) => shardArrayName(layer, what);
  for (const [run, folds] of runs.entries()) {
    for (const [fold, { joint, units }] of folds.entries()) {
      const of = `run-${firstRun + run}/fold-${fold}`;
      yield* jointArrays(name(`${of}/joint`), joint);
      for (const [part, moments] of units.entries()) yield* unitArrays(name(`${of}/units-${part}`), moments);
    }
  }
  for (const [index, moments] of nulls.entries()) yield* jointArrays(name(`null-${index}`), moments);
  for (const [part, { image, position, value }] of top.entries()) {
    yield row(name(`top-${part}/image`), 'int32', image);
    yield row(name(`top-${part}/position`), 'int32', position);
    yield row(name(`top-${part}/value`), 'float32', value);
  }
  if (sample) yield row(name('sample'), 'float32', sample.part().values);
  if (average) yield* averageArrays(name('average'), average);
}

function* jointArrays(name: string, moments: JointMoments): Generator<NamedArray> {
  yield row(`${name}/n`, 'float64', Float64Array.of(moments.n));
  yield row(`${name}/mean`, 'float64', moments.mean);
  yield row(`${name}/upper`, 'float64', upperOf(moments));
}

const unitFields = ['mean', 'm2', 'm3', 'm4', 'sumAbs', 'zeros', 'min', 'max'] as const;

function* unitArrays(name: string, moments: UnitMoments): Generator<NamedArray> {
  yield row(`${name}/n`, 'float64', Float64Array.of(moments.n));
  for (const field of unitFields) yield row(`${name}/${field}`, 'float64', moments[field]);
}

function* averageArrays(name: string, { sums, first }: PartialAverage): Generator<NamedArray> {
  yield row(`${name}/n`, 'float64', Float64Array.of(sums.n));
  for (const field of ['units', 'squares', 'pixels', 'products'] as const)
    yield row(`${name}/${field}`, 'float64', sums[field]);
  if (!first) return;
  yield row(`${name}/first-units`, 'float64', first.units);
  yield row(`${name}/first-pixels`, 'float64', first.pixels);
}

function row(name: string, dtype: NamedArray['dtype'], data: NamedArray['data']): NamedArray {
  return { name, dtype, rows: 1, cols: data.length, data };
}

/** The second moments' upper triangle row by row, diagonal included. */
export function upperOf({ units, m2 }: JointMoments): Float64Array {
  const data = new Float64Array((units * (units + 1)) / 2);
  for (let i = 0, at = 0; i < units; i++) {
    data.set(m2.subarray(i * units + i, (i + 1) * units), at);
    at += units - i;
  }
  return data;
}

/** Reads what `partialArrays` wrote, an array at a time. */
export class PartialReader {
  readonly #file: ArrayFile;
  readonly #layer: number;
  readonly #facts: ShardLayer;

  constructor(file: ArrayFile, layer: number, facts: ShardLayer) {
    this.#file = file;
    this.#layer = layer;
    this.#facts = facts;
  }

  folds(run: number): FoldState[] {
    const { folds, parts } = this.#facts;
    const states = emptyFolds(folds, parts);
    states.forEach(({ joint, units }, fold) => {
      const of = `run-${run}/fold-${fold}`;
      this.#joint(`${of}/joint`, joint);
      units.forEach((moments, part) => {
        moments.n = this.#number(`${of}/units-${part}/n`);
        for (const field of unitFields) this.#into(`${of}/units-${part}/${field}`, moments[field]);
      });
    });
    return states;
  }

  shuffled(index: number): JointMoments {
    const moments = createJointMoments(this.#facts.parts.reduce((sum, units) => sum + units, 0));
    this.#joint(`null-${index}`, moments);
    return moments;
  }

  top(part: number): TopInputs {
    const image = this.#array(`top-${part}/image`) as Int32Array;
    const position = this.#array(`top-${part}/position`) as Int32Array;
    const value = this.#array(`top-${part}/value`) as Float32Array;
    return { k: image.length / this.#facts.parts[part], image, position, value };
  }

  sample(): Float32Array {
    return this.#array('sample') as Float32Array;
  }

  average(): PartialAverage {
    const array = (what: string) => this.#array(`average/${what}`) as Float64Array;
    const n = this.#number('average/n');
    return {
      sums: {
        n,
        units: array('units'),
        squares: array('squares'),
        pixels: array('pixels'),
        products: array('products'),
      },
      first: n > 0 ? { units: array('first-units'), pixels: array('first-pixels') } : null,
    };
  }

  #joint(name: string, into: JointMoments): void {
    into.n = this.#number(`${name}/n`);
    this.#into(`${name}/mean`, into.mean);
    const upper = this.#array(`${name}/upper`) as Float64Array;
    const { units, m2 } = into;
    if (upper.length !== (units * (units + 1)) / 2) this.#refuse(`${name}/upper`);
    for (let i = 0, at = 0; i < units; i++) {
      m2.set(upper.subarray(at, at + units - i), i * units + i);
      at += units - i;
    }
  }

  #number(name: string): number {
    return this.#array(name)[0];
  }

  #into(name: string, target: Float64Array): void {
    const data = this.#array(name);
    if (data.length !== target.length) this.#refuse(name);
    target.set(data);
  }

  #array(name: string): NamedArray['data'] {
    return readArray(this.#file, shardArrayName(this.#layer, name)).data;
  }

  #refuse(name: string): never {
    const { path } = this.#file;
    throw new AppError(
      'bad-data',
      `${path} is damaged: its array ${name} does not fit; make this file again.`,
    );
  }
}
