import type { AlignInput, SharedMoments, TaskContext, UnitRange } from '#workers/align/task.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { createJointMoments, jointMomentsByteLength } from '#core/numeric/moments/joint-moments.ts';
import type { JointMoments } from '#core/numeric/moments/joint-moments.ts';
import { createRandom, shuffle, type Random } from '#core/random.ts';
import type { AnalysisName, AnalysisNamed } from '#core/domain/recipe.ts';

/** Moments of stored samples [rows x units], by the two-pass formula. */
export function momentsOfRows(rows: Float64Array, units: number, buffer?: SharedArrayBuffer): JointMoments {
  const n = rows.length / units;
  const moments = createJointMoments(units, buffer, n);
  const { mean, m2 } = moments;
  for (let at = 0; at < rows.length; at++) mean[at % units] += rows[at] / n;
  for (let sample = 0; sample < n; sample++) {
    for (let i = 0; i < units; i++) {
      const di = rows[sample * units + i] - mean[i];
      for (let j = i; j < units; j++) m2[i * units + j] += di * (rows[sample * units + j] - mean[j]);
    }
  }
  return moments;
}

export function shared(rows: Float64Array, units: number): SharedMoments {
  const buffer = new SharedArrayBuffer(jointMomentsByteLength(units));
  const { n } = momentsOfRows(rows, units, buffer);
  const dead = Uint8Array.from({ length: units }, (_, i) => isConstant(rows, units, i));
  return { n, units, buffer, dead };
}

function isConstant(rows: Float64Array, units: number, unit: number): 0 | 1 {
  for (let at = unit; at < rows.length; at += units) if (rows[at] !== rows[unit]) return 0;
  return 1;
}

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.nextFloat())) * Math.cos(2 * Math.PI * random.nextFloat());

/** Networks whose units are, or are not, noisy copies of shared features, on images of several positions. */
export interface Plan {
  images: number;
  positions: number;
  /** Per network: feature of each unit; a feature that no other network has is private; -1 = a dead unit. */
  features: number[][];
  /** Standard deviation of each unit's own noise beside a feature of deviation 1. */
  noise: number;
  /** 0 = positions independent; near 1 = all positions of an image alike. One for all, or one per feature. */
  smoothness: number | number[];
  seed: number;
}

/** [images x positions x joint units] */
function plant(plan: Plan): { values: Float64Array; units: number } {
  const { images, positions, features, noise, smoothness, seed } = plan;
  const random = createRandom(seed);
  const units = features.flat().length;
  const count = Math.max(...features.flat()) + 1;
  const values = new Float64Array(images * positions * units);
  for (let image = 0; image < images; image++) {
    const smooth = (feature: number): number =>
      typeof smoothness === 'number' ? smoothness : (smoothness[feature] ?? 0);
    const source = Array.from({ length: count }, (_, feature) =>
      smoothSeries(positions, smooth(feature), random),
    );
    const own = features.flat().map((feature) => smoothSeries(positions, smooth(feature), random));
    for (let position = 0; position < positions; position++) {
      features.flat().forEach((feature, unit) => {
        const at = (image * positions + position) * units + unit;
        values[at] = feature < 0 ? 3 : source[feature][position] + noise * own[unit][position];
      });
    }
  }
  return { values, units };
}

/** A stationary series of deviation 1 whose neighbours correlate by `smoothness`. */
function smoothSeries(length: number, smoothness: number, random: Random): Float64Array {
  const series = new Float64Array(length);
  for (let k = 0; k < length; k++) {
    const fresh = normal(random);
    series[k] = k === 0 ? fresh : smoothness * series[k - 1] + Math.sqrt(1 - smoothness ** 2) * fresh;
  }
  return series;
}

/** What the engine hands to a task for planted networks: training and test fold, blocks, shuffles. */
export function inputOf<Name extends AnalysisName>(
  plan: Plan,
  analysis: AnalysisNamed<Name>,
  { blocks = 20, nulls = 10, testShare = 0 } = {},
): AlignInput<Name> {
  const { values, units } = plant(plan);
  const perImage = plan.positions * units;
  const trainImages = plan.images - Math.round(testShare * plan.images);
  const train = values.subarray(0, trainImages * perImage);
  const test = values.subarray(trainImages * perImage);
  const ranges = rangesOf(plan.features);
  return {
    analysis,
    a: ranges[0],
    b: ranges[1],
    networks: ranges.map((range, k) => ({ name: `Net${k + 1}`, range })),
    layers: null,
    images: trainImages,
    train: shared(train, units),
    test: test.length === 0 ? null : shared(test, units),
    blocks: Array.from({ length: blocks }, (_, block) =>
      shared(
        imagesWhere(train, perImage, (image) => image % blocks === block),
        units,
      ),
    ),
    nulls: Array.from({ length: nulls }, (_, k) =>
      shared(shuffled(train, perImage, ranges, units, k), units),
    ),
    sample: null,
    second: null,
  };
}

function rangesOf(features: number[][]): UnitRange[] {
  let start = 0;
  return features.map(({ length }) => {
    const range = { start, count: length };
    start += length;
    return range;
  });
}

function imagesWhere(values: Float64Array, perImage: number, keep: (image: number) => boolean): Float64Array {
  const chosen = [];
  for (let image = 0; image < values.length / perImage; image++) {
    if (keep(image)) chosen.push(...values.subarray(image * perImage, (image + 1) * perImage));
  }
  return Float64Array.from(chosen);
}

/** Every network's images in an order of their own, positions kept. */
function shuffled(values: Float64Array, perImage: number, ranges: UnitRange[], units: number, seed: number) {
  const images = values.length / perImage;
  const result = values.slice();
  const random = createRandom(1000 + seed);
  for (const { start, count } of ranges) {
    const order = shuffle(
      Uint32Array.from({ length: images }, (_, image) => image),
      random,
    );
    for (let image = 0; image < images; image++) {
      for (let at = 0; at < perImage; at += units) {
        const from = order[image] * perImage + at + start;
        result.set(values.subarray(from, from + count), image * perImage + at + start);
      }
    }
  }
  return result;
}

/** A task context that counts nothing and never cancels; linear algebra is refused unless given. */
export function quietContext(algebra?: TaskContext['algebra']): TaskContext {
  return { checkpoint: () => {}, progress: () => {}, algebra: algebra ?? pureLinearAlgebra };
}
