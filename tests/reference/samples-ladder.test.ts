import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveAnalysis } from '#core/domain/resolve-analysis.ts';
import type { AnalysisName, RecipeAnalysis } from '#core/domain/recipe.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { binEdges } from '#core/numeric/mutual-information/bin-edges.ts';
import { KernelMemory } from '#workers/accumulate/pack-units.ts';
import { mutualInformationTask } from '#workers/align/mutual-information-task.ts';
import { sparseMappingTask } from '#workers/align/sparse-mapping-task.ts';
import { spectralClustersTask } from '#workers/align/spectral-clusters-task.ts';
import { subspacesTask } from '#workers/align/subspaces-task.ts';
import type { AlignInput, AlignOutput, MatchingInformation } from '#workers/align/task.ts';
import { JointCounter } from '#workers/histograms/joint-counter.ts';
import { align, capture, passAgain, type Aligned } from '../fixtures/captures.ts';
import { sampleHashes, sampleLayers, sampleOptions } from '../fixtures/samples.ts';
import { momentsOfRows, shared } from '../unit/certainty/planted.ts';

interface Section {
  offset: number;
  dtype: 'uint16' | 'float64';
  shape: [number, number];
}
interface Expected {
  samples: number;
  lassoLoss: number[][];
  eigenvalues: number[];
  ncut: Record<string, number>;
  rho: number[];
  cka: number;
  procrustes: number;
}
interface Layer {
  layer: string;
  units: [number, number];
  steps: [number, number];
  codes: [Section, Section];
  mutualInformation: Section;
  one: Expected;
  all: Expected;
}
interface Reference {
  inputs: Record<string, string>;
  alphas: number[];
  bins: number;
  layers: Layer[];
}

const here = (name: string) => readFileSync(join(import.meta.dirname, name));
const reference = JSON.parse(here('samples-ladder.json').toString()) as Reference;
const binary = gunzipSync(here('samples-ladder.bin.gz'));

function section({ offset, dtype, shape }: Section): Uint16Array | Float64Array {
  const bytes = (dtype === 'uint16' ? 2 : 8) * shape[0] * shape[1];
  const { buffer } = new Uint8Array(binary.subarray(offset, offset + bytes));
  return dtype === 'uint16' ? new Uint16Array(buffer) : new Float64Array(buffer);
}

/** The stored activations of both networks side by side, [samples x joint units]: exact in float32 too. */
function activations({ codes, steps, units: [p, q], one: { samples } }: Layer): Float64Array {
  const rows = new Float64Array(samples * (p + q));
  const sides = codes.map(section);
  for (let sample = 0; sample < samples; sample++) {
    for (let unit = 0; unit < p + q; unit++) {
      const side = unit < p ? 0 : 1;
      const at = side === 0 ? sample * p + unit : sample * q + unit - p;
      rows[sample * (p + q) + unit] = sides[side][at] * steps[side];
    }
  }
  return rows;
}

const refuse = (field: string, what: string): never => {
  throw new Error(`${field}: ${what}`);
};
const asked = <Name extends AnalysisName>(name: Name, options: object = {}) =>
  resolveAnalysis({ [name]: options }, name, refuse) as Extract<RecipeAnalysis, { name: Name }>;

const sparseMapping = asked('sparse-mapping', { alphas: reference.alphas });
const spectralClusters = asked('spectral-clusters', { k: [4, 8] });
const subspaces = asked('subspaces', { methods: ['cca', 'cka', 'procrustes'] });

const context = { checkpoint: () => undefined, progress: () => undefined, algebra: pureLinearAlgebra };

function inputOf<Name extends AnalysisName>(
  { units: [p, q], one: { samples } }: Layer,
  rows: Float64Array,
  analysis: Extract<RecipeAnalysis, { name: Name }>,
  matching: MatchingInformation | null = null,
) {
  const [a, b] = [
    { start: 0, count: p },
    { start: p, count: q },
  ];
  const input: Omit<AlignInput, 'analysis'> = {
    a,
    b,
    networks: [
      { name: 'Net1', range: a },
      { name: 'Net2', range: b },
    ],
    layers: null,
    images: samples,
    train: shared(rows, p + q),
    test: null,
    blocks: [],
    nulls: [],
    sample: null,
    second: { squaredNorms: squaredNorms(rows, [p, q]), matching, graph: [] },
  };
  return { ...input, analysis } as AlignInput<Name>;
}

/** [2 x 2] sums over samples of |x_a - mean_a|^2 |x_b - mean_b|^2, which CKA is debiased with. */
function squaredNorms(rows: Float64Array, units: [number, number]): Float64Array {
  const all = units[0] + units[1];
  const { mean } = momentsOfRows(rows, all);
  const sums = new Float64Array(4);
  for (let start = 0; start < rows.length; start += all) {
    const norms = [0, 0];
    for (let unit = 0; unit < all; unit++)
      norms[unit < units[0] ? 0 : 1] += (rows[start + unit] - mean[unit]) ** 2;
    for (let at = 0; at < 4; at++) sums[at] += norms[at >> 1] * norms[at & 1];
  }
  return sums;
}

/** Mutual information as the second pass makes it: the counting kernel, on edges of all samples. */
async function informationOf({ units, one: { samples } }: Layer, rows: Float64Array, bins: number) {
  const all = units[0] + units[1];
  const edges = new Float64Array(all * (bins - 1)).fill(Number.NaN);
  for (let unit = 0; unit < all; unit++) {
    const values = Float32Array.from({ length: samples }, (_, sample) => rows[sample * all + unit]);
    edges.set(binEdges(values, bins), unit * (bins - 1));
  }
  const memory = new KernelMemory();
  const parts = units.map((count, side) => ({
    network: `Net${side + 1}`,
    units: count,
    source: memory.reserve(samples * count * 4),
  }));
  const counter = new JointCounter({
    parts,
    positions: 1,
    batch: samples,
    memory,
    pairs: [[0, 1]],
    bins,
    edges,
    seed: 1,
  });
  memory.freeze();
  parts.forEach(({ source, units: count }, side) => {
    const start = side === 0 ? 0 : units[0];
    const to = memory.float32(source, samples * count);
    for (let at = 0; at < to.length; at++) to[at] = rows[Math.floor(at / count) * all + start + (at % count)];
  });
  await counter.add(samples, new Uint8Array(samples));
  const [found] = await counter.informations();
  return { bins, edges, edgeSamples: samples, samples, ...found };
}

const worst = new Map<string, number>();

/** Remembers the largest error of each kind, to print what was measured. */
function largest(kind: string, found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let most = 0;
  for (let at = 0; at < expected.length; at++) {
    const error = Math.abs(found[at] - expected[at]);
    most = error <= most ? most : error; // keeps NaN
  }
  worst.set(kind, Math.max(worst.get(kind) ?? 0, most));
  return most;
}

const arraysOf = ({ arrays }: AlignOutput) => new Map(arrays.map((array) => [array.name, array]));
const dataOf = ({ arrays }: Aligned, name: string) => arrays.get(name)?.data ?? [];

interface Tolerances {
  loss: number;
  eigenvalues: number;
  subspaces: number;
}

function expectLadder(
  set: string,
  results: { mapping: Aligned; clusters: Aligned; spaces: Aligned },
  expected: Expected,
  tolerances: Tolerances,
) {
  const { mapping, clusters, spaces } = results;
  const losses = largest(`lasso loss, ${set}`, dataOf(mapping, 'loss'), expected.lassoLoss.flat());
  expect(losses).toBeLessThanOrEqual(tolerances.loss);
  const gaps = dataOf(mapping, 'duality-gap');
  expect(gaps.length).toBe(expected.lassoLoss.flat().length);
  expect(largest(`lasso duality gap, ${set}`, gaps, new Float64Array(gaps.length))).toBeLessThanOrEqual(1e-6);

  const { eigenvalues, cuts } = clusters.headline as {
    eigenvalues: number[];
    cuts: { k: number; ncut: number }[];
  };
  expect(largest(`Laplacian eigenvalues, ${set}`, eigenvalues, expected.eigenvalues)).toBeLessThanOrEqual(
    tolerances.eigenvalues,
  );
  expect(cuts.map(({ k }) => k)).toEqual([4, 8]);
  for (const { k, ncut } of cuts) {
    expect(ncut).toBeLessThanOrEqual(1.01 * expected.ncut[k]);
    worst.set(
      `Ncut / scikit-learn's best, ${set}`,
      Math.max(worst.get(`Ncut / scikit-learn's best, ${set}`) ?? 0, ncut / expected.ncut[k]),
    );
  }

  const { linearCka: cka, procrustesLikeness: procrustes } = spaces.headline as Record<string, number>;
  expect(
    largest(`canonical correlations, ${set}`, dataOf(spaces, 'cca-rho'), expected.rho),
  ).toBeLessThanOrEqual(tolerances.subspaces);
  expect(largest(`CKA, ${set}`, [cka], [expected.cka])).toBeLessThanOrEqual(tolerances.subspaces);
  expect(largest(`Procrustes, ${set}`, [procrustes], [expected.procrustes])).toBeLessThanOrEqual(
    tolerances.subspaces,
  );
}

afterAll(() => {
  const lines = [...worst].map(
    ([kind, error]) => `  ${kind.padEnd(44)} ${error > 0.5 ? error.toFixed(5) : error.toExponential(2)}`,
  );
  console.log(`Largest errors against numpy, scipy and scikit-learn:\n${lines.join('\n')}`);
});

it('the reference was made from these very models and images', () => {
  expect(sampleHashes(Object.keys(reference.inputs))).toEqual(reference.inputs);
});

describe.each(reference.layers)(
  'Net1 and Net2 at $layer, one position an image, the same numbers',
  (entry) => {
    const rows = activations(entry);
    const named = (output: AlignOutput): Aligned => ({ headline: output.headline, arrays: arraysOf(output) });

    it('has numpy’s mutual information of every pair of units within 1e-9: the counts are the same integers', async () => {
      const analysis = asked('mutual-information', { bins: reference.bins });
      const matching = await informationOf(entry, rows, reference.bins);
      const output = mutualInformationTask(inputOf(entry, rows, analysis, matching), context);
      const found = arraysOf(output).get('mi')?.data ?? [];
      expect(largest('mutual information, one', found, section(entry.mutualInformation))).toBeLessThanOrEqual(
        1e-9,
      );
    });

    it('has the losses, eigenvalues, cuts and likeness of scikit-learn, scipy and numpy', async () => {
      const mapping = named(await sparseMappingTask(inputOf(entry, rows, sparseMapping), context));
      const clusters = named(await spectralClustersTask(inputOf(entry, rows, spectralClusters), context));
      const spaces = named(await subspacesTask(inputOf(entry, rows, subspaces), context));
      expectLadder('one', { mapping, clusters, spaces }, entry.one, {
        loss: 1e-6,
        eigenvalues: 1e-8,
        subspaces: 1e-7,
      });
    });
  },
);

describe('the whole product on every position, from the models and images', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-ladder-'));
  let [results, alone, spread]: Map<string, Aligned>[] = [];
  const resultOf = (layer: string, name: AnalysisName) => {
    const result = results.get(`${reference.layers.findIndex((entry) => entry.layer === layer)}-0-1-${name}`);
    if (!result) throw new Error(`There is no result of ${name} at ${layer}.`);
    return result;
  };

  beforeAll(async () => {
    const options = sampleOptions(['Net1', 'Net2']);
    const wanted = reference.layers.map(({ layer }) => options.layers[sampleLayers.indexOf(layer)]);
    const given = { ...options, layers: wanted };
    const { summary } = await capture(folder, '', given);
    const second = await passAgain(folder, given, summary);
    const analyses = [sparseMapping, spectralClusters, subspaces];
    results = await align(summary, [[0, 1]], join(folder, 'results'), 2, { analyses, second });
    alone = await align(summary, [[0, 1]], join(folder, 'alone'), 1, { analyses: [sparseMapping] });
    spread = await align(summary, [[0, 1]], join(folder, 'spread'), 3, { analyses: [sparseMapping] });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /**
   * Inference and products run in float32, the reference in float64: a correlation differs by up to 7e-7 (see
   * samples.test.ts), and all of these are smooth functions of the correlations.
   */
  it.each(reference.layers)('$layer', ({ layer, all }) => {
    const mapping = resultOf(layer, 'sparse-mapping');
    expect(mapping.headline).toMatchObject({ liveSources: all.lassoLoss[0].length });
    expectLadder(
      'all',
      { mapping, clusters: resultOf(layer, 'spectral-clusters'), spaces: resultOf(layer, 'subspaces') },
      all,
      { loss: 2e-6, eigenvalues: 1e-7, subspaces: 2e-6 },
    );
  });

  it('a sparse mapping whose targets go to three threads is equal to one thread’s to the last bit', () => {
    expect(alone.size).toBe(reference.layers.length);
    expect(spread).toEqual(alone);
  });
});
