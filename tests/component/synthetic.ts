import type { ProjectLayer, ProjectRun, ProjectSummary } from '#core/domain/project.ts';
import type { ResultEntry, UnitStatistics } from '#core/domain/result.ts';
import type { PairTable } from '#core/ipc/areas/result.ts';

/** Networks that share part of their units: invented numbers with the shape of real ones, the same every time. */

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const dimensions = 36;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface LayerPlan {
  name: string;
  units: number;
  noise: number;
  samples: number;
}

export const layerPlans: LayerPlan[] = [
  { name: 'conv1', units: 24, noise: 0.35, samples: 1_568_000 },
  { name: 'conv2', units: 48, noise: 0.7, samples: 392_000 },
  { name: 'conv3', units: 64, noise: 0.95, samples: 98_000 },
  { name: 'fc1', units: 128, noise: 1.15, samples: 2_000 },
];
const networkNames = ['Net1', 'Net2', 'Net3', 'Net4'];

/** Unit vectors of the units of one network: cosines between them are the correlations. */
function unitVectors(plan: LayerPlan, network: number): Float64Array[] {
  const shared = generator(plan.units);
  const own = generator(plan.units * 31 + network);
  const concepts = Array.from({ length: plan.units }, () =>
    Float64Array.from({ length: dimensions }, () => normal(shared)),
  );
  const order = concepts.map((_concept, at) => at).sort(() => own() - 0.5);
  return order.map((concept) => {
    const noise = plan.noise * (0.3 + 1.4 * own());
    const vector = concepts[concept].map((value) => value + noise * normal(own));
    const norm = Math.hypot(...vector);
    return vector.map((value) => value / norm);
  });
}

export interface Matrix {
  rows: number;
  cols: number;
  values: Float32Array;
}

function cosines(x: Float64Array[], y: Float64Array[]): Matrix {
  const values = new Float32Array(x.length * y.length);
  x.forEach((u, row) =>
    y.forEach(
      (v, col) => (values[row * y.length + col] = u.reduce((sum, value, at) => sum + value * v[at], 0)),
    ),
  );
  return { rows: x.length, cols: y.length, values };
}

export interface PairResult {
  withinA: Matrix;
  withinB: Matrix;
  between: Matrix;
  permuted: Matrix;
  table: PairTable;
  order: Int32Array;
  headline: { semiMean: number; matchMean: number; agreement: number };
}

const results = new Map<string, PairResult>();

export function pairResult(layer: string, a: string, b: string): PairResult {
  const key = `${layer}/${a}/${b}`;
  const known = results.get(key);
  if (known) return known;
  const made = makePair(layerPlans.find((plan) => plan.name === layer) ?? layerPlans[0], a, b);
  results.set(key, made);
  return made;
}

function makePair(plan: LayerPlan, a: string, b: string): PairResult {
  const x = unitVectors(plan, networkNames.indexOf(a));
  const y = unitVectors(plan, networkNames.indexOf(b));
  const between = cosines(x, y);
  const semi = x.map((_u, row) => argmax(between, row));
  const match = greedyMatch(between);
  const valueAt = (row: number, col: number) => between.values[row * y.length + col];
  const statistics = unitStatistics(plan, a);
  const partner = unitStatistics(plan, b);
  const permuted = new Float32Array(between.values.length);
  x.forEach((_u, row) => match.forEach((col, at) => (permuted[row * y.length + at] = valueAt(row, col))));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    withinA: cosines(x, x),
    withinB: cosines(y, y),
    between,
    permuted: { ...between, values: permuted },
    order: match,
    table: {
      unitA: Int32Array.from(x.keys()),
      matchB: match,
      matchValue: Float64Array.from(match, (col, row) => valueAt(row, col)),
      semiB: Int32Array.from(semi),
      semiValue: Float64Array.from(semi, (col, row) => valueAt(row, col)),
      meanA: statistics.mean,
      meanB: Float64Array.from(match, (col) => partner.mean[col]),
      deadA: statistics.dead,
      deadB: Uint8Array.from(match, (col) => partner.dead[col]),
    },
    headline: {
      semiMean: mean(semi.map((col, row) => valueAt(row, col))),
      matchMean: mean(Array.from(match, (col, row) => valueAt(row, col))),
      agreement: mean(semi.map((col, row) => Number(col === match[row]))),
    },
  };
}

function argmax({ cols, values }: Matrix, row: number): number {
  let best = 0;
  for (let col = 1; col < cols; col++) if (values[row * cols + col] > values[row * cols + best]) best = col;
  return best;
}

/** Good enough for a picture: largest correlations first. */
function greedyMatch({ rows, cols, values }: Matrix): Int32Array {
  const match = new Int32Array(rows).fill(-1);
  const taken = new Set<number>();
  const cells = Array.from(values.keys()).sort((i, j) => values[j] - values[i]);
  for (const cell of cells) {
    const [row, col] = [Math.floor(cell / cols), cell % cols];
    if (match[row] >= 0 || taken.has(col)) continue;
    match[row] = col;
    taken.add(col);
  }
  return match;
}

export function unitStatistics(plan: LayerPlan, network: string): UnitStatistics {
  const random = generator(plan.units * 7 + networkNames.indexOf(network));
  const column = (make: () => number) => Float64Array.from({ length: plan.units }, make);
  const dead = Uint8Array.from({ length: plan.units }, (_value, unit) =>
    Number(plan.name === 'fc1' && unit === 17),
  );
  return {
    mean: column(() => random() * 1.4),
    std: column(() => 0.2 + random()),
    min: column(() => 0),
    max: column(() => 3 + 4 * random()),
    fractionZero: column(() => random() * 0.8),
    lifetimeSparseness: column(() => random()),
    kurtosis: column(() => 2 + 8 * random()),
    dead,
  };
}

export function makeRun(id = 'run-1', title = 'Digits, four seeds'): ProjectRun {
  const results = layerPlans.flatMap(({ name }) =>
    networkNames.flatMap((a, at) =>
      networkNames
        .slice(at + 1)
        .flatMap((b) => [entry('correlation', name, a, b), entry('matching', name, a, b)]),
    ),
  );
  return {
    id,
    title,
    createdAt: '2026-11-23T20:15:00.000Z',
    recipe: recipeText,
    data: {
      file: 'digits.npz',
      sha256: '3993df4963ee91df0876f06d1a37931231350e456b9b9950ef7e88638d8af3f1',
      images: 2000,
    },
    networks: networkNames.map((name) => ({
      name,
      file: `${name.toLowerCase()}.onnx`,
      sha256: '9373e1cbcc50a674697aa0621b5a0204bd7690f1dc508a1bc06c696b4e1ca3ab',
      provider: { asked: 'auto', used: 'cpu', fallbackReason: 'CUDA was not found, so the CPU was used.' },
    })),
    layers: layerPlans.map(makeLayer),
    results,
  };
}

function makeLayer(plan: LayerPlan, at: number): ProjectLayer {
  const each = <T>(value: T) => Object.fromEntries(networkNames.map((name) => [name, value]));
  return {
    name: plan.name,
    tensors: each(at === 0 ? '/Relu_output_0' : `/Relu_${at}_output_0`),
    sample: plan.name === 'fc1' ? 'image' : 'position',
    units: each(plan.units),
    deadUnits: each(plan.name === 'fc1' ? 1 : 0),
    samples: plan.samples,
    testSamples: 0,
  };
}

function entry(analysis: 'correlation' | 'matching', layer: string, a: string, b: string): ResultEntry {
  const plan = layerPlans.find((candidate) => candidate.name === layer) ?? layerPlans[0];
  return {
    id: `${analysis}/${layer}/${a}/${b}`,
    analysis,
    a: { network: a, layer },
    b: { network: b, layer },
    params: analysis === 'matching' ? { score: 'correlation' } : {},
    headline:
      analysis === 'matching'
        ? pairResult(layer, a, b).headline
        : { samples: plan.samples, unitsA: plan.units, unitsB: plan.units, deadA: 0, deadB: 0 },
  };
}

export function makeProject(runs: ProjectRun[] = [makeRun()]): ProjectSummary {
  return { title: 'Digits', fileName: 'digits.consilience', schemaVersion: 1, runs };
}

const recipeText = `title: Digits, four seeds
data:
  images: digits.npz
  key: images
  layout: NHW
  scale: 0.00392156862745098
networks:
  - {name: Net1, model: net1.onnx}
  - {name: Net2, model: net2.onnx}
  - {name: Net3, model: net3.onnx}
  - {name: Net4, model: net4.onnx}
layers:
  - {name: conv1, tensors: /Relu_output_0, sample: position}
  - {name: conv2, tensors: /Relu_1_output_0, sample: position}
  - {name: conv3, tensors: /Relu_2_output_0, sample: position}
  - {name: fc1, tensors: /Relu_3_output_0, sample: image}
analyses:
  - correlation
  - matching
`;
