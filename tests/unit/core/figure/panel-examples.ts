import type { Figure, Matrix } from '#core/figure/data.ts';
import type { PanelData, PanelDataOf } from '#core/figure/panels/panel-data.ts';
import { paletteOf } from '#core/figure/colour/maps.ts';
import { pageSpecSchema } from '#core/figure/spec.ts';
import type { PageInput, PanelKind } from '#core/figure/spec.ts';
import { makeSpace } from '#core/space/space-data.ts';
import { mulberry } from './example-random.ts';
import { curvesExample, meansExample, quadExample } from './examples.ts';

/** Made-up data for every kind of panel, for looking at layouts and for their snapshots. */

const sampling = { images: 1500, samples: 294_000, kind: 'position' as const };
const pair = { layer: 'conv2', networkA: 'Net1', networkB: 'Net2', sampling };

function numbers(count: number, seed: number, from = 0, to = 1): number[] {
  const random = mulberry(seed);
  return Array.from({ length: count }, () => from + (to - from) * random());
}

const matrixOf = (rows: number, cols: number, seed: number, from = -1, to = 1): Matrix => ({
  rows,
  cols,
  values: Float64Array.from(numbers(rows * cols, seed, from, to)),
});

const falling = (count: number, seed: number): number[] =>
  numbers(count, seed, 0.1, 0.95).sort((x, y) => y - x);

function picture(seed: number) {
  const cells = Uint8Array.from(numbers(16, seed, 0, 254));
  return { rows: 4, cols: 4, cells, palette: paletteOf('paper-grey') };
}

const matched = (unitA: number, value: number) => ({
  unitA,
  unitB: unitA + 1,
  value,
  inputsA: Array.from({ length: 9 }, (_, at) => picture(unitA * 31 + at)),
  inputsB: Array.from({ length: 9 }, (_, at) => picture(unitA * 37 + at)),
});

const data: { [K in PanelKind]: () => PanelDataOf[K] } = {
  'correlation-quad': () => quadExample(5, 6, 'nature-double').data as PanelDataOf['correlation-quad'],
  'matched-units': () => ({
    ...pair,
    best: [matched(1, 0.97), matched(4, 0.91)],
    worst: [matched(7, -0.02), matched(9, 0.11)],
  }),
  'matching-curves': () => curvesExample(8, 'nature-single').data as PanelDataOf['matching-curves'],
  'layer-means': () => meansExample(['conv1', 'fc1'], 3, 'nature-single').data as PanelDataOf['layer-means'],
  'mapping-weights': () => ({
    ...pair,
    alpha: 0.1,
    sourcesMedian: 3,
    weights: matrixOf(5, 6, 3, -0.4, 0.42),
  }),
  'mapping-curve': () => ({
    ...pair,
    points: [
      { alpha: 0.001, sourcesMean: 23, loss: 0.15, heldOutLoss: 0.152, randomSourcesLoss: 0.151 },
      { alpha: 0.03, sourcesMean: 12, loss: 0.17, heldOutLoss: 0.171, randomSourcesLoss: 0.22 },
      { alpha: 0.3, sourcesMean: 3, loss: 0.32, heldOutLoss: 0.321, randomSourcesLoss: 0.4 },
    ],
    leastSquaresLoss: 0.148,
    bestSingleLoss: 0.31,
  }),
  'mapping-target': () => ({
    ...pair,
    alpha: 0.3,
    unit: 28,
    sources: [
      { unit: 19, weight: 0.22, correlation: 0.58, inputs: [1, 2, 3, 4].map(picture) },
      { unit: 31, weight: -0.12, correlation: -0.33, inputs: [5, 6, 7, 8].map(picture) },
      { unit: 4, weight: 0.05, correlation: 0.4, inputs: [9, 10, 11, 12].map(picture) },
    ],
    inputs: [13, 14, 15, 16].map(picture),
    loss: 0.28,
    bestSingleLoss: 0.33,
    leastSquaresLoss: 0.12,
  }),
  'cluster-averages': () => ({
    ...pair,
    networks: ['Net1', 'Net2'],
    clusters: [0, 1, 2].map((cluster) => ({
      cluster,
      size: 4 + cluster,
      pictures: [
        Float32Array.from(numbers(9, cluster, -0.2, 0.2)),
        cluster === 1 ? null : new Float32Array(9),
      ],
    })),
    channels: 1,
    rows: 3,
    cols: 3,
    images: 1500,
  }),
  'cluster-joint': () => ({
    ...pair,
    networks: ['Net1', 'Net2'],
    linkage: [0, 2, 0.1, 2, 1, 3, 0.3, 2, 4, 5, 0.9, 4],
    leafOrder: [0, 2, 1, 3],
    k: 2,
    network: [0, 0, 1, 1],
    unit: [0, 1, 0, 1],
    joint: matrixOf(4, 4, 8),
  }),
  'information-scatter': () => ({
    ...pair,
    correlation: numbers(6, 1),
    information: numbers(6, 2),
    isSame: [true, false, true, false, false, true],
    nullMean: 0.1,
  }),
  'activation-means': () => ({
    layer: 'conv2',
    networks: [
      { name: 'Net1', means: numbers(5, 1, 0.2, 0.6) },
      { name: 'Net2', means: numbers(6, 2, 0.2, 0.6) },
    ],
    sampling,
  }),
  'layer-map': () => ({
    networkA: 'Net1',
    networkB: 'Net2',
    score: 'cka',
    images: 1500,
    matrix: matrixOf(2, 2, 4, 0, 1),
    rowLabel: 'Net1 layer',
    colLabel: 'Net2 layer',
    rowNames: ['conv1', 'fc1'],
    colNames: ['conv1', 'fc1'],
    valueLabel: 'Linear CKA',
    cellDigits: 2,
  }),
  'canonical-correlations': () => ({
    ...pair,
    cca: falling(8, 1),
    svcca: falling(6, 2),
    ccaMean: 0.55,
    svccaMean: 0.6,
    forced: 0,
  }),
  'shared-space': () => {
    const places = (seed: number) => Float64Array.from(numbers(3 * 6, seed, -0.7, 0.7));
    const space = makeSpace({
      key: 'example',
      networks: [
        { name: 'Net1', look: 0, units: 3 },
        { name: 'Net2', look: 1, units: 3 },
      ],
      dead: [new Uint8Array(3), Uint8Array.of(0, 0, 1)],
      means: [Float64Array.from(numbers(3, 4)), Float64Array.from(numbers(3, 5))],
      aligned: { values: places(1), worth: [0.9, 0.8, 0.71] },
      own: { values: places(2), worth: [0.4, 0.2, 0.1], otherWorth: [0.5, 0.2, 0.1] },
      tables: [
        {
          ...{ a: 'Net1', b: 'Net2' },
          table: {
            unitA: Int32Array.of(0, 1, 2),
            matchB: Int32Array.of(1, 0, -1),
            matchValue: Float64Array.of(0.9, 0.4, NaN),
          },
        },
      ],
      clusters: null,
      many: null,
    });
    const cut = { k: 2, resultId: 'cut', labels: Int32Array.of(0, 1, 0, 1, 1) };
    return { ...pair, space: { ...space, cuts: [cut] }, cut };
  },
  'match-certainty': () => ({
    ...pair,
    units: falling(6, 5).map((value, unit) => ({
      unit,
      value,
      low: value - 0.03,
      high: value + 0.03,
      nullMean: 0.05 * unit,
      nullStd: 0.02,
      q: unit === 5 ? 0.4 : 0.001,
    })),
    level: 0.95,
    fdr: 0.05,
    resamples: 1000,
    shuffles: 10,
    matchMean: 0.5,
    nullMatchMean: 0.2,
  }),
  'code-scores': () => ({ ...pair, permutation: 0.48, rotation: 0.73, linear: 0.51 }),
  'code-rotations': () => ({ ...pair, rotated: [0.36, 0.38, 0.37], matchMean: 0.48, zScore: 6.1 }),
  convergence: () => ({
    networks: ['Net1', 'Net2', 'Net3'],
    threshold: 0.5,
    layers: [
      { layer: 'conv1', all: 5, some: 3, one: 2, live: 10 },
      { layer: 'fc1', all: 9, some: 1, one: 0, live: 10 },
    ],
  }),
  'neighbourhood-curve': () => ({
    networkA: 'Net1',
    networkB: 'Net2',
    layers: [
      { layer: 'conv1', points: [0.3, 0.5, 0.7].map((epsilon) => ({ epsilon, similarity: epsilon })) },
      { layer: 'fc1', points: [0.3, 0.5, 0.7].map((epsilon) => ({ epsilon, similarity: 1 })) },
    ],
  }),
};

function panelDataExample(kind: PanelKind): PanelData {
  return data[kind]();
}

/** A page of these panels, in their own order. */
export function pageExample(page: Omit<PageInput, 'version' | 'kind'>): Figure {
  return {
    spec: pageSpecSchema.parse({ version: 1, kind: 'page', ...page }),
    data: {
      panels: page.panels.map(({ kind }) => panelDataExample(kind)),
      provenance: { project: 'Digits', resultIds: ['3f9c2a7be01d44aa'], software: 'Consilience 0.1.0' },
    },
  };
}
