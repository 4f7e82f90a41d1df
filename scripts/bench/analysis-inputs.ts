import { createRandom } from '#core/random.ts';
import { needsOf } from '#core/domain/analysis-needs.ts';
import type { RecipeAnalysis } from '#core/domain/recipe.ts';
import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { jointMomentsByteLength } from '#core/numeric/moments/joint-moments.ts';
import {
  momentsOf,
  type AlignInput,
  type MatchingInformation,
  type SharedMoments,
} from '../../native-workers/align/task.ts';

const layers = 4;
const [groups, shuffles, rowsPerGroup, sampleRows, bins] = [20, 10, 200, 1000, 10];
/** A pass takes as many groups as fit. */
const groupBytes = 2 ** 30;
/** A picture of the sample networks' size. */
const averageInput = { images: 1500, channels: 1, rows: 28, cols: 28 };

/**
 * What an analysis reads of networks whose units mix shared factors with noise of their own, as independently trained
 * ones do.
 *
 * @param units of each network; @param hasGroups whether there are moments of groups of images
 */
export async function analysisInput(
  analysis: RecipeAnalysis,
  units: number,
  hasGroups: boolean,
  algebra: LinearAlgebra,
): Promise<AlignInput> {
  const needs = needsOf(analysis);
  const networks = needs.scope === 'group' ? 4 : 2;
  const total = networks * units;
  const samples = groups * rowsPerGroup;
  const taken = Math.min(groups, Math.floor(groupBytes / (total ** 2 * 8)));
  const { nextFloat } = createRandom(units);
  const all = await mixedRows(samples, total, Math.max(2, Math.round(units / 4)), nextFloat, algebra);
  const whole = await momentsOfRows(all, samples, total, algebra);
  const ofGroup = async (group: number) => {
    const rows = all.subarray(group * rowsPerGroup * total, (group + 1) * rowsPerGroup * total);
    const { mean, m2 } = await momentsOfRows(rows, rowsPerGroup, total, algebra);
    return shared(rowsPerGroup, mean, m2);
  };
  const each = async (count: number, make: (index: number) => Promise<SharedMoments>) => {
    const list: SharedMoments[] = [];
    for (let index = 0; index < count; index++) list.push(await make(index));
    return list;
  };
  const range = (network: number) => ({ start: network * units, count: units });
  const layerRanges = (network: number) =>
    Array.from({ length: layers }, (_, layer) => ({
      start: network * units + Math.floor((layer * units) / layers),
      count: Math.floor(((layer + 1) * units) / layers) - Math.floor((layer * units) / layers),
    }));
  const names = Array.from({ length: layers }, (_, layer) => `layer ${layer}`);
  const pixels = averageInput.channels * averageInput.rows * averageInput.cols;
  return {
    analysis,
    a: range(0),
    b: range(1),
    networks: Array.from({ length: networks }, (_, at) => ({ name: `Net${at}`, range: range(at) })),
    layers: analysis.name === 'layer-map' ? { names, a: layerRanges(0), b: layerRanges(1) } : null,
    images: samples,
    train: shared(samples, whole.mean, whole.m2),
    test: await ofGroup(0),
    blocks: needs.blocks && hasGroups ? await each(taken, ofGroup) : [],
    nulls: await each(needs.shuffles ? shuffles : 0, async (shuffle) =>
      nullOf(samples, whole, momentsOf(await ofGroup(shuffle)).m2, total, units),
    ),
    sample: needs.sample
      ? { rows: sampleRows, values: Float32Array.from(all.subarray(0, sampleRows * total)) }
      : null,
    averageInput: needs.averageInputs
      ? { ...averageInput, values: Float32Array.from({ length: total * pixels }, nextFloat) }
      : null,
    second: {
      squaredNorms: Float64Array.from({ length: networks ** 2 }, () => total * 100),
      matching: analysis.name === 'mutual-information' ? information(total, units, nextFloat) : null,
      graph: [],
    },
  };
}

/** [rows x total] activations, group of images after group. */
async function mixedRows(
  rows: number,
  total: number,
  factors: number,
  nextFloat: () => number,
  algebra: LinearAlgebra,
): Promise<Float64Array> {
  const noise = () => Math.sqrt(12) * (nextFloat() - 0.5);
  const loadings = Float64Array.from({ length: factors * total }, () => noise() / Math.sqrt(factors));
  const source = Float64Array.from({ length: rows * factors }, noise);
  const mixed = await algebra.multiply(rows, factors, total, source, loadings);
  for (let at = 0; at < mixed.length; at++) mixed[at] = Math.max(0, mixed[at] + 0.5 * noise());
  return mixed;
}

async function momentsOfRows(rows: Float64Array, n: number, p: number, algebra: LinearAlgebra) {
  const mean = new Float64Array(p);
  for (let at = 0; at < rows.length; at++) mean[at % p] += rows[at] / n;
  const centred = rows.map((value, at) => value - mean[at % p]);
  return { mean, m2: await algebra.gram(n, p, centred) };
}

function shared(n: number, mean: Float64Array, m2: Float64Array): SharedMoments {
  const units = mean.length;
  const buffer = new SharedArrayBuffer(jointMomentsByteLength(units));
  new Float64Array(buffer, 0, units).set(mean);
  new Float64Array(buffer, units * 8, units * units).set(m2);
  return { n, units, buffer, dead: new Uint8Array(units) };
}

/** Small correlations between networks, as shuffled images leave. */
function nullOf(
  samples: number,
  whole: { mean: Float64Array; m2: Float64Array },
  other: Float64Array,
  p: number,
  units: number,
): SharedMoments {
  const m2 = whole.m2.map((value, at) => {
    const isBetween = Math.floor(Math.floor(at / p) / units) !== Math.floor((at % p) / units);
    return isBetween ? 0.05 * other[at] : value;
  });
  return shared(samples, whole.mean, m2);
}

function information(total: number, units: number, nextFloat: () => number): MatchingInformation {
  const matrix = (scale: number) => Float64Array.from({ length: units * units }, () => scale * nextFloat());
  const entropies = () => new Float64Array(units).fill(Math.log(bins));
  const edges = Float64Array.from({ length: total * (bins - 1) }, (_, at) => at % (bins - 1));
  const samples = 20 * bins * bins;
  return {
    ...{ bins, edges, edgeSamples: samples, samples },
    ...{ information: matrix(1), corrected: matrix(1), shuffled: matrix(0.05) },
    ...{ entropyA: entropies(), entropyB: entropies() },
  };
}
