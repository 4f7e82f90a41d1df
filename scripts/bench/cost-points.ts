import { createRandom } from '#core/random.ts';
import { affinity } from '#core/numeric/clustering/affinity.ts';
import { cutGraph } from '#core/numeric/clustering/cut-graph.ts';
import { normalisedLaplacian } from '#core/numeric/clustering/normalised-laplacian.ts';
import { smallestEigenpairs } from '#core/numeric/clustering/smallest-eigenpairs.ts';
import { binEdges } from '#core/numeric/mutual-information/bin-edges.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { canonicalCorrelations } from '#core/numeric/subspaces/canonical-correlations.ts';
import { linearCka } from '#core/numeric/subspaces/linear-cka.ts';
import { swapped, type PairMoments } from '#core/numeric/subspaces/pair-moments.ts';
import { principalComponents } from '#core/numeric/subspaces/principal-components.ts';
import { KernelMemory } from '../../native-workers/accumulate/pack-units.ts';
import { sparseMappingRange } from '../../native-workers/align/sparse-mapping-parts.ts';
import { JointCounter } from '../../native-workers/histograms/joint-counter.ts';
import { openLinearAlgebra } from '../../native-workers/linalg/choose-algebra.ts';
import { chooseSymmetricProduct } from '../../native-workers/linalg/symmetric-product.ts';

/** A method, the axis it is followed along, the sizes, and one run that returns its seconds. */
export interface CostCurve {
  name: string;
  axis: 'units' | 'samples';
  sizes: number[];
  run(size: number): Promise<number>;
}

const units = [128, 256, 512, 1024, 2048, 4096];
const samples = [10_000, 100_000, 1_000_000];

export const costCurves: CostCurve[] = [
  { name: 'optimal matching', axis: 'units', sizes: units, run: matching },
  {
    name: 'sparse mapping, 6 alphas',
    axis: 'units',
    sizes: units.slice(0, 4),
    run: (n) => sparseMapping(n, n),
  },
  {
    // What a wide layer takes by the target: the inverse of the sources' correlations is made once for all.
    name: 'sparse mapping of 16 targets, 6 alphas',
    axis: 'units',
    sizes: units.slice(3),
    run: (n) => sparseMapping(n, 16),
  },
  { name: 'spectral clusters, k 8', axis: 'units', sizes: units, run: clusters },
  { name: 'CCA from moments', axis: 'units', sizes: units, run: cca },
  { name: 'CKA from moments', axis: 'units', sizes: units, run: cka },
  {
    name: 'mutual information, 20,000 samples',
    axis: 'units',
    sizes: units.slice(0, 4),
    run: (n) => information(n, 20_000),
  },
  { name: 'moments, 100,000 samples', axis: 'units', sizes: units, run: (n) => moments(n, 100_000) },
  { name: 'moments, 512 units', axis: 'samples', sizes: samples, run: (n) => moments(512, n) },
  { name: 'mutual information, 128 units', axis: 'samples', sizes: samples, run: (n) => information(128, n) },
];

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function matching(n: number): Promise<number> {
  const { nextFloat } = createRandom(n);
  const score = Float64Array.from({ length: n * n }, () => (nextFloat() + nextFloat() - 1) / 5);
  for (let unit = 0; unit < n; unit++) score[unit * n + ((unit * 7 + 3) % n)] = 0.3 + 0.6 * nextFloat();
  return timed(() => linearAssignment(score, n, n));
}

async function sparseMapping(n: number, targets: number): Promise<number> {
  const { xx, xy } = await correlations(n);
  const all = Int32Array.from({ length: n }, (_, unit) => unit);
  const between = Float64Array.from(xy, (_, at) => xy[(at % n) * n + Math.floor(at / n)]);
  const problem = { sources: all, targets: all, gram: xx, between };
  const alphas = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001];
  return timed(() => sparseMappingRange(problem, { start: 0, count: targets }, alphas, () => {}));
}

async function clusters(n: number): Promise<number> {
  const algebra = await openLinearAlgebra();
  const { xx } = await correlations(n);
  return timed(async () => {
    const w = affinity('abs', n, xx);
    const { laplacian } = normalisedLaplacian(n, w);
    const { vectors } = await smallestEigenpairs(n, laplacian, 8, algebra);
    return cutGraph(n, w, vectors, 8, 10, 0);
  });
}

async function cca(n: number): Promise<number> {
  const algebra = await openLinearAlgebra();
  const pair = await correlations(n);
  return timed(async () => {
    const x = await principalComponents(n, pair.xx, algebra);
    const y = await principalComponents(n, swapped(pair).xx, algebra);
    return canonicalCorrelations(pair, x, y, algebra);
  });
}

async function cka(n: number): Promise<number> {
  const pair = await correlations(n);
  return timed(() => linearCka(pair));
}

/** Correlations of two networks whose units mix n / 8 shared factors with noise, from 2 n samples. */
async function correlations(n: number): Promise<PairMoments> {
  const algebra = await openLinearAlgebra();
  const { nextFloat } = createRandom(n);
  const [rows, factors] = [2 * n, n / 8];
  const uniform = (length: number) =>
    Float64Array.from({ length }, () => Math.sqrt(12) * (nextFloat() - 0.5));
  const shared = uniform(rows * factors);
  const network = async () => {
    const x = await algebra.multiply(rows, factors, n, shared, uniform(factors * n));
    const square = new Float64Array(n);
    for (let at = 0; at < x.length; at++) {
      x[at] = x[at] / Math.sqrt(factors) + Math.sqrt(12) * (nextFloat() - 0.5);
      square[at % n] += x[at] ** 2;
    }
    return x.map((value, at) => value / Math.sqrt(square[at % n]));
  };
  const [x, y] = [await network(), await network()];
  return {
    n: rows,
    p: n,
    q: n,
    xx: await algebra.gram(rows, n, x),
    yy: await algebra.gram(rows, n, y),
    xy: await algebra.multiply(n, rows, n, x, y, { a: true }),
  };
}

/** Joint second moments of two networks of n / 2 units, packed batches of 4,096 samples at a time. */
async function moments(n: number, count: number): Promise<number> {
  const product = await chooseSymmetricProduct(2, n);
  const { nextFloat } = createRandom(n);
  const width = 4096;
  const batch = Float32Array.from({ length: n * width }, () => nextFloat() - 0.5);
  const into = new Float32Array(n * n);
  return timed(async () => {
    for (let done = 0; done < count; done += width)
      await product.add(n, Math.min(width, count - done), batch, width, into);
  });
}

/** All pairs of two networks of n units. */
async function information(n: number, count: number): Promise<number> {
  const [bins, batch] = [10, 10_000];
  const memory = new KernelMemory();
  const parts = ['A', 'B'].map((network) => ({ network, units: n, source: memory.reserve(batch * n * 4) }));
  const { nextFloat } = createRandom(n);
  const some = Float32Array.from({ length: batch }, () => Math.max(0, nextFloat() - 0.5));
  const edges = new Float64Array(2 * n * (bins - 1));
  for (let unit = 0; unit < 2 * n; unit++) edges.set(binEdges(some, bins), unit * (bins - 1));
  const pairs: [number, number][] = [[0, 1]];
  const counter = new JointCounter({
    ...{ parts, positions: 1, batch, memory, pairs, bins, edges, seed: 1, isShuffled: false },
  });
  memory.freeze();
  for (const { source } of parts) {
    const values = memory.float32(source, batch * n);
    for (let at = 0; at < values.length; at++) values[at] = Math.max(0, nextFloat() - 0.5);
  }
  return timed(async () => {
    for (let done = 0; done < count; done += batch) await counter.add(batch, new Uint8Array(batch));
    return counter.finish();
  });
}
