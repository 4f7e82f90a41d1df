import { closeSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createDatabaseMethods } from '#workers/database/methods.ts';
import { diagonalOrder } from '#core/numeric/matching/display-order.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import type { Headline, NamedArray } from '#core/domain/result.ts';
import { captureArrayName, type ArrayFile } from '#core/ipc/engine.ts';
import { newCapture, newResult, newRun, provenance } from '../../fixtures/database-records.ts';

/** Units of each of the two networks: four tiles a side, three levels of pyramid. */
export const largeUnits = 2048;

const wave = (row: number, col: number) => 0.4 * Math.cos(row / 90) * Math.cos(col / 130);
/** Layers of the leaf order: the units of a network four steps apart come after each other. */
const strideOf = (units: number) => units / 4;

/** The numbers of a project with layers of `units` units (a power of two), each known in closed form. */
export class LargeNumbers {
  readonly units: number;

  constructor(units = largeUnits) {
    this.units = units;
  }

  /** An odd factor: every unit of B is the match of one unit of A. */
  match(unitA: number): number {
    return (unitA * 1_001 + 7) % this.units;
  }
  matchValue(unitA: number): number {
    return 0.95 - (0.8 * unitA) / this.units;
  }
  correlation(unitA: number, unitB: number): number {
    return this.match(unitA) === unitB ? this.matchValue(unitA) : wave(unitA, unitB);
  }
  within(unit: number, other: number): number {
    return unit === other ? 1 : wave(unit, other);
  }
  /** Mutual information gives every fourth pair of neighbours each other's match. */
  informationMatch(unitA: number): number {
    return this.match(unitA % 8 < 2 ? unitA ^ 1 : unitA);
  }
  information(unitA: number, unitB: number): number {
    return this.informationMatch(unitA) === unitB ? 1.2 * this.matchValue(unitA) : 0.02;
  }
  pValue(unitA: number, unitB: number): number {
    return this.match(unitA) === unitB ? 1e-12 : (1 + ((unitA * 31 + unitB) % 99)) / 100;
  }
  stability(unitA: number): number {
    return 1 - (unitA % 5) / 10;
  }
  mean(unit: number): number {
    return ((unit * 37) % this.units) / this.units;
  }
  /** Place of a unit among its network's in the hierarchy of clusters. */
  leaf(place: number): number {
    const stride = strideOf(this.units);
    return (place % 4) * stride + Math.floor(place / 4);
  }
  convergence(unit: number): number {
    return (unit % 3) / 2;
  }
}

const numbers = new LargeNumbers();
/** The correlation that the project holds for a unit of A and a unit of B. */
export const largeCorrelation = (unitA: number, unitB: number) => numbers.correlation(unitA, unitB);

interface LargeOptions {
  units?: number;
  /** Certainty, mutual information, clusters and convergence as well. */
  withAnalyses?: boolean;
}

/** An array whose values are made when they are written. */
type Lazy = Omit<NamedArray, 'data'> & { make: () => NamedArray['data'] };

/** Writes a project with one pair of wide layers, as the engine stores them. */
export async function writeLargeProject(path: string, options: LargeOptions = {}): Promise<void> {
  const known = new LargeNumbers(options.units);
  const scratch = `${path}.arrays`;
  const methods = createDatabaseMethods();
  // The tests' Node loads the package's own addon, not the one that was built for Electron.
  const binding = process.env.CONSILIENCE_SQLITE_BINDING;
  delete process.env.CONSILIENCE_SQLITE_BINDING;
  try {
    await methods.open(path, 'create', 'Wide layers');
  } finally {
    if (binding !== undefined) process.env.CONSILIENCE_SQLITE_BINDING = binding;
  }
  const units = [known.units, known.units];
  const shape = { ...newCapture('capture', { path: scratch, arrays: [] }).summary.layers[0], units };
  const capture = newCapture('capture', writeArrays(scratch, statistics(known)));
  await methods.putCapture({ ...capture, summary: { ...capture.summary, layers: [shape] } });
  const made = results(known, options.withAnalyses ?? false);
  for (const { analysis, arrays, headline, params = {} } of made)
    await methods.putResult({
      ...newResult(analysis, writeArrays(scratch, arrays)),
      analysis,
      headline,
      params: { sample: { kind: 'position' }, ...params },
    });
  const ids = made.map(({ analysis }) => analysis);
  const run = newRun('run', 'capture', ids);
  await methods.putRun({
    ...run,
    networks: ['Net1', 'Net2'].map((name) => ({ ...run.networks[0], name, provider: provenance.provider.b })),
    layers: [
      {
        ...run.layers[0],
        units: { Net1: known.units, Net2: known.units },
        deadUnits: { Net1: 0, Net2: 0 },
      },
    ],
  });
  await methods.close();
  await rm(scratch);
}

interface Made {
  analysis: AnalysisName;
  headline: Headline;
  params?: Record<string, unknown>;
  arrays: Lazy[];
}

function results(known: LargeNumbers, withAnalyses: boolean): Made[] {
  const { units } = known;
  const square = (name: string, cell: (row: number, col: number) => number): Lazy => ({
    name,
    dtype: 'float32',
    rows: units,
    cols: units,
    make: () => filled(units, cell),
  });
  const match = Int32Array.from({ length: units }, (_, unit) => known.match(unit));
  const values = Float64Array.from(match, (_partner, unit) => known.matchValue(unit));
  const { rows, cols } = diagonalOrder(match, units);
  const basic: Made[] = [
    {
      analysis: 'correlation',
      headline: {},
      arrays: [
        square('between', (row, col) => known.correlation(row, col)),
        square('within-a', (row, col) => known.within(row, col)),
        square('within-b', (row, col) => known.within(row, col)),
      ],
    },
    {
      analysis: 'matching',
      headline: { matchMean: 0.55, semiMean: 0.57, agreement: 0.9, matched: units },
      arrays: [
        vector('match', match),
        vector('match-value', values),
        vector('semi', match),
        vector('semi-value', values),
        vector('order-a', Int32Array.from(rows)),
        vector('order-b', Int32Array.from(cols)),
        square('permuted', (i, j) => known.correlation(rows[i], cols[j])),
      ],
    },
  ];
  return withAnalyses ? [...basic, ...analyses(known, square)] : basic;
}

function analyses(
  known: LargeNumbers,
  square: (name: string, cell: (row: number, col: number) => number) => Lazy,
): Made[] {
  const { units } = known;
  const list = (make: (unit: number) => number, count = units) =>
    Float64Array.from({ length: count }, (_, unit) => make(unit));
  const integers = (make: (unit: number) => number, count = units) => Int32Array.from(list(make, count));
  const joint = (make: (unit: number) => number) => list((unit) => make(unit % units), 2 * units);
  return [
    {
      analysis: 'certainty',
      headline: {
        ...{ matchMean: 0.55, matchMeanLow: 0.54, matchMeanHigh: 0.56, level: 0.95, matched: units },
        ...{ nullMatchMean: 0.12, nullMatchStd: 0.01, effectiveSamples: 3000, stabilityMean: 0.8, fdr: 0.05 },
      },
      arrays: [
        vector(
          'match',
          integers((unit) => known.match(unit)),
        ),
        vector(
          'stability',
          list((unit) => known.stability(unit)),
        ),
        vector(
          'q-value',
          list((unit) => (unit % 2 === 0 ? 1e-9 : 0.2)),
        ),
        vector(
          'match-p-value',
          list((unit) => known.pValue(unit, known.match(unit))),
        ),
        vector(
          'null-match-mean',
          list((at) => 0.1 + at / 250, 10),
        ),
        square('p-value', (row, col) => known.pValue(row, col)),
      ],
    },
    {
      analysis: 'mutual-information',
      headline: { matchMean: 0.6, semiMean: 0.62, matchMeanCorrected: 0.59, nullMean: 0.02, samples: 2000 },
      arrays: [
        square('mi', (row, col) => known.information(row, col)),
        vector(
          'match',
          integers((unit) => known.informationMatch(unit)),
        ),
        vector(
          'match-value',
          list((unit) => known.information(unit, known.informationMatch(unit))),
        ),
        vector(
          'semi',
          integers((unit) => known.informationMatch(unit)),
        ),
        vector(
          'semi-value',
          list((unit) => known.information(unit, known.informationMatch(unit))),
        ),
      ],
    },
    {
      analysis: 'spectral-clusters',
      headline: {
        eigenvalues: [0, 0.1, 0.2],
        cuts: [{ k: 4, ncut: 1 }],
        suggestedK: 4,
        liveUnits: 2 * units,
      },
      arrays: [
        vector(
          'network',
          integers((unit) => Math.floor(unit / units), 2 * units),
        ),
        vector('unit', Int32Array.from(joint((unit) => unit))),
        vector(
          'leaf-order',
          integers((leaf) => (leaf % 2) * units + known.leaf(Math.floor(leaf / 2)), 2 * units),
        ),
        vector(
          'labels-4',
          integers((unit) => unit % 4, 2 * units),
        ),
      ],
    },
    {
      analysis: 'many-networks',
      headline: { networks: 2, liveUnits: 2 * units, convergenceMean: 0.5, matchMean: 0.55 },
      params: { networks: ['Net1', 'Net2'] },
      arrays: [
        vector(
          'network',
          integers((unit) => Math.floor(unit / units), 2 * units),
        ),
        vector('unit', Int32Array.from(joint((unit) => unit))),
        vector(
          'convergence',
          joint((unit) => known.convergence(unit)),
        ),
      ],
    },
  ];
}

function filled(units: number, cell: (row: number, col: number) => number): Float32Array {
  const data = new Float32Array(units * units);
  for (let row = 0; row < units; row++)
    for (let col = 0; col < units; col++) data[row * units + col] = cell(row, col);
  return data;
}

function vector(name: string, data: NamedArray['data']): Lazy {
  const dtype = data instanceof Int32Array ? 'int32' : data instanceof Uint8Array ? 'uint8' : 'float64';
  return { name, dtype, rows: 1, cols: data.length, make: () => data };
}

/** Writes the arrays one after another, so that only one is in memory. */
function writeArrays(path: string, arrays: readonly Lazy[]): ArrayFile {
  const file = openSync(path, 'w');
  let offset = 0;
  const entries: ArrayFile['arrays'] = [];
  try {
    for (const { make, ...info } of arrays) {
      const data = make();
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      for (let done = 0; done < bytes.length;)
        done += writeSync(file, bytes, done, bytes.length - done, offset + done);
      entries.push({ ...info, offset, bytes: bytes.length });
      offset += Math.ceil(bytes.length / 8) * 8;
    }
    // The last array ends on a boundary too.
    if (offset > 0) writeSync(file, Buffer.alloc(1), 0, 1, offset);
  } finally {
    closeSync(file);
  }
  return { path, arrays: entries };
}

function statistics(known: LargeNumbers): Lazy[] {
  const names = ['std', 'min', 'max', 'fraction-zero', 'sparseness', 'kurtosis'];
  const cols = 2 * known.units;
  const means = Float64Array.from({ length: cols }, (_, unit) => known.mean(unit % known.units));
  return [
    vector(captureArrayName(0, 'train', 'mean'), means),
    ...names.map((what) => vector(captureArrayName(0, 'train', what), new Float64Array(cols).fill(0.5))),
    vector(captureArrayName(0, 'train', 'dead'), new Uint8Array(cols)),
  ];
}
