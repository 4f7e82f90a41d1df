import { spawn } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../../core/random.ts';
import { repositoryRoot } from '../support/repository.ts';
import { childrenOf, peakMiB } from './process-memory.ts';

/** Resident memory of the engine and of the command together, at most. */
const allowedMiB = 1024;
const units = 256;
const fewUnits = 64;
/** Every so many samples one is not zero: the file is sparse, and the answer is not. */
const stride = 5000;

/**
 * `npm run bench -- huge [--gigabytes 20]`: saved activations larger than memory, compared with others of the same
 * samples: time, and peak resident memory, which may not pass 1 GiB. The files are sparse: they take few megabytes.
 */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { gigabytes: { type: 'string', default: '20' } } });
  const samples = Math.ceil((Number(values.gigabytes) * 1e9) / (units * 4));
  const folder = mkdtempSync(join(tmpdir(), 'consilience-huge-'));
  try {
    writeSparse(join(folder, 'wide.npy'), '<f4', samples, units, (row) =>
      Buffer.from(Float32Array.from(row).buffer),
    );
    writeSparse(join(folder, 'narrow.npy'), '|i1', samples, fewUnits, (row) =>
      Buffer.from(Int8Array.from(row.slice(0, fewUnits), (value) => value * 100).buffer),
    );
    const { size, blocks } = statSync(join(folder, 'wide.npy'));
    console.log(
      `${samples} samples of ${units} float32 (${(size / 1e9).toFixed(1)} GB, ${((blocks * 512) / 1e6).toFixed(0)} MB on disk) against ${fewUnits} int8`,
    );
    writeFileSync(join(folder, 'r.yaml'), recipe);
    const { seconds, engineMiB, commandMiB, line } = await measure(folder);
    console.log(line);
    console.log(
      `${seconds.toFixed(0)} s; peak resident memory: engine ${engineMiB.toFixed(0)} MiB, command ${commandMiB.toFixed(0)} MiB (allowed together: ${allowedMiB} MiB)`,
    );
    if (engineMiB + commandMiB > allowedMiB) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const recipe = `
networks:
  - {name: Wide, activations: wide.npy}
  - {name: Narrow, activations: narrow.npy}
layers: [{name: layer, tensors: {Wide: wide, Narrow: narrow}, sample: image}]
analyses: [correlation, matching]
`;

function writeSparse(
  path: string,
  descr: string,
  samples: number,
  width: number,
  bytesOf: (row: number[]) => Buffer,
): void {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${samples}, ${width}), }`;
  const header = Buffer.alloc(128, 0x20);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  header.write(text, 10, 'latin1');
  header[127] = 0x0a;
  const random = createRandom(1);
  const file = openSync(path, 'w');
  writeSync(file, header);
  for (let sample = 0; sample < samples; sample += stride) {
    const row = bytesOf(Array.from({ length: units }, () => random.nextFloat()));
    writeSync(file, row, 0, row.length, header.length + sample * row.length);
  }
  const last = bytesOf(Array<number>(units).fill(0)).length;
  ftruncateSync(file, header.length + samples * last);
  closeSync(file);
}

async function measure(folder: string) {
  const started = performance.now();
  const command = [
    join(repositoryRoot, 'main/cli/consilience.ts'),
    'run',
    'r.yaml',
    '--project',
    'p.consilience',
  ];
  const child = spawn(process.execPath, command, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let [engineMiB, commandMiB] = [0, 0];
  const timer = setInterval(() => {
    commandMiB = Math.max(commandMiB, peakMiB(child.pid ?? 0));
    for (const pid of childrenOf(child.pid ?? 0)) engineMiB = Math.max(engineMiB, peakMiB(pid));
  }, 100);
  const status = await ended;
  clearInterval(timer);
  if (status !== 0) throw new Error(`The run ended with status ${status}.`);
  const line = printed.split('\n').find((text) => text.includes('results computed')) ?? '';
  return { seconds: (performance.now() - started) / 1000, engineMiB, commandMiB, line };
}
