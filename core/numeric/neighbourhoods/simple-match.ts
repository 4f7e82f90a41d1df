import type { SetPair } from './maximum-match.ts';
import { maximumMatchHolding, type Work } from './small-match.ts';
import type { UnitCosines } from './uncentred-cosines.ts';

/**
 * A v-minimal match (Wang et al. 2018, arXiv 1810.11750, section 3): a match that holds unit v and contains no smaller
 * match that does. Such matches are the *simple* ones: not the union of smaller matches, and every match is a union of
 * them.
 *
 * Algorithm: start from a match that holds v; try every other unit in turn: if the maximum match of what remains
 * without it still holds v, that is the new, smaller match. One pass is enough, since a unit that could not be spared
 * from a larger match cannot be spared from a smaller one. The paper starts from the maximum match. Any match holding v
 * will do, so the search starts among v and the units nearest to it in angle, twice as many each time, until they hold
 * a match; far fewer units are tried. Several v-minimal matches can exist; this finds one, always the same, and tends
 * to the near and small.
 *
 * @param maximum the maximum match at this epsilon, which must hold v
 * @param v index into the cosines
 * @returns null when the work's limit was reached first
 * @throws RangeError when v is not in the maximum match. O(units of the starting match) maximum matches.
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
  let match = startingMatch(cosines, maximum, v, epsilon, work);
  if (match === null) return null;
  // The farthest first: they are the likeliest to be spared.
  for (const unit of nearestFirst(cosines, [...match.x, ...match.y], v).reverse()) {
    if (unit === v || (!match.x.includes(unit) && !match.y.includes(unit))) continue;
    if (work.done > work.limit) return null;
    const without: SetPair = {
      x: match.x.filter((other) => other !== unit),
      y: match.y.filter((other) => other !== unit),
    };
    match = maximumMatchHolding(cosines, without, v, epsilon, work) ?? match;
  }
  return match;
}

function startingMatch(
  cosines: UnitCosines,
  maximum: SetPair,
  v: number,
  epsilon: number,
  work: Work,
): SetPair | null {
  const nearX = nearestFirst(cosines, [...maximum.x], v);
  const nearY = nearestFirst(cosines, [...maximum.y], v);
  const most = Math.max(nearX.length, nearY.length);
  for (let near = 1; ; near *= 2) {
    if (work.done > work.limit) return null;
    const within = {
      x: Int32Array.from(nearX.slice(0, near)).sort(),
      y: Int32Array.from(nearY.slice(0, near)).sort(),
    };
    const match = maximumMatchHolding(cosines, within, v, epsilon, work);
    if (match !== null) return match;
    // Everything was tried: only rounding at the very edge of epsilon can bring this about.
    if (near >= most) return maximum;
  }
}

/** By angle to v, v itself first; ties to the lower index. */
function nearestFirst({ cosine, zero }: UnitCosines, units: number[], v: number): number[] {
  const closeness = (unit: number): number => (unit === v ? 2 : Math.abs(cosine[v * zero.length + unit]));
  return units.sort((p, q) => closeness(q) - closeness(p) || p - q);
}
