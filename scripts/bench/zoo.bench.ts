import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { layersByRole } from '../../core/layers/layer-roles.ts';
import { createRandom } from '../../core/random.ts';
import { runtime } from '../../native-workers/capture/runtime.ts';
import { openTappedSession } from '../../native-workers/capture/tapped-session.ts';
import { inspectModel } from '../../native-workers/onnx/inspect-model.ts';
import { architectures } from '../zoo/architectures.ts';

const batches = [1, 4, 16, 64];
const threads = availableParallelism();
const leastMs = 1500;

/**
 * Images a second of well-known architectures with seeded random weights (beside the model, as large exports keep them),
 * as they are and with their blocks, or else activations, tapped. `--only NAME`, `--batch N`.
 */
export async function bench(args: string[]): Promise<void> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const only = option('--only');
  const sizes = option('--batch') ? [Number(option('--batch'))] : batches;
  if (only !== undefined && !Object.hasOwn(architectures, only))
    throw new Error(`There is no network ${only}; there are ${Object.keys(architectures).join(', ')}.`);
  const folder = await mkdtemp(join(tmpdir(), 'consilience-zoo-'));
  try {
    console.log(`${threads} threads, 224 x 224 inputs, images a second`);
    for (const [name, write] of Object.entries(architectures)) {
      if (only && only !== name) continue;
      const path = join(folder, `${name}.onnx`);
      const weights = write(path, 1);
      const inspection = await inspectModel(path);
      const roles = layersByRole(inspection);
      const found =
        roles.find(({ role }) => role === 'block') ?? roles.find(({ role }) => role === 'activation');
      const tapped = found?.tensors ?? [];
      console.log(
        `\n${name}: ${(weights / 1e6).toFixed(1)} million weights, ${inspection.tensors.length} tensors, ${roles.map(({ role, tensors }) => `${role} ${tensors.length}`).join(', ')}`,
      );
      for (const batch of sizes) {
        const plain = await speed(path, ['logits'], batch);
        const taps = await speed(path, tapped, batch);
        console.log(
          `  batch ${String(batch).padStart(2)}  plain ${plain.toFixed(1).padStart(7)}  ${tapped.length} ${found?.role}s tapped ${taps.toFixed(1).padStart(7)}`,
        );
      }
      await Promise.all([rm(path), rm(`${path}.weights`)]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function speed(modelPath: string, tensors: string[], batch: number): Promise<number> {
  const choices = tensors.map((tensor) => ({ tensor, axes: null }));
  const { session, taps } = await openTappedSession({
    name: 'zoo',
    modelPath,
    tensors: choices,
    provider: 'cpu',
    threads,
  });
  try {
    const random = createRandom(1);
    const values = Float32Array.from({ length: batch * 3 * 224 * 224 }, () => random.nextFloat() * 2 - 1);
    const feeds = { images: new (runtime().Tensor)('float32', values, [batch, 3, 224, 224]) };
    const outputs = taps.map(({ output }) => output);
    await session.run(feeds, outputs);
    const started = performance.now();
    let images = 0;
    do {
      await session.run(feeds, outputs);
      images += batch;
    } while (performance.now() - started < leastMs);
    return (images * 1000) / (performance.now() - started);
  } finally {
    await session.release();
  }
}
