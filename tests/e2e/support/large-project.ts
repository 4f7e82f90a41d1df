import { rm } from 'node:fs/promises';
import { createDatabaseMethods } from '#workers/database/methods.ts';
import { diagonalOrder } from '#core/numeric/matching/display-order.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { captureArrayName } from '#core/ipc/engine.ts';
import {
  newCapture,
  newResult,
  newRun,
  provenance,
  writeArrayFile,
} from '../../fixtures/database-records.ts';

/** Units of each of the two networks: four tiles a side, three levels of pyramid. */
const largeUnits = 2048;
/** An odd factor: every unit of B is the match of one unit of A. */
const matchOf = (unitA: number) => (unitA * 1_001 + 7) % largeUnits;
const matchValueOf = (unitA: number) => 0.95 - (0.8 * unitA) / largeUnits;
const wave = (row: number, col: number) => 0.4 * Math.cos(row / 90) * Math.cos(col / 130);

/** The correlation that the project holds for a unit of A and a unit of B. */
export function largeCorrelation(unitA: number, unitB: number): number {
  return matchOf(unitA) === unitB ? matchValueOf(unitA) : wave(unitA, unitB);
}

/** Writes a project with one pair of wide layers, as the engine stores them, its numbers known in closed form. */
export async function writeLargeProject(path: string): Promise<void> {
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
  const shape = { ...newCapture('capture', { path: scratch, arrays: [] }).summary.layers[0] };
  const layer = { ...shape, units: [largeUnits, largeUnits] };
  const capture = newCapture('capture', writeArrayFile(scratch, statistics()));
  await methods.putCapture({ ...capture, summary: { ...capture.summary, layers: [layer] } });
  await methods.putResult({
    ...newResult('correlation', writeArrayFile(scratch, correlations())),
    analysis: 'correlation',
    headline: {},
  });
  await methods.putResult({
    ...newResult('matching', writeArrayFile(scratch, matching())),
    headline: { matchMean: 0.55, semiMean: 0.57, agreement: 0.9, matched: largeUnits },
  });
  const run = newRun('run', 'capture', ['correlation', 'matching']);
  await methods.putRun({
    ...run,
    networks: ['Net1', 'Net2'].map((name) => ({ ...run.networks[0], name, provider: provenance.provider.b })),
    layers: [
      {
        ...run.layers[0],
        units: { Net1: largeUnits, Net2: largeUnits },
        deadUnits: { Net1: 0, Net2: 0 },
      },
    ],
  });
  await methods.close();
  await rm(scratch);
}

function square(name: string, cell: (row: number, col: number) => number): NamedArray {
  const data = new Float32Array(largeUnits * largeUnits);
  for (let row = 0; row < largeUnits; row++)
    for (let col = 0; col < largeUnits; col++) data[row * largeUnits + col] = cell(row, col);
  return { name, dtype: 'float32', rows: largeUnits, cols: largeUnits, data };
}

const within = (row: number, col: number) => (row === col ? 1 : wave(row, col));
const correlations = () => [
  square('between', largeCorrelation),
  square('within-a', within),
  square('within-b', within),
];

function matching(): NamedArray[] {
  const match = Int32Array.from({ length: largeUnits }, (_, unit) => matchOf(unit));
  const values = Float64Array.from(match, (_partner, unit) => matchValueOf(unit));
  const { rows, cols } = diagonalOrder(match, largeUnits);
  const row = { rows: 1, cols: largeUnits };
  return [
    { name: 'match', dtype: 'int32', ...row, data: match },
    { name: 'match-value', dtype: 'float64', ...row, data: values },
    { name: 'semi', dtype: 'int32', ...row, data: match },
    { name: 'semi-value', dtype: 'float64', ...row, data: values },
    square('permuted', (i, j) => largeCorrelation(rows[i], cols[j])),
  ];
}

function statistics(): NamedArray[] {
  const names = ['mean', 'std', 'min', 'max', 'fraction-zero', 'sparseness', 'kurtosis'];
  const row = { rows: 1, cols: 2 * largeUnits };
  return [
    ...names.map((what) => ({
      name: captureArrayName(0, 'train', what),
      dtype: 'float64' as const,
      ...row,
      data: new Float64Array(row.cols).fill(0.5),
    })),
    { name: captureArrayName(0, 'train', 'dead'), dtype: 'uint8', ...row, data: new Uint8Array(row.cols) },
  ];
}
