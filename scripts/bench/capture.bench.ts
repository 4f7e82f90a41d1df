import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LayerAccumulator, packedBlockBytes } from '../../native-workers/accumulate/layer-accumulator.ts';
import { BlockRing } from '../../native-workers/accumulate/block-ring.ts';
import { KernelMemory } from '../../native-workers/accumulate/pack-units.ts';
import { openTappedSession, type TappedSession } from '../../native-workers/capture/tapped-session.ts';
import { runtime } from '../../native-workers/capture/runtime.ts';
import { openArraySource } from '../../native-workers/data/array-source.ts';
import { sampleDecoder } from '../../native-workers/data/decode-samples.ts';
import { sampleFormat } from '../../native-workers/data/sample-format.ts';
import { SampleStream } from '../../native-workers/data/sample-stream.ts';
import { chooseSymmetricProduct } from '../../native-workers/linalg/symmetric-product.ts';
import { repositoryRoot } from '../support/repository.ts';
import { pythonWith, runPeer } from './python-peer.ts';

const execute = promisify(execFile);
const threads = 2;
const batch = 64;
const rounds = 5;
const tensors = ['/Relu_output_0', '/Relu_1_output_0', '/Relu_2_output_0', '/Relu_3_output_0'];
/** The last is no capture: the networks' own output, for the time of bare inference. */
const choices = [...tensors, 'logits'].map((tensor) => ({ tensor, axes: null }));
const shapes = [
  { units: 24, positions: 784 },
  { units: 48, positions: 196 },
  { units: 64, positions: 49 },
  { units: 128, positions: 1 },
];
const networks = 4;

interface PeerActivations {
  accumulationSeconds: number;
  imagesPerSecond: number;
  gflops: number;
  flops: number;
  sgemmGflops: number;
}

interface PeerDemo {
  totalSeconds: number;
  processSeconds: number;
  inferenceSeconds: number;
  productSeconds: number;
  peakRssMb: number;
}

/**
 * `npm run bench -- capture`: the pass over the demo's data against a plain numpy / PyTorch script, in turns in the
 * same run. Prints a table and writes JSON where `--json FILE` says.
 */
export async function bench(args: string[]): Promise<void> {
  const python = await pythonWith(['numpy', 'scipy', 'torch']);
  if (!python)
    console.log(
      'No Python with numpy, scipy and torch here, so no peer (Debian: apt install python3-torch python3-scipy).',
    );
  const prepared = await prepare();
  const ours: Record<'command' | 'inference' | 'accumulation', number[]> = {
    command: [],
    inference: [],
    accumulation: [],
  };
  const peer: { accumulation: PeerActivations[]; demo: PeerDemo[] } = { accumulation: [], demo: [] };
  await wholeCommand();
  for (let round = 0; round < rounds; round++) {
    ours.command.push(await wholeCommand());
    ours.inference.push(await bareInference(prepared));
    ours.accumulation.push(await accumulation(prepared));
    if (!python) continue;
    peer.accumulation.push(
      await runPeer(python, 'tests/reference/peer_capture.py', ['--activations-only', '--repeats', '1']),
    );
    peer.demo.push(await runPeer(python, 'tests/reference/peer_capture.py', []));
  }
  report(ours, peer, prepared.images, args);
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

/** Sessions and decoded images, outside every timing. */
async function prepare() {
  const sessions: TappedSession[] = [];
  for (let network = 1; network <= networks; network++) {
    const modelPath = join(repositoryRoot, 'samples', `net${network}.onnx`);
    sessions.push(
      await openTappedSession({
        name: `Net${network}`,
        modelPath,
        tensors: choices,
        provider: 'cpu',
        threads,
      }),
    );
  }
  const data = { key: 'images', scale: 1 / 255 };
  const source = await openArraySource(join(repositoryRoot, 'samples', 'digits.npz'), 'images');
  const format = sampleFormat(source, data);
  const bytes = new Uint8Array(format.samples * format.values);
  const stream = new SampleStream(source);
  await stream.fill(bytes);
  stream.close();
  const inputs = new Float32Array(format.samples * format.values);
  sampleDecoder(format)(bytes, format.samples, inputs);
  return { sessions, inputs, images: format.samples, values: format.values };
}

async function wholeCommand(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-bench-'));
  const started = performance.now();
  await execute(process.execPath, [
    join(repositoryRoot, 'main/cli/consilience.ts'),
    'run',
    join(repositoryRoot, 'samples/digits.yaml'),
    '--project',
    join(folder, 'digits.consilience'),
    '--threads',
    String(threads),
  ]);
  const seconds = (performance.now() - started) / 1000;
  rmSync(folder, { recursive: true });
  return seconds;
}

/** onnxruntime alone: the networks' last output, nothing captured. */
async function bareInference({ sessions, inputs, images, values }: Prepared): Promise<number> {
  const { Tensor } = runtime();
  const started = performance.now();
  for (let first = 0; first < images; first += batch) {
    const count = Math.min(batch, images - first);
    const input = new Tensor('float32', inputs.subarray(first * values, (first + count) * values), [
      count,
      1,
      28,
      28,
    ]);
    for (const {
      session,
      inputs: [taken],
    } of sessions)
      await session.run({ [taken.name]: input }, ['logits']);
  }
  return (performance.now() - started) / 1000;
}

/** The accumulation alone, on activations that are there already. */
async function accumulation({ sessions, inputs, images, values }: Prepared): Promise<number> {
  const memory = new KernelMemory();
  const product = await chooseSymmetricProduct(threads, 512);
  const sources = shapes.map(({ units, positions }) =>
    sessions.map(() => memory.reserve(batch * units * positions * 4)),
  );
  const ring = new BlockRing(
    memory,
    Math.max(...shapes.map(({ units, positions }) => packedBlockBytes(units * networks, positions, batch))),
  );
  const accumulators = shapes.map(
    ({ units, positions }, layer) =>
      new LayerAccumulator({
        layer: `layer ${layer}`,
        parts: sources[layer].map((source, network) => ({ network: `Net${network + 1}`, units, source })),
        positions,
        batch,
        folds: 1,
        topK: 9,
        runs: [images],
        shuffle: null,
        memory,
        ring,
        product,
      }),
  );
  memory.freeze();
  const { Tensor } = runtime();
  const folds = new Uint8Array(batch);
  const order = Int32Array.from({ length: images }, (_, image) => image);
  let seconds = 0;
  for (let first = 0; first < images; first += batch) {
    const count = Math.min(batch, images - first);
    const input = new Tensor('float32', inputs.subarray(first * values, (first + count) * values), [
      count,
      1,
      28,
      28,
    ]);
    for (const [
      network,
      {
        session,
        inputs: [taken],
      },
    ] of sessions.entries()) {
      const outputs = await session.run({ [taken.name]: input }, tensors);
      tensors.forEach((name, layer) => {
        const activations = outputs[name].data as Float32Array;
        memory.float32(sources[layer][network], activations.length).set(activations);
      });
    }
    const indices = order.subarray(first, first + count);
    const started = performance.now();
    for (const accumulator of accumulators) await accumulator.add(indices, folds);
    for (const accumulator of accumulators) await accumulator.drain();
    seconds += (performance.now() - started) / 1000;
  }
  const started = performance.now();
  for (const accumulator of accumulators) await accumulator.finish();
  return seconds + (performance.now() - started) / 1000;
}

function median(values: number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
}

function report(
  ours: Record<'command' | 'inference' | 'accumulation', number[]>,
  peer: { accumulation: PeerActivations[]; demo: PeerDemo[] },
  images: number,
  args: string[],
): void {
  const gflop = (peer.accumulation[0]?.flops ?? Number.NaN) / 1e9;
  const accumulation = median(ours.accumulation);
  const inference = median(ours.inference);
  const rows: [string, number, number, string][] = [
    [
      'whole command, s (from start to stored result)',
      median(ours.command),
      median(peer.demo.map((run) => run.processSeconds)),
      'lower',
    ],
    [
      'the same without the interpreter start of the peer, s',
      median(ours.command),
      median(peer.demo.map((run) => run.totalSeconds)),
      'lower',
    ],
    ['inference alone, s', inference, median(peer.demo.map((run) => run.inferenceSeconds)), 'lower'],
    [
      'accumulation alone, s',
      accumulation,
      median(peer.accumulation.map((run) => run.accumulationSeconds)),
      'lower',
    ],
    [
      'accumulation, images/s',
      images / accumulation,
      median(peer.accumulation.map((run) => run.imagesPerSecond)),
      'higher',
    ],
    [
      'accumulation, GFLOP/s',
      gflop / accumulation,
      median(peer.accumulation.map((run) => run.gflops)),
      'higher',
    ],
  ];
  const number = (value: number) =>
    Number.isNaN(value) ? '–' : value >= 100 ? value.toFixed(0) : value.toFixed(2);
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${threads} threads, median of ${rounds} rounds in turns\n`,
  );
  console.log(
    `${''.padEnd(54)} ${'ours'.padStart(8)} ${'peer'.padStart(8)} ${'ours/peer'.padStart(10)}  better`,
  );
  for (const [what, mine, theirs, better] of rows) {
    console.log(
      `${what.padEnd(54)} ${number(mine).padStart(8)} ${number(theirs).padStart(8)} ${number(mine / theirs).padStart(10)}  ${better}`,
    );
  }
  console.log(`\nAccumulation adds ${((100 * accumulation) / inference).toFixed(0)} % to bare inference.`);
  console.log('GFLOP/s count 2 x samples x unitsA x unitsB per product, ten products a layer, for both.');
  const file = args[args.indexOf('--json') + 1];
  if (args.includes('--json') && file)
    writeFileSync(file, `${JSON.stringify({ rows, ours, peer }, null, 2)}\n`);
}
