import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '#core/random.ts';
import { createDatabaseMethods } from '../../native-workers/database/methods.ts';
import { openArraySource } from '../../native-workers/data/array-source.ts';
import { SampleStream } from '../../native-workers/data/sample-stream.ts';
import { inspectModel } from '../../native-workers/onnx/inspect-model.ts';
import { npyFile } from '../real-models/npy-file.ts';
import { repositoryRoot } from '../support/repository.ts';
import { architectures } from '../zoo/architectures.ts';
import { measureCommand } from './measured-command.ts';
import { pythonWith, runPeer } from './python-peer.ts';
import { keepRecord, machineClass, markdownTable } from './record.ts';

const threads = 2;
/** Of the peer: what scripts take, and the best of 16, 32 and 64 for its time. */
const peerBatch = 32;
const [timeGoal, memoryGoal, allowedDifference] = [0.7, 0.5, 1e-5];
const side = 224;

interface Case {
  name: string;
  networks: number;
  images: number;
  /** Every layer's name, and which of the network's ReLUs it is. */
  layers: Record<string, number>;
}

const cases: Case[] = [
  { name: 'samples', networks: 4, images: 2000, layers: { conv1: 0, conv2: 1, conv3: 2, fc1: 3 } },
  // The ReLUs that end the stages.
  { name: 'resnet-18', networks: 2, images: 192, layers: { stage1: 4, stage2: 8, stage3: 12, stage4: 16 } },
  {
    name: 'caffenet',
    networks: 2,
    images: 384,
    layers: { conv1: 0, conv2: 1, conv3: 2, conv4: 3, conv5: 4 },
  },
];

interface Peer {
  processSeconds: number;
  processorSeconds: number;
  inferenceSeconds: number;
  passSeconds: number;
  peakMiB: number;
  torch: string;
  scores: Record<string, { semiMean: number; matchMean: number }>;
}

interface Ours {
  seconds: number;
  processorSeconds: number;
  peakMiB: number;
  engineMiB: number;
  timings: Record<string, number>;
}

/**
 * `npm run bench -- main [--peers] [--only CASE] [--rounds 3] [--images N]`: the whole main job (inference, moments,
 * correlation, matching) by the command line, against PyTorch, NumPy and SciPy on the same networks and images, in
 * turns. Time, peak memory of all processes, and the largest difference between the correlations.
 */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      peers: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      images: { type: 'string' },
      batch: { type: 'string' },
    },
  });
  const python = values.peers ? await pythonWith(['numpy', 'scipy', 'torch']) : null;
  if (values.peers && !python)
    throw new Error(
      '--peers needs a Python with numpy, scipy and torch (Debian: python3-torch python3-scipy).',
    );
  const chosen = cases.filter(({ name }) => name.includes(values.only));
  const measured = [];
  for (const one of chosen) {
    const asked = {
      ...one,
      images: one.name === 'samples' ? one.images : Number(values.images ?? one.images),
    };
    measured.push(await measureCase(asked, python, Number(values.rounds), values.batch));
  }
  report(measured);
  if (values.keep) keepRecord('main', { threads, peerBatch, measured });
}

type Measured = Awaited<ReturnType<typeof measureCase>>;

async function measureCase(one: Case, python: string | null, rounds: number, batch?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-main-'));
  try {
    const recipe = await prepare(one, folder, batch);
    const ours: Ours[] = [];
    const peer: Peer[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await runOurs(recipe, join(folder, `p-${round}.consilience`)));
      if (python)
        peer.push(
          await runPeer(python, 'scripts/bench/peers/main_job.py', [one.name, folder, String(peerBatch)]),
        );
      console.error(
        `${one.name}, round ${round + 1}: ours ${brief(ours[round])} (engine ${ours[round].engineMiB.toFixed(0)}), peer ${python ? brief({ ...peer[round], seconds: peer[round].processSeconds }) : 'not run'}`,
      );
    }
    const difference = python
      ? await largestDifference(join(folder, 'p-0.consilience'), join(folder, 'peer'), peer[0].scores)
      : null;
    return { name: one.name, networks: one.networks, images: one.images, ours, peer, difference };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function brief({
  seconds,
  processorSeconds,
  peakMiB,
}: Pick<Ours, 'seconds' | 'processorSeconds' | 'peakMiB'>): string {
  return `${seconds.toFixed(2)} s (${processorSeconds.toFixed(1)} s of processors), ${peakMiB.toFixed(0)} MiB`;
}

/** Networks, images and a recipe in a folder. */
async function prepare(one: Case, folder: string, batch?: string): Promise<string> {
  const isSample = one.name === 'samples';
  const file = (network: number) => join(folder, `net${network}.onnx`);
  for (let network = 1; network <= one.networks; network++) {
    if (isSample) symlinkSync(join(repositoryRoot, `samples/net${network}.onnx`), file(network));
    else architectures[one.name](file(network), network);
  }
  await writeImages(join(folder, 'images.npy'), one);
  const { tensors } = await inspectModel(file(1));
  const relus = tensors.filter(({ op }) => op === 'Relu').map(({ name }) => name);
  const recipe = {
    data: {
      images: 'images.npy',
      layout: isSample ? 'NHW' : 'NHWC',
      scale: 1 / 255,
      ...(!isSample && { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }),
    },
    networks: Array.from({ length: one.networks }, (_, at) => ({
      name: `Net${at + 1}`,
      model: `net${at + 1}.onnx`,
    })),
    layers: Object.entries(one.layers).map(([name, at]) => ({
      name,
      tensors: relus[at],
      sample: name.startsWith('fc') ? 'image' : 'position',
    })),
    folds: 'none',
    ...(batch && { batch: Number(batch) }),
    analyses: ['correlation', 'matching'],
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'recipe.yaml'), JSON.stringify(recipe));
  return join(folder, 'recipe.yaml');
}

/** The samples' digits, or coloured patches under noise. */
async function writeImages(path: string, { name, images }: Case): Promise<void> {
  if (name === 'samples') {
    const source = await openArraySource(join(repositoryRoot, 'samples/digits.npz'), 'images');
    const bytes = new Uint8Array(source.header.count);
    const stream = new SampleStream(source);
    await stream.fill(bytes);
    stream.close();
    writeFileSync(path, npyFile('|u1', source.header.shape, bytes));
    return;
  }
  const bytes = new Uint8Array(images * side * side * 3);
  const { nextFloat } = createRandom(1);
  const [patch, patches] = [28, side / 28];
  for (let image = 0, at = 0; image < images; image++) {
    const colours = Float32Array.from({ length: patches * patches * 3 }, () => 40 + 176 * nextFloat());
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        for (let channel = 0; channel < 3; channel++, at++) {
          const cell = (Math.floor(y / patch) * patches + Math.floor(x / patch)) * 3 + channel;
          bytes[at] = colours[cell] + 78 * (nextFloat() - 0.5);
        }
  }
  writeFileSync(path, npyFile('|u1', [images, side, side, 3], bytes));
}

async function runOurs(recipe: string, project: string): Promise<Ours> {
  const run = await measureCommand([
    ...['run', recipe, '--project', project, '--threads', String(threads), '--json'],
  ]);
  const { timings } = JSON.parse(run.stdout) as { timings: Record<string, number> };
  const { seconds, processorSeconds, commandMiB, engineMiB } = run;
  return { seconds, processorSeconds, peakMiB: commandMiB + engineMiB, engineMiB, timings };
}

/** Between our correlations and the peer's, and between the mean matches, over all pairs and layers. */
async function largestDifference(project: string, folder: string, scores: Peer['scores']): Promise<number> {
  const database = createDatabaseMethods();
  await database.open(project, 'open');
  let largest = 0;
  let compared = 0;
  for (const { id, analysis, a, b, headline } of await database.results()) {
    const name = `${a.layer}-${a.network}-${b.network}`;
    if (analysis === 'matching') {
      for (const [key, value] of Object.entries(scores[name]))
        largest = Math.max(largest, Math.abs(value - Number(headline[key])));
    } else {
      const { data } = await database.array(id, 'between');
      const bytes = readFileSync(join(folder, `${name}.f64`));
      const theirs = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
      if (theirs.length !== data.length) throw new Error(`${name}: the peer has another number of units.`);
      for (let at = 0; at < theirs.length; at++)
        largest = Math.max(largest, Math.abs(theirs[at] - Number(data[at])));
    }
    compared++;
  }
  await database.close();
  if (compared === 0) throw new Error('Nothing was compared.');
  return largest;
}

function median(values: number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[sorted.length >> 1];
}

function report(measured: Measured[]): void {
  const rows = measured.map(({ name, networks, images, ours, peer, difference }) => {
    const of = (pick: (run: Ours) => number) => median(ours.map(pick));
    const their = (pick: (run: Peer) => number) => (peer.length > 0 ? median(peer.map(pick)) : NaN);
    const time = [of((run) => run.seconds), their((run) => run.processSeconds)];
    const work = [of((run) => run.processorSeconds), their((run) => run.processorSeconds)];
    const memory = [of((run) => run.peakMiB), their((run) => run.peakMiB)];
    const both = ([mine, theirs]: number[], digits: number) =>
      `${mine.toFixed(digits)} / ${theirs.toFixed(digits)}`;
    const ratio = ([mine, theirs]: number[]) => (mine / theirs).toFixed(2);
    return [
      `${name}, ${networks} networks, ${images} images`,
      ...[both(time, 2), ratio(time), both(work, 1), ratio(work), both(memory, 0), ratio(memory)],
      difference === null ? '' : difference.toExponential(1),
    ];
  });
  const head = [
    'job',
    ...['s, ours / peer', `ratio (goal ${timeGoal})`, 'processor s', 'ratio'],
    ...['peak MiB', `ratio (goal ${memoryGoal})`, `largest difference (allowed ${allowedDifference})`],
  ];
  console.log(`${machineClass()}, ${threads} threads, medians\n\n${markdownTable(head, rows)}`);
  const parts = ['sessionMs', 'decodeWaitMs', 'inferenceMs', 'accumulateMs', 'analyseMs', 'storeMs'];
  for (const { name, ours } of measured) {
    const [{ timings }] = ours;
    console.log(`${name}: ${parts.map((part) => `${part} ${timings[part].toFixed(0)}`).join(', ')}`);
  }
  if (measured.some(({ difference }) => (difference ?? 0) > allowedDifference)) process.exitCode = 1;
}
