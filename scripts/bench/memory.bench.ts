import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArraySource } from '../../native-workers/data/array-source.ts';
import { SampleStream } from '../../native-workers/data/sample-stream.ts';
import { repositoryRoot } from '../support/repository.ts';
import { childrenOf, peakMiB } from './process-memory.ts';

const repeats = 10;
/** Memory may not grow with the number of images; the allocator's noise stays below this. */
const allowedGrowth = 0.1;

interface Peaks {
  engineMiB: number;
  commandMiB: number;
  seconds: number;
}

/** `npm run bench -- memory`: peak resident memory of a run over the sample images, once and ten times over. */
export async function bench(): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('Peak memory is read from /proc, which this system does not have.');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'consilience-memory-'));
  try {
    const once = await measure(folder, 1);
    const often = await measure(folder, repeats);
    console.log('images   engine peak   command peak   time');
    for (const [images, peaks] of [
      [2000, once],
      [2000 * repeats, often],
    ] as const)
      console.log(
        `${String(images).padStart(6)}   ${peaks.engineMiB.toFixed(0).padStart(7)} MiB   ${peaks.commandMiB.toFixed(0).padStart(8)} MiB   ${peaks.seconds.toFixed(1)} s`,
      );
    const growth = often.engineMiB / once.engineMiB - 1;
    console.log(
      `The engine's peak grows by ${(100 * growth).toFixed(1)} % (allowed: ${100 * allowedGrowth} %).`,
    );
    if (growth > allowedGrowth) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, times: number): Promise<Peaks> {
  const data = join(folder, `digits-${times}.npy`);
  await writeRepeated(data, times);
  const recipe = join(folder, `recipe-${times}.yaml`);
  const samples = join(repositoryRoot, 'samples');
  const text = readFileSync(join(samples, 'digits.yaml'), 'utf8')
    .replace('images: digits.npz', `images: ${data}`)
    .replace('  key: images\n', '')
    .replaceAll(/model: (net\d\.onnx)/g, `model: ${samples}/$1`);
  writeFileSync(recipe, text);
  const started = performance.now();
  const command = [join(repositoryRoot, 'main/cli/consilience.ts'), 'run', recipe];
  const child = spawn(process.execPath, [...command, '--project', join(folder, `p-${times}`)], {
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let [engineMiB, commandMiB] = [0, 0];
  const timer = setInterval(() => {
    commandMiB = Math.max(commandMiB, peakMiB(child.pid ?? 0));
    for (const pid of childrenOf(child.pid ?? 0)) engineMiB = Math.max(engineMiB, peakMiB(pid));
  }, 20);
  const status = await ended;
  clearInterval(timer);
  if (status !== 0) throw new Error(`The run over ${times} times the images ended with status ${status}.`);
  return { engineMiB, commandMiB, seconds: (performance.now() - started) / 1000 };
}

/** The sample images several times over, as one .npy of uint8 [images, 28, 28]. */
async function writeRepeated(path: string, times: number): Promise<void> {
  const source = await openArraySource(join(repositoryRoot, 'samples/digits.npz'), 'images');
  const [images, height, width] = source.header.shape;
  const bytes = new Uint8Array(source.header.count);
  const stream = new SampleStream(source);
  await stream.fill(bytes);
  stream.close();
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${images * times}, ${height}, ${width}), }`;
  const header = Buffer.alloc(128, 0x20);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  header.write(text, 10, 'latin1');
  header[127] = 0x0a;
  const file = openSync(path, 'w');
  writeSync(file, header);
  for (let time = 0; time < times; time++) writeSync(file, bytes);
  closeSync(file);
}
