import type { PairTable } from '#core/ipc/areas/result.ts';

export interface MatchedPair {
  unitA: number;
  unitB: number;
  r: number;
  /** Place among the matched pairs, the best 1. */
  rank: number;
}

export interface ExtremePairs {
  best: MatchedPair[];
  /** Pairs about the median, best first, where there are some between the best and the worst. */
  middle: MatchedPair[];
  worst: MatchedPair[];
  matched: number;
}

/**
 * The pairs of a one-to-one matching that match best, best first, and worst, worst last; no pair is in both, and dead
 * units in none.
 */
export function extremePairs(table: PairTable, count: number): ExtremePairs {
  const pairs = Array.from(table.unitA, (unitA, at) => ({ unitA, unitB: table.matchB[at], at }))
    .filter(({ unitB, at }) => unitB >= 0 && !table.deadA[at] && !table.deadB[at])
    .map(({ unitA, unitB, at }) => ({ unitA, unitB, r: table.matchValue[at], rank: 0 }))
    .sort((x, y) => y.r - x.r || x.unitA - y.unitA)
    .map((pair, at) => ({ ...pair, rank: at + 1 }));
  const best = pairs.slice(0, Math.min(count, Math.ceil(pairs.length / 2)));
  const worst = pairs.slice(Math.max(best.length, pairs.length - count));
  const between = pairs.slice(best.length, pairs.length - worst.length);
  const from = Math.max(0, Math.floor((between.length - count) / 2));
  return { best, middle: between.slice(from, from + count), worst, matched: pairs.length };
}

/** Under this side a picture is not worth a third column. */
const leastSide = 24;

/**
 * Whether a third column of pairs fits in a place, which is to be that beside the inspector: so it comes and goes with
 * the window alone.
 */
export function hasRoomForMiddle(
  { width, height }: { width: number; height: number },
  pairs: number,
  labels: number,
): boolean {
  const column = (width - 2 * columnGap) / 3;
  return pictureSide({ width: column, height }, pairs, labels) >= leastSide;
}

/** Between columns of pairs. */
export const columnGap = 24;

/** The largest side of a picture at which all rows of a column fit its place without scrolling. */
export function pictureSide(place: { width: number; height: number }, pairs: number, labels: number): number {
  const gap = 3;
  const across = (place.width - labels - 8 * gap) / 9;
  // Two rows a pair, a gap between them, borders and space before the next pair.
  const down = (place.height / Math.max(1, pairs) - gap - 9) / 2;
  return Math.max(16, Math.floor(Math.min(across, down, 72)));
}
