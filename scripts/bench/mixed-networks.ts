import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '#core/random.ts';
import { openLinearAlgebra } from '../../native-workers/linalg/choose-algebra.ts';
import { npyFile } from '../real-models/npy-file.ts';

const factors = 64;
const rowsAtOnce = 1000;

/** `A.npy`, `B.npy`, ...: saved activations whose units mix shared factors with noise of their own. */
export async function writeMixedNetworks(
  folder: string,
  samples: number,
  units: number,
  names = ['A', 'B'],
): Promise<void> {
  const algebra = await openLinearAlgebra();
  const { nextFloat } = createRandom(units);
  const uniform = (length: number) => Float64Array.from({ length }, () => nextFloat() - 0.5);
  const mixes = names.map(() => uniform(factors * units));
  const files = names.map((name) => openSync(join(folder, `${name}.npy`), 'w'));
  // The header alone: rows follow as they are made.
  for (const file of files) writeSync(file, npyFile('<f4', [samples, units], new Uint8Array(0)));
  for (let first = 0; first < samples; first += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, samples - first);
    const source = uniform(rows * factors);
    for (const [network, file] of files.entries()) {
      const mixed = await algebra.multiply(rows, factors, units, source, mixes[network]);
      writeSync(
        file,
        Float32Array.from(mixed, (value) => value + nextFloat() - 0.5),
      );
    }
  }
  files.forEach(closeSync);
}
