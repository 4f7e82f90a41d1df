import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../core/random.ts';
import { BlockRing } from '../../native-workers/accumulate/block-ring.ts';
import { LayerAccumulator, packedBlockBytes } from '../../native-workers/accumulate/layer-accumulator.ts';
import { KernelMemory } from '../../native-workers/accumulate/pack-units.ts';
import { StateReader, StateWriter } from '../../native-workers/accumulate/saved-state.ts';
import { createDatabaseMethods } from '../../native-workers/database/methods.ts';
import { StateFile, writeStateFile } from '../../native-workers/files/state-file.ts';
import { chooseSymmetricProduct } from '../../native-workers/linalg/symmetric-product.ts';

interface Layer {
  /** Of each network. */
  units: number[];
  positions: number;
  /** Groups of images and shuffles. */
  runs: number;
  shuffles: number;
}

const everySeconds = 30;
const share = 0.02;
const batch = 64;

/** The four layers of the sample networks with everything that the whole ladder takes. */
const samples = [24, 48, 64, 128].map((units, layer): Layer => {
  const positions = [784, 196, 49, 1][layer];
  return { units: [units, units, units, units], positions, runs: 20, shuffles: 10 };
});
const plain = (units: number): Layer[] => [{ units: [units, units], positions: 1, runs: 1, shuffles: 0 }];

/**
 * `npm run bench -- checkpoints [2048 8192 ...]`: bytes of a checkpoint and the processor time of writing it, storing it
 * in a project and taking it up, for the samples' layers and for one layer of two networks of so many units.
 */
export async function bench(args: string[]): Promise<void> {
  const sizes = args.length > 0 ? args.map(Number) : [2048];
  console.log(
    'sums                          bytes    written (s, CPU s)   stored (s, CPU s)   read back   at most every   share',
  );
  await measure('samples, four layers', samples, 2);
  for (const units of sizes) await measure(`one layer, 2 x ${units} units`, plain(units), 1);
}

async function measure(title: string, layers: Layer[], folds: 1 | 2): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-checkpoints-'));
  try {
    const sums = await filled(layers, folds);
    const path = join(folder, 'pass.state');
    const written = await timed(async () => {
      const state = new StateWriter();
      for (const [layer, accumulator] of sums.entries()) {
        await accumulator.settle();
        accumulator.save(state.within(String(layer)));
      }
      return writeStateFile(path, state.arrays);
    });
    const database = createDatabaseMethods();
    await database.open(join(folder, 'p.consilience'), 'create', 'P');
    const timings = { sessionMs: 0, decodeWaitMs: 0, inferenceMs: 0, accumulateMs: 0 };
    const position = { done: batch, batch, made: {}, timings, skipped: [], notes: [] };
    const stored = await timed(async () =>
      database.putCheckpoint({ captureId: 'bench', position, arrays: written.value }),
    );
    const back = await timed(async () => {
      const state = await database.exportCheckpoint('bench', join(folder, 'back.state'));
      if (!state) throw new Error('The checkpoint is gone.');
      const file = new StateFile(state.arrays);
      const reader = new StateReader(file);
      for (const [layer, accumulator] of (await filled(layers, folds, true)).entries())
        accumulator.restore(reader.within(String(layer)));
      file.close();
    });
    await database.close();
    const cost = written.seconds + stored.cpu;
    const every = Math.max(everySeconds, (cost * (1 - share)) / share);
    const pair = ({ seconds, cpu }: { seconds: number; cpu: number }) =>
      `${seconds.toFixed(2)}, ${cpu.toFixed(2)}`.padStart(18);
    console.log(
      `${title.padEnd(26)} ${(statSync(path).size / 1e6).toFixed(1).padStart(7)} MB ${pair(written)} ${pair(stored)} ` +
        `${back.seconds.toFixed(2).padStart(9)} s ${every.toFixed(0).padStart(12)} s ${((100 * cost) / (every + cost)).toFixed(2).padStart(8)} %`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Accumulators that have seen a few batches of every run; empty ones where so asked. */
async function filled(layers: Layer[], folds: 1 | 2, isEmpty = false): Promise<LayerAccumulator[]> {
  const memory = new KernelMemory();
  const widths = layers.map(({ units }) => units.reduce((sum, count) => sum + count, 0));
  const product = await chooseSymmetricProduct(2, Math.max(...widths));
  const ring = new BlockRing(
    memory,
    Math.max(...layers.map(({ positions }, layer) => packedBlockBytes(widths[layer], positions, batch))),
  );
  const options = layers.map(({ units, positions, runs, shuffles }, layer) => ({
    ...{ layer: String(layer), positions, batch, folds, topK: 9, memory, ring, product },
    parts: units.map((count, network) => {
      const source = memory.reserve(batch * count * positions * 4);
      return { network: String(network), units: count, source };
    }),
    runs: Array.from({ length: runs }, (_, run) => (run + 1) * batch),
    shuffle: shuffles > 0 ? { count: shuffles, seed: 1 } : null,
  }));
  const sums = options.map((option) => new LayerAccumulator(option));
  memory.freeze();
  if (isEmpty) return sums;
  const { nextFloat } = createRandom(1);
  for (const { parts, positions } of options)
    for (const { source, units } of parts) {
      const values = memory.float32(source, batch * units * positions);
      for (let at = 0; at < values.length; at++) values[at] = nextFloat();
    }
  const foldOf = Uint8Array.from({ length: batch }, (_, image) => (folds === 2 && image % 4 === 0 ? 1 : 0));
  for (const [layer, accumulator] of sums.entries())
    for (let run = 0; run < layers[layer].runs; run++)
      await accumulator.add(
        Int32Array.from({ length: batch }, (_, image) => run * batch + image),
        foldOf,
      );
  return sums;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number; cpu: number }> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, seconds: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 };
}
