import type { NamedArray } from '#core/domain/result.ts';
import { correlationProfile } from '#core/numeric/subspaces/correlation-profile.ts';
import { graphCorrelation, graphUnits } from './graph-scores.ts';
import { matrix, values } from './task.ts';
import type { SharedMoments, TaskContext, UnitRange } from './task.ts';

/** Components and nearest units kept for views. */
const dimensions = 8;
const neighbours = 15;

/** What is kept of the units' correlation profiles; rows are the units of the networks one after the other. */
export interface ProfileRows {
  dimensions: number;
  /** [units x dimensions], dead units at 0 */
  scores: Float64Array;
  share: NamedArray;
  /** `profile-neighbours` and `profile-distances` [units x neighbours]; -1 and 0 for dead units. */
  nearest: NamedArray[];
}

/**
 * Correlation profiles of the live units of some networks with each other.
 *
 * @param starts row of each network's first unit
 */
export async function profileRows(
  train: SharedMoments,
  ranges: readonly UnitRange[],
  rows: number,
  starts: readonly number[],
  { algebra, checkpoint }: TaskContext,
): Promise<ProfileRows> {
  const units = graphUnits(train, ranges);
  const n = units.unit.length;
  const profile = await correlationProfile(
    n,
    graphCorrelation(train, ranges, units),
    dimensions,
    neighbours,
    algebra,
    checkpoint,
  );
  const [d, count] = [profile.dimensions, profile.neighbours];
  const rowOf = (live: number) => starts[units.network[live]] + units.unit[live];
  const scores = new Float64Array(rows * d);
  const nearest = new Int32Array(rows * count).fill(-1);
  const distance = new Float64Array(rows * count);
  for (let live = 0; live < n; live++) {
    const row = rowOf(live);
    scores.set(profile.scores.subarray(live * d, (live + 1) * d), row * d);
    distance.set(profile.distance.subarray(live * count, (live + 1) * count), row * count);
    for (let at = 0; at < count; at++) nearest[row * count + at] = rowOf(profile.nearest[live * count + at]);
  }
  return {
    dimensions: d,
    scores,
    share: values('profile-share', profile.share),
    nearest: [
      { name: 'profile-neighbours', dtype: 'int32', rows, cols: count, data: nearest },
      matrix('profile-distances', rows, count, distance),
    ],
  };
}
