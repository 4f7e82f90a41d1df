import { createRandom } from '#core/random.ts';
import { binEdges } from '#core/numeric/mutual-information/bin-edges.ts';
import { mutualInformation } from '#core/numeric/mutual-information/mutual-information.ts';
import { KernelMemory } from '../../native-workers/accumulate/pack-units.ts';
import { JointCounter } from '../../native-workers/histograms/joint-counter.ts';
import type { KernelCase } from './kernel-case.ts';

const units = 256;
const samples = 200_000;
const bins = 10;
const batch = 20_000;

/** All pairs of 256 x 256 units at 200,000 samples, from activations to nats; bin edges given to both sides. */
export function mutualInformationCases(): Promise<KernelCase[]> {
  const against = (peer: string, goal: number): KernelCase => ({
    name: `mutual information ${units} x ${units}, N ${samples}, ${peer}`,
    goal,
    ours: allPairs,
    peer: { script: 'mutual_information.py', args: [peer, String(units), String(samples), String(bins)] },
  });
  return Promise.resolve([against('one-hot product', 0.8), against('histogram2d loop', 0.02)]);
}

async function allPairs(): Promise<number> {
  const memory = new KernelMemory();
  const parts = ['A', 'B'].map((network) => ({ network, units, source: memory.reserve(batch * units * 4) }));
  const { nextFloat } = createRandom(1);
  const some = Float32Array.from({ length: batch }, () => Math.max(0, nextFloat() - 0.5));
  const edges = new Float64Array(2 * units * (bins - 1));
  const own = binEdges(some, bins);
  for (let unit = 0; unit < 2 * units; unit++) edges.set(own, unit * (bins - 1));
  const counter = new JointCounter({
    parts,
    positions: 1,
    batch,
    memory,
    pairs: [[0, 1]],
    bins,
    edges,
    seed: 1,
    isShuffled: false,
  });
  memory.freeze();
  for (const { source } of parts) {
    const values = memory.float32(source, batch * units);
    for (let at = 0; at < values.length; at++) values[at] = Math.max(0, nextFloat() - 0.5);
  }
  const folds = new Uint8Array(batch);
  const started = performance.now();
  for (let first = 0; first < samples; first += batch) await counter.add(batch, folds);
  const [{ between }] = await counter.finish();
  let sum = 0;
  for (let pair = 0; pair < units * units; pair++)
    sum += mutualInformation(between, bins, pair * bins * bins).raw;
  if (!(sum > 0)) throw new Error('The benchmark computed nothing.');
  return (performance.now() - started) / 1000;
}
