import { rm } from 'node:fs/promises';
import { createDatabaseMethods } from '#workers/database/methods.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { captureArrayName } from '#core/ipc/engine.ts';
import { createRandom } from '#core/random.ts';
import {
  matrix,
  newCapture,
  newResult,
  newRun,
  provenance,
  writeArrayFile,
} from '../../fixtures/database-records.ts';

/** A project of two networks of `units` units with places in space, every unit matched: to see how fast it draws. */
export async function writeSpaceProject(path: string, units: number): Promise<void> {
  const scratch = `${path}.arrays`;
  const methods = createDatabaseMethods();
  // The tests' Node loads the package's own addon, not the one that was built for Electron.
  const binding = process.env.CONSILIENCE_SQLITE_BINDING;
  delete process.env.CONSILIENCE_SQLITE_BINDING;
  try {
    await methods.open(path, 'create', `${2 * units} units`);
  } finally {
    if (binding !== undefined) process.env.CONSILIENCE_SQLITE_BINDING = binding;
  }
  const capture = newCapture('capture', writeArrayFile(scratch, statistics(units)));
  const layer = { ...capture.summary.layers[0], units: [units, units] };
  await methods.putCapture({ ...capture, summary: { ...capture.summary, layers: [layer] } });
  const put = (analysis: 'subspaces' | 'matching', headline: Record<string, number>, arrays: NamedArray[]) =>
    methods.putResult({ ...newResult(analysis, writeArrayFile(scratch, arrays)), analysis, headline });
  await put('matching', { matchMean: 0.7, semiMean: 0.7, agreement: 1 }, matching(units));
  await put('subspaces', { ccaMean: 0.8, linearCka: 0.8, debiasedCka: 0.8 }, places(units));
  const run = newRun('run', 'capture', ['matching', 'subspaces']);
  const of = { Net1: units, Net2: units };
  await methods.putRun({
    ...run,
    networks: ['Net1', 'Net2'].map((name) => ({ ...run.networks[0], name, provider: provenance.provider.b })),
    layers: [{ ...run.layers[0], units: of, deadUnits: { Net1: 0, Net2: 0 } }],
  });
  await methods.close();
  await rm(scratch);
}

function matching(units: number): NamedArray[] {
  const row = { rows: 1, cols: units };
  const order = Int32Array.from({ length: units }, (_, unit) => unit);
  const values = Float64Array.from({ length: units }, (_, unit) => 1 - unit / (2 * units));
  return [
    { name: 'match', dtype: 'int32', ...row, data: order },
    { name: 'match-value', dtype: 'float64', ...row, data: values },
    { name: 'semi', dtype: 'int32', ...row, data: order },
    { name: 'semi-value', dtype: 'float64', ...row, data: values },
  ];
}

/** Uniform in a ball of radius .9 for A; B's units beside their matches. */
function places(units: number): NamedArray[] {
  const { nextFloat } = createRandom(3);
  const a = Array.from({ length: units }, () => {
    const direction = [0, 1, 2].map(() => nextFloat() + nextFloat() + nextFloat() - 1.5);
    const length = Math.hypot(...direction) || 1;
    const radius = 0.9 * Math.cbrt(nextFloat());
    return direction.map((value) => (value / length) * radius);
  });
  const b = a.map((place) => place.map((value) => value + 0.08 * (nextFloat() - 0.5)));
  const shares = ['own-share-a', 'own-share-b'].map((name) =>
    matrix(name, 1, 3, (_, col) => 0.3 / (col + 1)),
  );
  return [
    matrix('shared-a', units, 3, (row, col) => a[row][col]),
    matrix('shared-b', units, 3, (row, col) => b[row][col]),
    matrix('shared-rho', 1, 3, (_, col) => 0.95 - 0.05 * col),
    matrix('own-a', units, 3, (row, col) => a[row][(col + 1) % 3]),
    matrix('own-b', units, 3, (row, col) => b[row][(col + 2) % 3]),
    ...shares,
  ];
}

function statistics(units: number): NamedArray[] {
  const row = { rows: 1, cols: 2 * units };
  const names = ['mean', 'std', 'min', 'max', 'fraction-zero', 'sparseness', 'kurtosis'];
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
