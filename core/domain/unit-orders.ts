import { diagonalOrder, orderByValue, type DiagonalOrder } from '../numeric/matching/display-order.ts';
import type { UnitStatistics } from './result.ts';

export const orderNames = ['unit', 'match', 'cluster', 'mean', 'convergence'] as const;
export type OrderName = (typeof orderNames)[number];

/** The match of every unit of A, -1 for none, and its value. */
export interface OrderPairs {
  matchB: Int32Array;
  matchValue: ArrayLike<number>;
}

/** What the orders of one pair and layer are made from; null where the run does not hold it. */
export interface OrderFacts {
  unitsA: number;
  unitsB: number;
  pairs: OrderPairs | null;
  statistics: Record<'a' | 'b', Pick<UnitStatistics, 'mean'>> | null;
  /** Units of each network as the leaves of the hierarchy stand. */
  leaves: { a: Int32Array; b: Int32Array } | null;
  convergence: { a: Float64Array; b: Float64Array } | null;
}

/** The unit at each place, for both networks. */
export interface UnitOrder {
  name: OrderName;
  a: Int32Array;
  b: Int32Array;
}

interface OrderWords {
  label: string;
  /** As part of an axis: "place by match". */
  axis: string;
  /** What the run lacks where this order cannot be had. */
  needs: string;
}

export const orderWords: Record<OrderName, OrderWords> = {
  unit: { label: 'unit number', axis: 'unit', needs: '' },
  match: { label: 'match, best first', axis: 'place by match', needs: 'needs a matching' },
  cluster: { label: 'clusters', axis: 'place by cluster', needs: 'needs Clusters' },
  mean: { label: 'mean activation', axis: 'place by mean', needs: 'needs unit statistics' },
  convergence: { label: 'convergence', axis: 'place by convergence', needs: 'needs Networks' },
};

/** Null where what the order needs is missing. */
export function unitOrder(name: OrderName, facts: OrderFacts): UnitOrder | null {
  const sides = sidesOf(name, facts);
  return sides && { name, ...sides };
}

function sidesOf(name: OrderName, facts: OrderFacts): { a: Int32Array; b: Int32Array } | null {
  const { unitsA, unitsB, pairs, statistics, leaves, convergence } = facts;
  switch (name) {
    case 'unit':
      return { a: natural(unitsA), b: natural(unitsB) };
    case 'match': {
      if (!pairs) return null;
      const { rows, cols } = diagonalOrder(pairs.matchB, unitsB, byMatch(pairs));
      return { a: rows, b: cols };
    }
    case 'cluster':
      return leaves && { a: completed(leaves.a, unitsA), b: completed(leaves.b, unitsB) };
    case 'mean':
      return statistics && { a: orderByValue(statistics.a.mean), b: orderByValue(statistics.b.mean) };
    case 'convergence':
      return convergence && { a: orderByValue(convergence.a), b: orderByValue(convergence.b) };
  }
}

/** The order that puts each match on the diagonal, with A in the order that is shown; null without a matching. */
export function matchedOrder(order: UnitOrder, { pairs, unitsB }: OrderFacts): DiagonalOrder | null {
  return pairs && diagonalOrder(pairs.matchB, unitsB, order.a);
}

/** Where each unit stands. */
export function placesOf(units: Int32Array): Int32Array {
  const places = new Int32Array(units.length);
  units.forEach((unit, place) => (places[unit] = place));
  return places;
}

/** Units of one network in the order of the joint leaves. */
export function leavesOf(
  leafOrder: ArrayLike<number>,
  joint: { network: ArrayLike<number>; unit: ArrayLike<number> },
  network: number,
): Int32Array {
  return Int32Array.from(leafOrder)
    .filter((leaf) => joint.network[leaf] === network)
    .map((leaf) => joint.unit[leaf]);
}

/** Values of one network's units out of the joint ones; 0 for units that are not among them. */
export function valuesOf(
  values: ArrayLike<number>,
  joint: { network: ArrayLike<number>; unit: ArrayLike<number> },
  network: number,
  units: number,
): Float64Array {
  const own = new Float64Array(units);
  for (let at = 0; at < values.length; at++)
    if (joint.network[at] === network) own[joint.unit[at]] = values[at];
  return own;
}

const natural = (count: number) => Int32Array.from({ length: count }, (_, unit) => unit);

function byMatch({ matchB, matchValue }: OrderPairs): Int32Array {
  return orderByValue(Float64Array.from(matchValue, (value, row) => (matchB[row] < 0 ? -Infinity : value)));
}

/** Units that are in no cluster (dead ones) come last, by number. */
function completed(leaves: Int32Array, count: number): Int32Array {
  const isThere = new Uint8Array(count);
  for (const unit of leaves) isThere[unit] = 1;
  const rest = natural(count).filter((unit) => isThere[unit] === 0);
  return Int32Array.from([...leaves, ...rest]);
}
