import type { NamedArray } from '#core/domain/result.ts';
import { prepareBlocks } from '#core/numeric/certainty/block-moments.ts';
import { bootstrapWeights } from '#core/numeric/certainty/block-weights.ts';
import { falseDiscovery } from '#core/numeric/certainty/false-discovery.ts';
import { nullCorrelation } from '#core/numeric/certainty/null-correlation.ts';
import { bootstrapPairs } from '#core/numeric/certainty/pair-bootstrap.ts';
import { percentileInterval } from '#core/numeric/certainty/percentile.ts';
import { nullPValues, shuffleNull } from '#core/numeric/certainty/shuffle-null.ts';
import { convergence, type Convergence } from '#core/numeric/many-networks/convergence.ts';
import { cycleConsistency } from '#core/numeric/many-networks/cycle-consistency.ts';
import { matchAllPairs, type PairMatching } from '#core/numeric/many-networks/pair-matchings.ts';
import { correlationBlock, deadIn } from './correlation-block.ts';
import { profileRows } from './profile-arrays.ts';
import { indices, matrix, momentsOf, values } from './task.ts';
import type { AlignInput, AlignOutput, TaskContext, UnitRange } from './task.ts';

/** The bootstrap of the mean over all pairs; the recipe has no option for it. */
const bootstrap = { resamples: 1000, level: 0.95, seed: 0 };

type Input = AlignInput<'many-networks'>;

/**
 * All networks of the group at once (methods section 9): which units the others learned too, whether matchings agree
 * round a cycle, and the mean match over all pairs. `input.a` and `input.b` are not read.
 */
export async function manyNetworksTask(input: Input, context: TaskContext): Promise<AlignOutput> {
  const { checkpoint, progress } = context;
  const { networks, train, analysis } = input;
  const ranges = networks.map(({ range }) => range);
  const dead = ranges.map((range) => deadIn(train, range));
  const sizes = ranges.map(({ count }) => count);
  const score = (i: number, j: number): Float64Array => correlationBlock(train, ranges[i], ranges[j]);
  const pairs = matchAllPairs(sizes, score, checkpoint);
  progress(1, 3);
  const plain = convergence(pairs, dead, (pair, row) => pairs[pair].forwardValue[row] >= analysis.threshold);
  const cycles = cycleConsistency(pairs, dead);
  const headline: Record<string, number> = {
    networks: networks.length,
    pairs: pairs.length,
    samples: train.n,
    threshold: analysis.threshold,
    ...verdicts('', plain),
    triples: cycles.triples,
  };
  if (cycles.completed > 0) {
    headline.cycleConsistency = cycles.share;
    headline.cycleChance = cycles.chance;
  }
  if (pairs.length > 0) addMeanMatch(headline, input, pairs, ranges, checkpoint);
  const arrays = describeUnits(train.units, ranges, dead, plain, networks.length);
  arrays.push(perUnit('cycle-started', train.units, ranges, cycles.started));
  arrays.push(perUnit('cycle-returned', train.units, ranges, cycles.returned));
  arrays.push(matrix('pair-match-mean', sizes.length, sizes.length, meanMatrix(pairs, sizes.length)));
  progress(2, 3);
  if (input.nulls.length >= 3 && pairs.length > 0) {
    const calibrated = convergence(pairs, dead, passesNull(input, pairs, ranges, dead, checkpoint));
    Object.assign(headline, verdicts('calibrated', calibrated), {
      fdr: analysis.fdr,
      shuffles: input.nulls.length,
    });
    arrays.push(...heldArrays('-calibrated', train.units, ranges, calibrated, networks.length));
  }
  const profile = await profileRows(
    train,
    ranges,
    train.units,
    ranges.map(({ start }) => start),
    context,
  );
  arrays.push(
    matrix('profile', train.units, profile.dimensions, profile.scores),
    profile.share,
    ...profile.nearest,
  );
  return { headline, arrays };
}

function verdicts(prefix: string, { inAll, inSome, inOne, live, mean }: Convergence): Record<string, number> {
  const key = (name: string): string =>
    prefix === '' ? name : prefix + name.charAt(0).toUpperCase() + name.slice(1);
  const found = { [key('foundInAll')]: inAll, [key('foundInSome')]: inSome, [key('foundInOne')]: inOne };
  return { ...found, [key('convergenceMean')]: mean, ...(prefix === '' ? { liveUnits: live } : {}) };
}

/** Mean match over all pairs of networks; its interval keeps every pair's partners and resamples all alike. */
function addMeanMatch(
  headline: Record<string, number>,
  { blocks, train }: Input,
  pairs: PairMatching[],
  ranges: UnitRange[],
  checkpoint: () => void,
): void {
  headline.matchMean = pairs.reduce((sum, { mean }) => sum + mean, 0) / pairs.length;
  if (blocks.length < 2) return;
  const prepared = prepareBlocks(blocks.map(momentsOf));
  const weights = bootstrapWeights(blocks.length, bootstrap.resamples, bootstrap.seed);
  const means = new Float64Array(bootstrap.resamples);
  for (const { first, second, forward } of pairs) {
    const matched = Math.min(ranges[first].count, ranges[second].count);
    if (matched === 0) continue;
    const rows = Int32Array.from(forward, (_, row) => ranges[first].start + row);
    const cols = Int32Array.from(forward, (col) => (col < 0 ? -1 : ranges[second].start + col));
    const r = bootstrapPairs(prepared, rows, cols, weights, train.dead, checkpoint);
    r.forEach((value, at) => (means[Math.floor(at / rows.length)] += value / (matched * pairs.length)));
  }
  const { low, high } = percentileInterval(means, bootstrap.level);
  Object.assign(headline, {
    matchMeanLow: low,
    matchMeanHigh: high,
    blocks: blocks.length,
    level: bootstrap.level,
  });
}

/** Whether a match is a discovery among all pairs of units of its two networks, by the shuffled-image null. */
function passesNull(
  { train, nulls, analysis }: Input,
  pairs: PairMatching[],
  ranges: UnitRange[],
  dead: Uint8Array[],
  checkpoint: () => void,
): (pair: number, row: number) => boolean {
  const found = pairs.map(({ first, second, forward }) => {
    const [x, y] = [ranges[first], ranges[second]];
    const tested = new Uint8Array(x.count * y.count);
    dead[first].forEach((flag, row) => {
      for (let col = 0; col < y.count; col++)
        tested[row * y.count + col] = flag === 0 && dead[second][col] === 0 ? 1 : 0;
    });
    const shuffled = nulls.map((shuffle) => {
      checkpoint();
      return nullCorrelation(momentsOf(train), momentsOf(shuffle), x, y, train.dead);
    });
    const p = nullPValues(
      correlationBlock(train, x, y),
      tested,
      shuffleNull(shuffled, tested, checkpoint),
      checkpoint,
    );
    const family = falseDiscovery(
      p.filter((_, at) => tested[at] === 1),
      checkpoint,
    );
    return Uint8Array.from(forward, (col, row) => {
      const at = row * y.count + col;
      return col >= 0 && tested[at] === 1 && family.q(p[at]) <= analysis.fdr ? 1 : 0;
    });
  });
  return (pair, row) => found[pair][row] === 1;
}

/** Which network each joint unit belongs to, its index there, whether it is dead, and how convergent it is. */
function describeUnits(
  units: number,
  ranges: UnitRange[],
  dead: Uint8Array[],
  plain: Convergence,
  networks: number,
): NamedArray[] {
  const owner = perUnit(
    'network',
    units,
    ranges,
    dead.map((flags, network) => new Int32Array(flags.length).fill(network)),
  );
  const index = perUnit(
    'unit',
    units,
    ranges,
    dead.map((flags) => Int32Array.from(flags.keys())),
  );
  const isDead = perUnit(
    'dead',
    units,
    ranges,
    dead.map((flags) => Int32Array.from(flags)),
  );
  return [owner, index, isDead, ...heldArrays('', units, ranges, plain, networks)];
}

function heldArrays(
  suffix: string,
  units: number,
  ranges: UnitRange[],
  { held }: Convergence,
  networks: number,
): NamedArray[] {
  const counts = perUnit(`networks-holding${suffix}`, units, ranges, held);
  const shares = Float64Array.from(counts.data, (count) =>
    networks > 1 ? Math.max(0, count) / (networks - 1) : 0,
  );
  return [counts, values(`convergence${suffix}`, shares)];
}

/** Spreads per-network values over the joint units; -1 for joint units of no network of the group. */
function perUnit(name: string, units: number, ranges: UnitRange[], lists: Int32Array[]): NamedArray {
  const spread = new Int32Array(units).fill(-1);
  ranges.forEach(({ start }, network) => spread.set(lists[network], start));
  return indices(name, spread);
}

/** [networks x networks] mean match of every pair; 1 on the diagonal. */
function meanMatrix(pairs: PairMatching[], networks: number): Float64Array {
  const means = new Float64Array(networks * networks);
  for (let network = 0; network < networks; network++) means[network * networks + network] = 1;
  for (const { first, second, mean } of pairs) {
    means[first * networks + second] = mean;
    means[second * networks + first] = mean;
  }
  return means;
}
