import { linearAssignment } from '../matching/linear-assignment.ts';

/** The one-to-one matching of two networks, seen from both. */
export interface PairMatching {
  first: number;
  second: number;
  /** [units of first] partner in second, -1 = none; and [units of second] in first */
  forward: Int32Array;
  backward: Int32Array;
  /** [units of first] score of the pair, 0 where there is none; and [units of second] */
  forwardValue: Float64Array;
  backwardValue: Float64Array;
  /** Mean over the units of the smaller network. */
  mean: number;
}

/**
 * The matching of every two networks, in the order (0, 1), (0, 2), ..., (1, 2), ...; see `linearAssignment`.
 *
 * @param sizes units of each network; @param score scores [units of first x units of second]
 * @throws as `linearAssignment`. O(networks^2) matchings.
 */
export function matchAllPairs(
  sizes: readonly number[],
  score: (first: number, second: number) => Float64Array,
  onProgress: () => void = () => {},
): PairMatching[] {
  const pairs: PairMatching[] = [];
  for (let first = 0; first < sizes.length; first++) {
    for (let second = first + 1; second < sizes.length; second++) {
      pairs.push(matchPair(sizes, score(first, second), first, second, onProgress));
    }
  }
  return pairs;
}

function matchPair(
  sizes: readonly number[],
  score: Float64Array,
  first: number,
  second: number,
  onProgress: () => void,
): PairMatching {
  const { partner, value, total } = linearAssignment(score, sizes[first], sizes[second], onProgress);
  const backward = new Int32Array(sizes[second]).fill(-1);
  const backwardValue = new Float64Array(sizes[second]);
  partner.forEach((col, row) => {
    if (col < 0) return;
    backward[col] = row;
    backwardValue[col] = value[row];
  });
  const matched = Math.min(sizes[first], sizes[second]);
  const mean = matched === 0 ? 0 : total / matched;
  return { first, second, forward: partner, backward, forwardValue: value, backwardValue, mean };
}
