import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import { spanResiduals } from './span-residuals.ts';
import type { UnitCosines } from './uncentred-cosines.ts';

/** Two sets of units, as ascending indices into the cosines. */
export interface SetPair {
  x: Int32Array;
  y: Int32Array;
}

/** All units of both networks that have a direction. */
export function allUnits({ countA, countB, zero }: UnitCosines): SetPair {
  const isNonzero = (unit: number): boolean => zero[unit] === 0;
  return {
    x: Int32Array.from({ length: countA }, (_, k) => k).filter(isNonzero),
    y: Int32Array.from({ length: countB }, (_, k) => countA + k).filter(isNonzero),
  };
}

/**
 * The epsilon-maximum match (Wang et al. 2018, arXiv 1810.11750, algorithm 1). (X, Y) is an epsilon-approximate match
 * when
 *
 *   dist(z_x, span(z_Y)) <= epsilon |z_x| for all x in X,  dist(z_y, span(z_X)) <= epsilon |z_y| for all y in Y.
 *
 * Unions of matches are matches, so one match contains all others; it is what is left when units beyond epsilon are
 * removed, side by side, until none is. The order of removal does not matter. Both sets are empty together.
 *
 * @param within where to look: `allUnits`, or the maximum match of a larger epsilon, which contains this one
 * @param epsilon in [0, 1); below about 1e-5 rounding decides
 * @throws RangeError for another epsilon. At most |X| + |Y| rounds of `spanResiduals`.
 */
export async function maximumMatch(
  cosines: UnitCosines,
  within: SetPair,
  epsilon: number,
  algebra: LinearAlgebra,
  onRound: () => void = () => {},
): Promise<SetPair> {
  if (!(epsilon >= 0 && epsilon < 1)) throw new RangeError(`Epsilon ${epsilon} is not in [0, 1).`);
  let { x, y } = within;
  for (;;) {
    onRound();
    const ofX = await spanResiduals(cosines, x, y, algebra);
    const keptX = x.filter((_, k) => ofX[k] <= epsilon);
    const ofY = await spanResiduals(cosines, y, keptX, algebra);
    const keptY = y.filter((_, k) => ofY[k] <= epsilon);
    const isSettled = keptX.length === x.length && keptY.length === y.length;
    x = keptX;
    y = keptY;
    if (isSettled || (x.length === 0 && y.length === 0)) return { x, y };
  }
}
