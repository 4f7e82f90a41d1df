import type { UnitGroup } from '../../app/choice.svelte.ts';
import type { ResultData } from '../analysis/read-result.ts';

/** A set of units of both networks that express each other. */
export interface UnitSet {
  index: number;
  a: number[];
  b: number[];
}

/** The simple matches of one tolerance, smallest first; those of one size in the order found. */
export function simpleSets(data: ResultData, epsilon: number): UnitSet[] {
  const members = data.array(`simple-${epsilon}`);
  const countA = data.array(`maximum-a-${epsilon}`)?.cols ?? 0;
  if (!members) return [];
  const sets = Array.from({ length: members.rows }, (_, index): UnitSet => {
    const flags = members.data.subarray(index * members.cols, (index + 1) * members.cols);
    const units = unitsOf(flags);
    return {
      index,
      a: units.filter((unit) => unit < countA),
      b: units.filter((unit) => unit >= countA).map((unit) => unit - countA),
    };
  });
  return sets.sort((one, other) => sizeOf(one) - sizeOf(other) || one.index - other.index);
}

/** The maximum match of a tolerance; null where the result does not hold it. */
export function maximumSet(data: ResultData, epsilon: number): UnitSet | null {
  const [a, b] = [data.array(`maximum-a-${epsilon}`), data.array(`maximum-b-${epsilon}`)];
  return a && b ? { index: -1, a: unitsOf(a.data), b: unitsOf(b.data) } : null;
}

/** What a unit has to do with the sets of one tolerance. */
export interface SetUnit {
  side: 'a' | 'b';
  unit: number;
  /** To the span of all units of the other network, as a share of its own length: the least tolerance of any set. */
  distance: number;
  /** Index of the simple set that was found for it; -1: it is in none, -2: not searched for. */
  set: number;
}

/** Every unit of both networks, nearest to the other network first. */
export function setUnits(data: ResultData, epsilon: number): SetUnit[] {
  const [a, b] = [data.list('residual-a'), data.list('residual-b')];
  const sets = data.array(`simple-of-unit-${epsilon}`)?.data;
  const of = (side: 'a' | 'b', distances: number[], from: number) =>
    distances.map((distance, unit): SetUnit => ({ side, unit, distance, set: sets?.[from + unit] ?? -1 }));
  return [...of('a', a, 0), ...of('b', b, a.length)].sort((one, other) => one.distance - other.distance);
}

/** The point of a tolerance; where none is chosen, the first with any set, else the largest. */
export function pointAt(
  points: readonly Record<string, number>[],
  epsilon: number,
): Record<string, number> | undefined {
  return (
    points.find((point) => point.epsilon === epsilon) ??
    points.find(({ maximumMatchSimilarity }) => maximumMatchSimilarity > 0) ??
    points.at(-1)
  );
}

export const sizeOf = ({ a, b }: UnitSet): number => a.length + b.length;

export function groupOf(
  { index, a, b }: UnitSet,
  names: { a: string; b: string },
  epsilon: number,
): UnitGroup {
  const name = index < 0 ? 'maximum match' : `set ${index + 1}`;
  return { label: `${name}, tolerance ${epsilon}`, members: { [names.a]: a, [names.b]: b }, source: 'row' };
}

/** Whether the group is this set. */
export function isGroup(set: UnitSet, names: { a: string; b: string }, group: UnitGroup | null): boolean {
  const same = (one: readonly number[], other: readonly number[] | undefined) =>
    other !== undefined && one.length === other.length && one.every((unit, at) => unit === other[at]);
  return group !== null && same(set.a, group.members[names.a]) && same(set.b, group.members[names.b]);
}

function unitsOf(flags: ArrayLike<number>): number[] {
  const units: number[] = [];
  for (let unit = 0; unit < flags.length; unit++) if (flags[unit] !== 0) units.push(unit);
  return units;
}
