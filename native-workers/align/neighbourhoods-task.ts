import type { NamedArray } from '#core/domain/result.ts';
import { allUnits, maximumMatch, type SetPair } from '#core/numeric/neighbourhoods/maximum-match.ts';
import { simpleMatch } from '#core/numeric/neighbourhoods/simple-match.ts';
import { spanResiduals } from '#core/numeric/neighbourhoods/span-residuals.ts';
import { uncentredCosines, type UnitCosines } from '#core/numeric/neighbourhoods/uncentred-cosines.ts';
import { indices, momentsOf, values } from './task.ts';
import type { AlignInput, AlignOutput, TaskContext } from './task.ts';

/** Multiplications that the search for simple matches may take per epsilon: about a second. */
const workLimit = 4e8;

/**
 * Neighbourhood matches of unit sets (Wang et al. 2018, arXiv 1810.11750), uncentred: for every epsilon the maximum
 * match and one simple match for each of its units.
 */
export async function neighbourhoodsTask(
  { analysis, a, b, train }: AlignInput<'neighbourhoods'>,
  { algebra, checkpoint, progress }: TaskContext,
): Promise<AlignOutput> {
  const cosines = uncentredCosines(momentsOf(train), a, b);
  const all = allUnits(cosines);
  const arrays = [
    values('residual-a', await fullResiduals(cosines, all.x, all.y, a.count, 0)),
    values('residual-b', await fullResiduals(cosines, all.y, all.x, b.count, a.count)),
  ];
  const points: Record<string, number>[] = [];
  // From the largest epsilon down: each maximum match contains those of the smaller ones.
  const descending = [...new Set(analysis.epsilons)].sort((p, q) => q - p);
  let within = all;
  for (const [k, epsilon] of descending.entries()) {
    within = await maximumMatch(cosines, within, epsilon, algebra, checkpoint);
    const simple = findSimple(cosines, within, epsilon, checkpoint);
    points.unshift(describe(epsilon, within, all, simple));
    arrays.push(...matchArrays(epsilon, within, simple, cosines));
    progress(k + 1, descending.length);
  }
  const zeros = (start: number, count: number): number =>
    cosines.zero.subarray(start, start + count).reduce((sum, flag) => sum + flag, 0);
  const headline = { samples: train.n, zeroA: zeros(0, a.count), zeroB: zeros(a.count, b.count), points };
  return { headline, arrays };

  /** Distance from the span of all of the other network; 0 for a zero unit, which lies in every span. */
  async function fullResiduals(
    from: UnitCosines,
    targets: Int32Array,
    sources: Int32Array,
    count: number,
    start: number,
  ) {
    const residuals = await spanResiduals(from, targets, sources, algebra);
    const spread = new Float64Array(count);
    targets.forEach((unit, k) => (spread[unit - start] = residuals[k]));
    return spread;
  }
}

interface SimpleMatches {
  /** Different ones, in the order found. */
  matches: SetPair[];
  /** Per unit of A then B: which one was found for it, -1 = none, -2 = not searched. */
  ofUnit: Int32Array;
  searched: number;
}

function findSimple(
  cosines: UnitCosines,
  maximum: SetPair,
  epsilon: number,
  checkpoint: () => void,
): SimpleMatches {
  const work = { done: 0, limit: workLimit, onStep: checkpoint };
  const found: SimpleMatches = {
    matches: [],
    ofUnit: new Int32Array(cosines.zero.length).fill(-1),
    searched: 0,
  };
  const known = new Map<string, number>();
  for (const v of nearestTwinFirst(cosines, maximum)) {
    checkpoint();
    const match = simpleMatch(cosines, maximum, v, epsilon, work);
    found.ofUnit[v] = -2;
    if (match === null) continue;
    found.searched++;
    const key = `${match.x.join()};${match.y.join()}`;
    const index = known.get(key) ?? found.matches.push(match) - 1;
    known.set(key, index);
    found.ofUnit[v] = index;
  }
  return found;
}

/** Units with a near twin in the other network first: their matches are small, so the work reaches the most units. */
function nearestTwinFirst({ cosine, zero }: UnitCosines, { x, y }: SetPair): number[] {
  const closeness = new Float64Array(zero.length);
  for (const i of x) {
    for (const j of y) {
      const near = Math.abs(cosine[i * zero.length + j]);
      closeness[i] = Math.max(closeness[i], near);
      closeness[j] = Math.max(closeness[j], near);
    }
  }
  return [...x, ...y].sort((p, q) => closeness[q] - closeness[p] || p - q);
}

function describe(
  epsilon: number,
  { x, y }: SetPair,
  all: SetPair,
  simple: SimpleMatches,
): Record<string, number> {
  const total = all.x.length + all.y.length;
  const sizes = simple.matches.map((match) => match.x.length + match.y.length);
  return {
    epsilon,
    maximumMatchSimilarity: total === 0 ? 0 : (x.length + y.length) / total,
    sizesA: x.length,
    sizesB: y.length,
    simpleMatches: sizes.length,
    simpleSizeMean: sizes.length === 0 ? 0 : sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
    simpleOneToOne: sizes.filter((size) => size === 2).length,
    searched: simple.searched,
  };
}

function matchArrays(
  epsilon: number,
  { x, y }: SetPair,
  simple: SimpleMatches,
  cosines: UnitCosines,
): NamedArray[] {
  const { countA, countB } = cosines;
  const units = countA + countB;
  const mask = new Uint8Array(units);
  for (const unit of [...x, ...y]) mask[unit] = 1;
  const flags = (name: string, data: Uint8Array): NamedArray => ({
    name,
    dtype: 'uint8',
    rows: 1,
    cols: data.length,
    data,
  });
  const members = new Uint8Array(simple.matches.length * units);
  simple.matches.forEach((match, row) => {
    for (const unit of [...match.x, ...match.y]) members[row * units + unit] = 1;
  });
  const found: NamedArray[] = [
    flags(`maximum-a-${epsilon}`, mask.slice(0, countA)),
    flags(`maximum-b-${epsilon}`, mask.slice(countA)),
    indices(`simple-of-unit-${epsilon}`, simple.ofUnit),
  ];
  if (simple.matches.length > 0) {
    found.push({
      name: `simple-${epsilon}`,
      dtype: 'uint8',
      rows: simple.matches.length,
      cols: units,
      data: members,
    });
  }
  return found;
}
