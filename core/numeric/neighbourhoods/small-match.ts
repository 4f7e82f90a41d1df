import type { SetPair } from './maximum-match.ts';
import {
  addSource,
  clearSpanBasis,
  copySpanBasis,
  createSpanBasis,
  gainWithout,
  removeSource,
  type SpanBasis,
  type Work,
} from './span-basis.ts';
import type { UnitCosines } from './uncentred-cosines.ts';

/** Columns of one side, `from` up to `to`. */
interface Side {
  from: number;
  to: number;
  /** The span of the side's units that are still in. */
  basis: SpanBasis;
  /** How many are in. */
  count: number;
}

/** Two sets of units, the spans of both, and which units are still in: what a search for matches takes units out of. */
export interface SmallMatch {
  cosines: UnitCosines;
  /** Index of every column into the cosines: those of X, then those of Y, each in the order given. */
  units: Int32Array;
  /** [columns] 1 while the unit is in */
  isIn: Uint8Array;
  sides: [Side, Side];
  /** The squared epsilon: how much of its square a unit may leave outside the other side's span. */
  allowed: number;
  gain: Float64Array;
  w: Float64Array;
}

/** @param x,y indices into the cosines; the nearest first makes removing the farthest cheap. O((x + y) (x^2 + y^2)). */
export function smallMatch(
  cosines: UnitCosines,
  x: Int32Array,
  y: Int32Array,
  epsilon: number,
  work: Work,
): SmallMatch {
  const width = x.length + y.length;
  const match = emptyMatch(cosines, Int32Array.of(...x, ...y), x.length, epsilon * epsilon);
  match.isIn.fill(1, 0, width);
  for (const side of match.sides) fillSide(match, side, work);
  return match;
}

function emptyMatch(cosines: UnitCosines, units: Int32Array, countX: number, allowed: number): SmallMatch {
  const width = units.length;
  const side = (from: number, to: number): Side => ({
    from,
    to,
    basis: createSpanBasis(to - from, width),
    count: to - from,
  });
  return {
    cosines,
    units,
    isIn: new Uint8Array(width),
    sides: [side(0, countX), side(countX, width)],
    allowed,
    gain: new Float64Array(width),
    w: new Float64Array(width),
  };
}

/** A match to try things on: the same units, its state yet to be copied. */
export function scratchFor({ cosines, units, sides, allowed }: SmallMatch): SmallMatch {
  return emptyMatch(cosines, units, sides[0].to, allowed);
}

function copyState(from: SmallMatch, to: SmallMatch): void {
  to.isIn.set(from.isIn);
  from.sides.forEach(({ basis, count }, k) => {
    copySpanBasis(basis, to.sides[k].basis);
    to.sides[k].count = count;
  });
}

/** The units that are in, each side ascending. */
export function unitsIn({ units, isIn, sides }: SmallMatch): SetPair {
  const [x, y] = sides.map(({ from, to }) =>
    units
      .subarray(from, to)
      .filter((_, k) => isIn[from + k] === 1)
      .sort(),
  );
  return { x, y };
}

/**
 * Takes out the units beyond epsilon until none is: what is left is the maximum match of the units that were in.
 *
 * @param needed [columns] units without which the answer is of no use
 * @returns false as soon as one of those is beyond epsilon; the match is then not settled
 */
export function settle(match: SmallMatch, needed: Uint8Array, work: Work): boolean {
  const { sides, isIn, allowed } = match;
  let quiet = 0;
  for (let k = 0; quiet < 2; k = 1 - k) {
    const [targets, sources] = [sides[k], sides[1 - k]];
    const beyond: number[] = [];
    for (let column = targets.from; column < targets.to; column++) {
      if (isIn[column] === 0 || sources.basis.left[column] <= allowed) continue;
      if (needed[column] === 1) return false;
      beyond.push(column);
    }
    if (beyond.length === 0) quiet++;
    else {
      quiet = 0;
      takeOut(match, targets, beyond, work);
    }
  }
  return true;
}

/** Removes units of one side, by whichever is less work: one after the other, or the rest anew. */
function takeOut(match: SmallMatch, side: Side, columns: readonly number[], work: Work): void {
  const { basis } = side;
  const rest = basis.rank - columns.length;
  let turns = 0;
  for (const column of columns) {
    match.isIn[column] = 0;
    side.count--;
    if (basis.place[column] >= 0) turns += 4 * (basis.rank - basis.place[column]);
  }
  if (turns > (rest * rest) / 2 + 4 * rest) {
    clearSpanBasis(basis);
    fillSide(match, side, work);
    return;
  }
  for (const column of columns) if (basis.place[column] >= 0) removeSource(basis, column, work);
  // Units that depended on those removed give a direction of their own now.
  if (basis.rank < side.count) fillSide(match, side, work);
}

function fillSide({ cosines, units, isIn }: SmallMatch, { from, to, basis }: Side, work: Work): void {
  for (let column = from; column < to; column++) {
    if (isIn[column] === 1 && basis.place[column] < 0) addSource(basis, cosines, units, column, work);
  }
}

/**
 * Makes a settled match that of the units that remain without one of them, unless a needed unit is lost.
 *
 * @param scratch from `scratchFor`, overwritten
 * @returns the match without the unit (`match` or `scratch`), null (and `match` as it was) when a needed unit is lost
 */
export function withoutUnit(
  match: SmallMatch,
  scratch: SmallMatch,
  column: number,
  needed: Uint8Array,
  work: Work,
): SmallMatch | null {
  const own = column < match.sides[0].to ? 0 : 1;
  const [side, other] = [match.sides[own], match.sides[1 - own]];
  const isFree = side.basis.place[column] < 0;
  // Where units depend on each other another one takes the place: what is lost is less than the gain says.
  const beyond = isFree ? 'none' : side.basis.rank < side.count ? 'unsure' : judge();
  if (beyond === 'needed') return null;
  if (beyond === 'none') {
    takeOut(match, side, [column], work);
    return match;
  }
  copyState(match, scratch);
  takeOut(scratch, scratch.sides[own], [column], work);
  return settle(scratch, needed, work) ? scratch : null;

  function judge(): 'none' | 'some' | 'needed' {
    const { gain, w, isIn, allowed } = match;
    gainWithout(side.basis, column, { gain, w, from: other.from, to: other.to }, work);
    let found: 'none' | 'some' = 'none';
    for (let k = other.from; k < other.to; k++) {
      if (isIn[k] === 0 || side.basis.left[k] + gain[k] <= allowed) continue;
      if (needed[k] === 1) return 'needed';
      found = 'some';
    }
    return found;
  }
}
