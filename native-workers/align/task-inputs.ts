import { AppError } from '#core/errors.ts';
import { needsOf, networkPairs } from '#core/domain/analysis-needs.ts';
import {
  captureArrayName,
  secondArrayName,
  type AnalyseRequest,
  type AnalysisTask,
  type ArrayFile,
  type CapturedLayer,
  type SampleSet,
} from '#core/ipc/engine.ts';
import { jointMomentsByteLength } from '#core/numeric/moments/joint-moments.ts';
import { packedRows, unpackUpper } from '#core/numeric/linear-algebra/packed-upper.ts';
import { readArray, readArrayInto } from '../files/array-file.ts';
import type {
  AlignInput,
  AverageInput,
  GraphInformation,
  MatchingInformation,
  SecondMoments,
  SharedMoments,
  UnitRange,
} from './task.ts';

type Second = NonNullable<AnalyseRequest['second']>;

/** Moments and samples of one layer in memory that threads share, read when a task first needs them. */
export class LayerInputs {
  readonly #request: AnalyseRequest;
  readonly #index: number;
  readonly #layer: CapturedLayer;
  readonly #kept = new Map<string, unknown>();

  constructor(request: AnalyseRequest, index: number) {
    this.#request = request;
    this.#index = index;
    this.#layer = request.capture.layers[index];
  }

  inputOf(task: AnalysisTask): AlignInput {
    const layer = this.#layer;
    const needs = needsOf(task.analysis);
    const train = this.#fold('train', layer.samples);
    if (!train) throw new AppError('internal', `The capture has no moments of layer ${layer.name}.`);
    return {
      analysis: task.analysis,
      a: this.#range(task.a),
      b: this.#range(task.b),
      networks: this.#request.networks.map((name, network) => ({ name, range: this.#range(network) })),
      layers: layer.layerUnits
        ? { names: this.#request.layerNames, a: this.#layerRanges(task.a), b: this.#layerRanges(task.b) }
        : null,
      images: Math.round(layer.samples / layer.positions),
      train,
      test: this.#fold('test', layer.testSamples),
      blocks: needs.blocks ? layer.blocks.map((n, block) => this.#triangle(`block-${block}`, n, train)) : [],
      nulls: needs.shuffles
        ? Array.from({ length: layer.shuffles }, (_, shuffle) =>
            this.#triangle(`null-${shuffle}`, layer.samples, train),
          )
        : [],
      sample: needs.sample ? this.#sample() : null,
      averageInput: needs.averageInputs ? this.#averageInput() : null,
      second: needs.squaredNorms || needs.bins > 0 ? this.#second(task, needs.bins > 0) : null,
    };
  }

  #range(network: number): UnitRange {
    const { units } = this.#layer;
    return { start: sum(units.slice(0, network)), count: units[network] };
  }

  #layerRanges(network: number): UnitRange[] {
    const units = this.#layer.layerUnits?.[network] ?? [];
    const { start } = this.#range(network);
    return units.map((count, layer) => ({ start: start + sum(units.slice(0, layer)), count }));
  }

  /** One fold's moments; null where the capture has no such fold. */
  #fold(fold: 'train' | 'test', n: number): SharedMoments | null {
    if (n === 0) return null;
    return this.#keep(fold, () => {
      const mean = this.#array(fold, 'mean').data as Float64Array;
      const dead = this.#array(fold, 'dead', true).data as Uint8Array;
      const { buffer, m2 } = sharedMoments(mean);
      this.#readMoments(captureArrayName(this.#index, fold, 'm2'), mean.length, m2);
      return { n, units: mean.length, buffer, dead };
    });
  }

  /** A packed triangle, or in projects of format 60 and older the whole matrix. */
  #readMoments(name: string, units: number, m2: Float64Array): void {
    const { arrays } = this.#request.capture;
    const stored = arrays.arrays.find((array) => array.name === name);
    // Of two units and fewer both have as many rows, and are unpacked alike.
    const isPacked = stored?.rows === packedRows(units);
    readArrayInto(arrays, name, isPacked ? m2.subarray(0, packedRows(units) * units) : m2);
    if (isPacked) unpackUpper(units, m2);
  }

  /** Moments stored as an upper triangle, of which no more is made; a null's means are those of the training fold. */
  #triangle(set: SampleSet, n: number, train: SharedMoments): SharedMoments {
    return this.#keep(set, () => {
      const mean = set.startsWith('null')
        ? new Float64Array(train.buffer, 0, train.units)
        : (this.#array(set, 'mean').data as Float64Array);
      const upper = this.#array(set, 'upper').data as Float64Array;
      const { buffer, m2 } = sharedMoments(mean);
      const p = train.units;
      for (let i = 0, at = 0; i < p; at += p - i, i++) m2.set(upper.subarray(at, at + p - i), i * p + i);
      return { n, units: p, buffer, dead: train.dead };
    });
  }

  #sample(): AlignInput['sample'] {
    if (this.#layer.sampleRows === 0) return null;
    return this.#keep('sample', () => {
      const { rows, data } = this.#array('train', 'sample', true);
      return { rows, values: data as Float32Array };
    });
  }

  #averageInput(): AverageInput | null {
    const { averageInput } = this.#layer;
    if (!averageInput) return null;
    const values = this.#keep(
      'average-input',
      () => this.#array('train', 'average-input', true).data as Float32Array,
    );
    return { ...averageInput, values };
  }

  #second({ a, b, analysis }: AnalysisTask, hasInformation: boolean): SecondMoments | null {
    const { second } = this.#request;
    const isGraph = analysis.name === 'spectral-clusters' && hasInformation;
    if (!second) return null;
    const norms = secondArrayName(this.#index, 'norms');
    return {
      squaredNorms: has(second.arrays, norms)
        ? this.#keep('norms', () => readArray(second.arrays, norms, true).data as Float64Array)
        : null,
      matching: hasInformation && !isGraph ? this.#matching(second, a, b) : null,
      graph: isGraph
        ? networkPairs(analysis.group === 'all' ? [...this.#request.networks.keys()] : [a, b]).map(
            ([one, other]) => this.#graph(second, one, other),
          )
        : [],
    };
  }

  #matching(second: Second, a: number, b: number): MatchingInformation {
    const of = (what: string) => this.#secondArray(second, what, a, b);
    return {
      bins: second.bins,
      edges: this.#keep('edges', () => this.#array('train', 'edges', true).data as Float64Array),
      edgeSamples: this.#layer.edgeSamples,
      samples: this.#layer.samples,
      ...{ information: of('information'), corrected: of('corrected'), shuffled: of('shuffled') },
      ...{ entropyA: of('entropy-a'), entropyB: of('entropy-b') },
    };
  }

  #graph(second: Second, a: number, b: number): GraphInformation {
    const of = (what: string) => this.#secondArray(second, what, a, b);
    const hasHalves = has(second.arrays, secondArrayName(this.#index, `half-${a}-${b}`));
    const halves = hasHalves ? { half: of('half'), rest: of('rest') } : { half: null, rest: null };
    return { a, b, information: of('information'), ...halves };
  }

  #secondArray({ arrays }: Second, what: string, a: number, b: number): Float64Array {
    return readArray(arrays, secondArrayName(this.#index, `${what}-${a}-${b}`), true).data as Float64Array;
  }

  #array(set: SampleSet, what: string, isShared = false) {
    return readArray(this.#request.capture.arrays, captureArrayName(this.#index, set, what), isShared);
  }

  #keep<T>(key: string, make: () => T): T {
    if (!this.#kept.has(key)) this.#kept.set(key, make());
    return this.#kept.get(key) as T;
  }
}

function sharedMoments(mean: Float64Array): { buffer: SharedArrayBuffer; m2: Float64Array } {
  const units = mean.length;
  const buffer = new SharedArrayBuffer(jointMomentsByteLength(units));
  new Float64Array(buffer, 0, units).set(mean);
  return { buffer, m2: new Float64Array(buffer, units * 8, units * units) };
}

function has(file: ArrayFile, name: string): boolean {
  return file.arrays.some((array) => array.name === name);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
