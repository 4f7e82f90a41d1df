import { correlationFromMoments } from '../correlation/correlation-from-moments.ts';
import type { JointMoments } from '../moments/joint-moments.ts';

/** A mapping problem in correlations: live sources and targets of two ranges of the joint units. */
export interface StandardisedProblem {
  /** Joint indices of the sources and the targets. */
  sources: Int32Array;
  targets: Int32Array;
  /** [sources x sources] correlations of the sources. */
  gram: Float64Array;
  /** [targets x sources] */
  between: Float64Array;
}

interface Range {
  start: number;
  count: number;
}

/**
 * C = corr(x, x) and c = corr(x, y) of the units of `a` (sources) and `b` (targets) that are not dead.
 * @param dead [joint units] 1 = left out; a unit without variance in these moments is left out in any case.
 * @throws RangeError as `correlationFromMoments`. O((a + b) a).
 */
export function standardisedProblem(
  moments: JointMoments,
  a: Range,
  b: Range,
  dead: Uint8Array,
): StandardisedProblem {
  const block = (rows: Range, cols: Range) =>
    correlationFromMoments(
      moments,
      { rowStart: rows.start, rowCount: rows.count, colStart: cols.start, colCount: cols.count },
      dead,
    );
  const sources = liveUnits(moments, a, dead);
  const targets = liveUnits(moments, b, dead);
  const pick = (full: Float64Array, rows: Int32Array, rowStart: number) => {
    const result = new Float64Array(rows.length * sources.length);
    let at = 0;
    for (const row of rows) {
      for (const col of sources) result[at++] = full[(row - rowStart) * a.count + col - a.start];
    }
    return result;
  };
  return {
    sources,
    targets,
    gram: pick(block(a, a), sources, a.start),
    between: pick(block(b, a), targets, b.start),
  };
}

function liveUnits({ units, m2 }: JointMoments, { start, count }: Range, dead: Uint8Array): Int32Array {
  const live: number[] = [];
  for (let u = start; u < start + count; u++) if (dead[u] !== 1 && m2[u * units + u] > 0) live.push(u);
  return Int32Array.from(live);
}

/** Second moments of other samples, standardised with the fitting samples' mean and deviation. */
export interface HeldOutProblem {
  gram: Float64Array;
  between: Float64Array;
  /** [targets] E[y^2]: 1 only on the fitting samples. */
  square: Float64Array;
}

/**
 * E over the held-out samples of z_i z_j, z = (x - mean_fit) / sigma_fit:
 *
 *   (m2_ij / n + d_i d_j) / (sigma_i sigma_j),   d = mean_heldout - mean_fit
 *
 * for the sources and targets of `problem`. Units live in the fit; dead in the held-out samples is no special case.
 * @throws RangeError when the numbers of units differ or there are no held-out samples. O((a + b) a).
 */
export function heldOutProblem(
  fit: JointMoments,
  heldOut: JointMoments,
  problem: StandardisedProblem,
): HeldOutProblem {
  if (heldOut.units !== fit.units) {
    throw new RangeError(`The held-out moments have ${heldOut.units} units; the fitted ones ${fit.units}.`);
  }
  if (heldOut.n === 0) throw new RangeError('A held-out loss needs at least one sample; there is none.');
  const { units } = fit;
  const moment = (i: number, j: number) => {
    const spread = Math.sqrt(fit.m2[i * units + i] / fit.n) * Math.sqrt(fit.m2[j * units + j] / fit.n);
    const at = i < j ? i * units + j : j * units + i;
    const shift = (heldOut.mean[i] - fit.mean[i]) * (heldOut.mean[j] - fit.mean[j]);
    return (heldOut.m2[at] / heldOut.n + shift) / spread;
  };
  const table = (rows: Int32Array) => {
    const result = new Float64Array(rows.length * problem.sources.length);
    let at = 0;
    for (const row of rows) for (const col of problem.sources) result[at++] = moment(row, col);
    return result;
  };
  return {
    gram: table(problem.sources),
    between: table(problem.targets),
    square: Float64Array.from(problem.targets, (unit) => moment(unit, unit)),
  };
}
