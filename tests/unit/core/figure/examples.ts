import { mulberry } from './example-random.ts';
import type { Figure, LayerMeansData, MatchingCurvesData, Matrix } from '#core/figure/data.ts';
import { figureSpecSchema } from '#core/figure/spec.ts';
import type { FigureSpec } from '#core/figure/spec.ts';
import type { PresetName } from '#core/figure/presets.ts';

/** Figures with made-up but correlation-like data, for looking at layouts and for their snapshots. */

const provenance = {
  project: 'Digits, four seeds',
  resultIds: ['3f9c2a7be01d44aa'],
  software: 'Consilience 0.1.0',
};

function specOf<K extends FigureSpec['kind']>(
  kind: K,
  preset: PresetName,
  more: Record<string, unknown> = {},
): Extract<FigureSpec, { kind: K }> {
  const spec = figureSpecSchema.parse({ version: 1, kind, preset, provenance, ...more });
  return spec as Extract<FigureSpec, { kind: K }>;
}

/** Units as noisy mixtures of shared features: within- and between-network correlations of plausible sizes. */
function syntheticCorrelations(p: number, q: number, seed: number) {
  const random = mulberry(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const dims = 24;
  const vectors = (count: number, base?: number[][]): number[][] =>
    Array.from({ length: count }, (_, unit) => {
      const own = Array.from({ length: dims }, normal);
      const source = base && unit < base.length ? base[unit] : undefined;
      const share = source ? random() : 0;
      const v = own.map((value, at) => (source ? share * source[at] + (1 - share) * value : value));
      const length = Math.hypot(...v);
      return v.map((value) => value / length);
    });
  const a = vectors(p);
  const shuffled = vectors(q, a)
    .map((vector) => ({ vector, key: random() }))
    .sort((x, y) => x.key - y.key)
    .map(({ vector }) => vector);
  const product = (x: number[][], y: number[][]): Matrix => ({
    rows: x.length,
    cols: y.length,
    values: Float64Array.from(
      x.flatMap((u) => y.map((v) => u.reduce((sum, value, at) => sum + value * v[at], 0))),
    ),
  });
  return { withinA: product(a, a), withinB: product(shuffled, shuffled), between: product(a, shuffled) };
}

/** Greedy one-to-one matching: good enough to show a diagonal. */
function greedyMatch({ rows, cols, values }: Matrix): Int32Array {
  const pairs = Array.from(values, (value, at) => ({ value, at })).sort((x, y) => y.value - x.value);
  const match = new Int32Array(rows).fill(-1);
  const taken = new Uint8Array(cols);
  for (const { at } of pairs) {
    const [row, col] = [Math.floor(at / cols), at % cols];
    if (match[row] >= 0 || taken[col]) continue;
    match[row] = col;
    taken[col] = 1;
  }
  return match;
}

export function quadExample(
  p: number,
  q: number,
  preset: PresetName,
  more: Record<string, unknown> = {},
): Figure {
  const correlations = syntheticCorrelations(p, q, 7);
  const match = greedyMatch(correlations.between);
  const used = new Set(match);
  const rest = Array.from({ length: q }, (_, unit) => unit).filter((unit) => !used.has(unit));
  return {
    spec: specOf('correlation-quad', preset, more),
    data: {
      layer: 'conv2',
      networkA: 'Net1',
      networkB: 'Net2',
      ...correlations,
      orderB: [...[...match].filter((unit) => unit >= 0), ...rest],
      deadA: 0,
      deadB: 2,
      sampling: { images: 2000, samples: 392000, kind: 'position' },
    },
  };
}

function curvesData(p: number): MatchingCurvesData {
  const { between } = syntheticCorrelations(p, p, 11);
  const match = greedyMatch(between);
  const row = (unit: number): Float64Array => between.values.slice(unit * p, (unit + 1) * p) as Float64Array;
  const semi = Float64Array.from({ length: p }, (_, unit) => Math.max(...row(unit)));
  const values = Float64Array.from({ length: p }, (_, unit) => row(unit)[match[unit]]);
  const mean = (list: Float64Array): number => list.reduce((sum, value) => sum + value, 0) / p;
  return {
    layer: 'conv2',
    networkA: 'Net1',
    networkB: 'Net2',
    score: 'correlation',
    semi,
    match: values,
    semiMean: mean(semi),
    matchMean: mean(values),
    agreement: values.filter((value, unit) => value === semi[unit]).length / p,
    deadA: 0,
    deadB: 0,
    sampling: { images: 2000, samples: 392000, kind: 'position' },
  };
}

export function curvesExample(p: number, preset: PresetName, more: Record<string, unknown> = {}): Figure {
  return { spec: specOf('matching-curves', preset, more), data: curvesData(p) };
}

function meansData(layers: string[], networks: number): LayerMeansData {
  const random = mulberry(3);
  return {
    score: 'correlation',
    images: 2000,
    layers: layers.map((layer, at) => {
      const pairs: LayerMeansData['layers'][number]['pairs'] = [];
      for (let a = 0; a < networks; a++) {
        for (let b = a + 1; b < networks; b++) {
          const semiMean = 0.72 - 0.09 * at + 0.06 * (random() - 0.5);
          const matchMean = semiMean - 0.03 - 0.03 * random();
          pairs.push({ a: `Net${a + 1}`, b: `Net${b + 1}`, semiMean, matchMean });
        }
      }
      return { layer, pairs };
    }),
  };
}

export function meansExample(layers: string[], networks: number, preset: PresetName, more = {}): Figure {
  return { spec: specOf('layer-means', preset, more), data: meansData(layers, networks) };
}

export function heatmapExample(rows: number, cols: number, preset: PresetName, more = {}): Figure {
  const { between } = syntheticCorrelations(rows, cols, 5);
  const values = between.values.map((value) => 0.6 * value * value) as Float64Array;
  return {
    spec: specOf('heatmap', preset, { colours: 'viridis', ...more }),
    data: {
      matrix: { rows, cols, values },
      rowLabel: 'Net1 unit',
      colLabel: 'Net2 unit',
      valueLabel: 'Mutual information (nats)',
    },
  };
}
