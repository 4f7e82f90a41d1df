import type { SetPair } from './maximum-match.ts';
import { scratchFor, settle, smallMatch, unitsIn, withoutUnit, type SmallMatch } from './small-match.ts';
import type { Work } from './span-basis.ts';
import type { UnitCosines } from './uncentred-cosines.ts';

/**
 * A v-minimal match (Wang et al. 2018, arXiv 1810.11750, section 3): a match that holds unit v and contains no smaller
 * match that does. Such matches are the *simple* ones: not the union of smaller matches, and every match is a union of
 * them.
 *
 * Algorithm: start from a match that holds v; try every other unit in turn: if the maximum match of what remains
 * without it still holds v, that is the new, smaller match. One pass is enough, since a unit that could not be spared
 * from a larger match cannot be spared from a smaller one. For the same reason a trial fails as soon as it loses any
 * unit that could not be spared before. The paper starts from the maximum match. Any match holding v
 * will do, so the search starts among v and the units nearest to it in angle, twice as many each time, until they hold
 * a match; far fewer units are tried. Several v-minimal matches can exist; this finds one, always the same, and tends
 * to the near and small.
 *
 * @param maximum the maximum match at this epsilon, which must hold v
 * @param v index into the cosines
 * @returns null when the work's limit was reached first
 * @throws RangeError when v is not in the maximum match. O(u^3) for the u units of the starting match, where trials
 *   seldom take more than one unit out; O(u^4) at worst.
 */
export function simpleMatch(
  cosines: UnitCosines,
  maximum: SetPair,
  v: number,
  epsilon: number,
  work: Work,
): SetPair | null {
  if (!maximum.x.includes(v) && !maximum.y.includes(v)) {
    throw new RangeError(`Unit ${v} is in no match at epsilon ${epsilon}.`);
  }
  const start = startingMatch(cosines, maximum, v, epsilon, work);
  if (start === 'out of work') return null;
  // Everything was tried: only rounding at the very edge of epsilon can bring this about.
  if (start === 'none') return maximum;
  let match = start;
  let scratch = scratchFor(match);
  const needed = flagOf(match, v);
  const columns = nearestFirst(cosines, [...match.units], v).map((unit) => match.units.indexOf(unit));
  // The farthest first: they are the likeliest to be spared.
  for (const column of columns.reverse()) {
    if (match.units[column] === v || match.isIn[column] === 0) continue;
    if (work.done > work.limit) return null;
    const without = withoutUnit(match, scratch, column, needed, work);
    if (without === null) needed[column] = 1;
    else if (without === scratch) [match, scratch] = [scratch, match];
  }
  return unitsIn(match);
}

function flagOf({ units }: SmallMatch, v: number): Uint8Array {
  return Uint8Array.from(units, (unit) => (unit === v ? 1 : 0));
}

function startingMatch(
  cosines: UnitCosines,
  maximum: SetPair,
  v: number,
  epsilon: number,
  work: Work,
): SmallMatch | 'none' | 'out of work' {
  const nearX = Int32Array.from(nearestFirst(cosines, [...maximum.x], v));
  const nearY = Int32Array.from(nearestFirst(cosines, [...maximum.y], v));
  const most = Math.max(nearX.length, nearY.length);
  for (let near = 1; ; near *= 2) {
    if (work.done > work.limit) return 'out of work';
    const match = smallMatch(cosines, nearX.subarray(0, near), nearY.subarray(0, near), epsilon, work);
    if (settle(match, flagOf(match, v), work)) return match;
    if (near >= most) return 'none';
  }
}

/** By angle to v, v itself first; ties to the lower index. */
function nearestFirst({ cosine, zero }: UnitCosines, units: number[], v: number): number[] {
  const closeness = (unit: number): number => (unit === v ? 2 : Math.abs(cosine[v * zero.length + unit]));
  return units.sort((p, q) => closeness(q) - closeness(p) || p - q);
}
