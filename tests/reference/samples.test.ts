import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UnitStatistics } from '#core/domain/result.ts';
import type { CaptureSummary } from '#core/ipc/engine.ts';
import { align, capture, statisticsOf, type Aligned } from '../fixtures/captures.ts';
import { sampleHashes, sampleLayers, sampleOptions } from '../fixtures/samples.ts';

interface Place {
  offset: number;
  shape: number[];
}
type StatisticsKey = 'mean' | 'std' | 'zeroFraction' | 'min' | 'max' | 'kurtosis' | 'lifetimeSparseness';
type StatisticsEntry = Record<StatisticsKey, Place> & { network: string; layer: string; dead: number[] };
interface BetweenEntry {
  a: string;
  b: string;
  layer: string;
  correlation: Place;
  semi: number[];
  match: number[];
  semiMean: number;
  matchTotal: number;
  matchMean: number;
  agreement: number;
  margin: number;
  semiMargin: number;
}
interface Reference {
  inputs: Record<string, string>;
  samples: Record<string, number>;
  statistics: StatisticsEntry[];
  within: { network: string; layer: string; correlation: Place }[];
  between: BetweenEntry[];
}

const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, 'samples-reference.json'), 'utf8'),
) as Reference;
const binary = readFileSync(join(import.meta.dirname, 'samples-reference.bin'));
const arrayAt = ({ offset, shape }: Place) =>
  new Float64Array(
    binary.buffer.slice(
      binary.byteOffset + offset,
      binary.byteOffset + offset + 8 * shape.reduce((x, y) => x * y, 1),
    ),
  );

const names = ['Net1', 'Net2', 'Net3', 'Net4', 'Net5'];
const folder = mkdtempSync(join(tmpdir(), 'consilience-samples-'));
let summary: CaptureSummary;
let results: Map<string, Aligned>;
const worst = new Map<string, number>();

/** Remembers the largest error of each kind, to print what was measured. */
function measure(kind: string, error: number): number {
  worst.set(kind, Math.max(worst.get(kind) ?? 0, error));
  return error;
}

function resultOf(layer: string, a: string, b: string, analysis: string): Aligned {
  const key = `${sampleLayers.indexOf(layer)}-${names.indexOf(a)}-${names.indexOf(b)}-${analysis}`;
  const result = results.get(key);
  if (!result) throw new Error(`There is no result ${key}.`);
  return result;
}

function dataOf(result: Aligned, name: string): Float64Array | Int32Array {
  const array = result.arrays.get(name);
  if (!array) throw new Error(`There is no array ${name}.`);
  return array.data as Float64Array | Int32Array;
}

beforeAll(async () => {
  ({ summary } = await capture(folder, '', sampleOptions(names)));
  const pairs = reference.between
    .filter(({ layer }) => layer === 'conv1')
    .map(({ a, b }): [number, number] => [names.indexOf(a), names.indexOf(b)]);
  expect(pairs).toHaveLength(7);
  results = await align(summary, pairs, join(folder, 'results'), 2);
}, 180_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  const lines = [...worst].map(([kind, error]) => `  ${kind.padEnd(44)} ${error.toExponential(2)}`);
  console.log(`Largest errors against the float64 reference:\n${lines.join('\n')}`);
});

it('the reference was made from these very models and images', () => {
  expect(sampleHashes(Object.keys(reference.inputs))).toEqual(reference.inputs);
  expect(Object.fromEntries(summary.layers.map((layer) => [layer.name, layer.samples]))).toEqual(
    reference.samples,
  );
});

/**
 * Inference runs in float32, the reference in float64: an activation differs by about 1e-6 of its layer's scale.
 * A min or max is one activation, so its error is told in deviations of the unit; the fourth power in the kurtosis
 * multiplies a relative error by four and rests on few large values; sparseness is a difference from 1, so its error
 * is absolute; a value that is 0 in one arithmetic may be 1e-8 in the other, so one sample, or one in ten thousand
 * of the zeros, may change sides.
 */
interface StatisticTolerance {
  field: keyof UnitStatistics;
  relative?: number;
  absolute?: number;
  deviations?: number;
  samples?: number;
}
const tolerances: Record<StatisticsKey, StatisticTolerance> = {
  mean: { field: 'mean', relative: 1e-6 },
  std: { field: 'std', relative: 1e-6 },
  min: { field: 'min', deviations: 1e-5 },
  max: { field: 'max', deviations: 1e-5 },
  kurtosis: { field: 'kurtosis', relative: 1e-5 },
  lifetimeSparseness: { field: 'lifetimeSparseness', absolute: 1e-6 },
  zeroFraction: { field: 'fractionZero', relative: 1e-4, samples: 1 },
};

describe.each(reference.statistics)('unit statistics of $network $layer', (entry) => {
  const found = () => statisticsOf(summary, sampleLayers.indexOf(entry.layer), names.indexOf(entry.network));

  it('counts the same dead units', () => {
    expect([...found().dead.keys()].filter((unit) => found().dead[unit] === 1)).toEqual(entry.dead);
  });

  it('agrees in every statistic', () => {
    const deviation = arrayAt(entry.std);
    const mine = found();
    for (const [key, tolerance] of Object.entries(tolerances)) {
      const { field, relative = 0, absolute = 0, deviations = 0, samples = 0 } = tolerance;
      const expected = arrayAt(entry[key as StatisticsKey]);
      expect(mine[field].length).toBe(expected.length);
      expected.forEach((value, unit) => {
        // Undefined there (a constant unit), 0 by definition here.
        const wanted = Number.isNaN(value) ? 0 : value;
        const error = Math.abs(mine[field][unit] - wanted);
        const allowed =
          relative * Math.abs(wanted) +
          absolute +
          deviations * deviation[unit] +
          (samples * 1.000001) / reference.samples[entry.layer];
        expect(error, `${key} of unit ${unit}`).toBeLessThanOrEqual(allowed);
        if (deviations > 0 && deviation[unit] > 0) measure(`${key}, in deviations`, error / deviation[unit]);
        else if (absolute > 0) measure(`${key}, absolute`, error);
        else if (wanted !== 0) measure(`${key}, relative`, error / Math.abs(wanted));
      });
    }
  });
});

const correlationTolerance = 1e-6;

function expectCorrelations(kind: string, found: ArrayLike<number>, place: Place): void {
  const expected = arrayAt(place);
  expect(found.length).toBe(expected.length);
  let largest = 0;
  for (let at = 0; at < expected.length; at++) {
    const error = Math.abs(found[at] - expected[at]);
    largest = error <= largest ? largest : error; // keeps NaN
  }
  expect(measure(kind, largest)).toBeLessThanOrEqual(correlationTolerance);
}

it('correlations within every network and layer', () => {
  for (const { network, layer, correlation } of reference.within) {
    const pair = reference.between.find(
      (entry) => entry.layer === layer && (entry.a === network || entry.b === network),
    );
    if (!pair) throw new Error(`${network} is in no pair.`);
    const result = resultOf(layer, pair.a, pair.b, 'correlation');
    expectCorrelations(
      'correlation within',
      dataOf(result, pair.a === network ? 'within-a' : 'within-b'),
      correlation,
    );
  }
});

describe.each(reference.between)('$a and $b, $layer', (entry) => {
  const { a, b, layer } = entry;

  it('has the reference’s correlations', () => {
    const result = resultOf(layer, a, b, 'correlation');
    expectCorrelations('correlation between', dataOf(result, 'between'), entry.correlation);
    const deadOf = (network: string) =>
      reference.statistics.find((unit) => unit.network === network && unit.layer === layer)?.dead.length;
    expect(result.headline).toMatchObject({
      samples: reference.samples[layer],
      deadA: deadOf(a),
      deadB: deadOf(b),
    });
  });

  it('has scipy’s matching: the same pairs, the same total', () => {
    const result = resultOf(layer, a, b, 'matching');
    const c = arrayAt(entry.correlation);
    const cols = entry.correlation.shape[1];
    const isLive = (row: number, col: number) =>
      c.subarray(row * cols, (row + 1) * cols).some((x) => x !== 0) &&
      entry.semi.some((_, other) => c[other * cols + col] !== 0);
    // Ambiguity of the reference itself is far above the error of a correlation: the pairs must be identical.
    expect(Math.min(entry.margin, entry.semiMargin)).toBeGreaterThan(2 * correlationTolerance);
    const match = [...dataOf(result, 'match')];
    match.forEach((col, row) => {
      // A pair with a dead unit is worth 0 whatever its partner.
      const wanted = entry.match[row];
      if ((wanted >= 0 && isLive(row, wanted)) || (col >= 0 && isLive(row, col))) expect(col).toBe(wanted);
    });
    [...dataOf(result, 'semi')].forEach((col, row) => {
      if (c.subarray(row * cols, (row + 1) * cols).some((x) => x !== 0)) expect(col).toBe(entry.semi[row]);
    });
    const used = match.filter((col) => col >= 0);
    expect(new Set(used).size).toBe(Math.min(...entry.correlation.shape));
    const total = match.reduce((sum, col, row) => sum + (col < 0 ? 0 : c[row * cols + col]), 0);
    expect(
      measure('matching total on the reference’s matrix', Math.abs(total - entry.matchTotal)),
    ).toBeLessThan(1e-9);
  });

  it('has the reference’s headline, up to the error of the correlations', () => {
    const headline = resultOf(layer, a, b, 'matching').headline as Record<string, number>;
    expect(measure('semiMean', Math.abs(headline.semiMean - entry.semiMean))).toBeLessThan(
      correlationTolerance,
    );
    expect(measure('matchMean', Math.abs(headline.matchMean - entry.matchMean))).toBeLessThan(
      correlationTolerance,
    );
    const rows = entry.correlation.shape[0];
    expect(measure('total', Math.abs(headline.total - entry.matchTotal))).toBeLessThan(
      rows * correlationTolerance,
    );
    // Pairs with a dead unit may agree by accident.
    const dead = resultOf(layer, a, b, 'correlation').headline as Record<string, number>;
    expect(Math.abs(headline.agreement - entry.agreement) * rows).toBeLessThanOrEqual(
      dead.deadA + dead.deadB + 1e-9,
    );
  });
});
