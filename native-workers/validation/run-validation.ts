import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValidationReport } from '#core/domain/validation.ts';
import { AppError } from '#core/errors.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { oracleFiles, validate } from '#core/validation/validate.ts';
import { version } from '#core/version.ts';
import { openLapack } from '../linalg/lapack.ts';
import { openRuntimeAlgebra } from '../linalg/runtime-algebra.ts';

/** Every published number of the folder, with each linear algebra that this machine has. */
export async function runValidation(folder: string): Promise<ValidationReport> {
  const started = performance.now();
  const oracles: Record<string, unknown> = {};
  for (const file of oracleFiles) oracles[file] = await readOracle(join(folder, file));
  const lapack = openLapack();
  const everywhere = [await openRuntimeAlgebra(), pureLinearAlgebra];
  const report = await validate(oracles, lapack ? [lapack, ...everywhere] : everywhere);
  return { version, ...report, elapsedMs: performance.now() - started };
}

async function readOracle(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const how = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read';
    const remedy = 'It is part of Consilience; install it again.';
    throw new AppError('bad-data', `The published numbers in ${path} ${how}. ${remedy}`, {}, error);
  }
}
