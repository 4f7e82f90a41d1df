import type { UnitPartners } from './semi-matching.ts';

/** Units of A by score, best first; ties keep the lower index first. O(n log n). */
export function orderByValue(value: Float64Array): Int32Array {
  return Int32Array.from(value.keys()).sort((i, j) => value[j] - value[i] || i - j);
}

export interface DiagonalOrder {
  /** Units of A from top to bottom. */
  rows: Int32Array;
  /** Units of B from left to right. */
  cols: Int32Array;
}

/**
 * The order that puts the matching on the diagonal (Li et al. 2015, arXiv 1511.07543, figure 1 d): A keeps its order
 * and the k-th column is the match of the k-th row; unmatched units of B come last in their original order. When A
 * is the larger side its unmatched units have no column of their own, so they come last too, in the given order.
 *
 * @param partner [rows] column of each row or -1, no column twice
 * @param cols number of units of B
 * @param rowOrder order of A to keep; its original order when absent
 * @throws RangeError when a column is out of range or taken twice. O(rows + cols).
 */
export function diagonalOrder(partner: Int32Array, cols: number, rowOrder?: Int32Array): DiagonalOrder {
  const order = rowOrder ?? Int32Array.from(partner.keys());
  const matched = order.filter((row) => partner[row] >= 0);
  const isTaken = new Uint8Array(cols);
  for (const row of matched) {
    if (partner[row] >= cols || isTaken[partner[row]] === 1) {
      throw new RangeError(
        `Unit ${partner[row]} of B is no valid match of unit ${row} of A, or is matched twice.`,
      );
    }
    isTaken[partner[row]] = 1;
  }
  const unmatchedCols = Int32Array.from({ length: cols }, (_, col) => col).filter(
    (col) => isTaken[col] === 0,
  );
  return {
    rows: concat(
      matched,
      order.filter((row) => partner[row] < 0),
    ),
    cols: concat(
      matched.map((row) => partner[row]),
      unmatchedCols,
    ),
  };
}

/** The curves of figure 3: scores against rank, best first. */
export interface MatchingCurves {
  /** All units of A, sorted by semi-match score (dead units at 0). */
  semi: Float64Array;
  /** Matched pairs, sorted by their own score, independently of `semi`. */
  match: Float64Array;
  /** Matched pairs in the order of the semi-match: rank of the unit in `semi` and the score of its match. */
  matchAtSemiRank: { rank: Int32Array; value: Float64Array };
}

/** @throws RangeError when the two are not about the same number of units. O(n log n). */
export function matchingCurves(semi: UnitPartners, match: UnitPartners): MatchingCurves {
  if (semi.partner.length !== match.partner.length) {
    throw new RangeError(
      `The semi-matching has ${semi.partner.length} units and the matching ${match.partner.length}.`,
    );
  }
  const order = orderByValue(semi.value);
  const rank = Int32Array.from(order.keys()).filter((k) => match.partner[order[k]] >= 0);
  const value = Float64Array.from(rank, (k) => match.value[order[k]]);
  return {
    semi: Float64Array.from(order, (row) => semi.value[row]),
    match: value.slice().sort().reverse(),
    matchAtSemiRank: { rank, value },
  };
}

function concat(head: Int32Array, tail: Int32Array): Int32Array {
  const all = new Int32Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}
