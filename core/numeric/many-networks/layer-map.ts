import { correlationFromMoments } from '../correlation/correlation-from-moments.ts';
import { linearAssignment } from '../matching/linear-assignment.ts';
import type { JointMoments } from '../moments/joint-moments.ts';

/** Units of one layer, as a range of the joint units. */
export interface LayerSpan {
  start: number;
  count: number;
}

/**
 * One score between every layer of A and every layer of B, from the joint moments of all their units over the same
 * samples.
 *
 *   cka:       |C_xy|_F^2 / (|C_xx|_F |C_yy|_F), C the centred second moments of the live units
 *              (Kornblith et al. 2019, arXiv 1905.00414, eq. 4 with linear kernels)
 *   matching:  mean correlation of the one-to-one matching over the smaller layer's units, dead ones counting 0
 *
 * Both lie in [-1, 1], CKA in [0, 1]. A layer without live units scores 0. CKA from few samples is biased upwards:
 * with n not much above the number of units, unrelated layers score far from 0.
 *
 * @param dead [units] 1 where the unit is constant
 * @returns [layers of A x layers of B] row-major
 * @throws RangeError for a range outside the units or moments without samples. O(units^2), and for matching O(layers
 *   of A x layers of B) assignments.
 */
export function layerMap(
  moments: JointMoments,
  dead: Uint8Array,
  rangesA: readonly LayerSpan[],
  rangesB: readonly LayerSpan[],
  score: 'cka' | 'matching',
  onProgress: (done: number) => void = () => {},
): Float64Array {
  requireSpans(moments, dead, [...rangesA, ...rangesB]);
  const norms =
    score === 'cka' ? [rangesA, rangesB].map((side) => side.map((x) => norm(moments, dead, x))) : null;
  const result = new Float64Array(rangesA.length * rangesB.length);
  rangesA.forEach((x, row) => {
    rangesB.forEach((y, col) => {
      const at = row * rangesB.length + col;
      result[at] = norms
        ? ckaOf(sumOfSquares(moments, dead, x, y), norms[0][row] * norms[1][col])
        : matchMean(moments, dead, x, y);
      onProgress(at + 1);
    });
  });
  return result;
}

const ckaOf = (shared: number, norms: number): number => (norms > 0 ? Math.min(1, shared / norms) : 0);

const norm = (moments: JointMoments, dead: Uint8Array, x: LayerSpan): number =>
  Math.sqrt(sumOfSquares(moments, dead, x, x));

/** |C_xy|_F^2 with C = m2 / n over the live units. */
function sumOfSquares({ units, n, m2 }: JointMoments, dead: Uint8Array, x: LayerSpan, y: LayerSpan): number {
  let sum = 0;
  for (let i = x.start; i < x.start + x.count; i++) {
    if (dead[i] === 1) continue;
    for (let j = y.start; j < y.start + y.count; j++) {
      if (dead[j] === 1) continue;
      const covariance = m2[i < j ? i * units + j : j * units + i] / n;
      sum += covariance * covariance;
    }
  }
  return sum;
}

function matchMean(moments: JointMoments, dead: Uint8Array, x: LayerSpan, y: LayerSpan): number {
  const matched = Math.min(x.count, y.count);
  if (matched === 0) return 0;
  const block = { rowStart: x.start, rowCount: x.count, colStart: y.start, colCount: y.count };
  return linearAssignment(correlationFromMoments(moments, block, dead), x.count, y.count).total / matched;
}

function requireSpans({ units, n }: JointMoments, dead: Uint8Array, spans: LayerSpan[]): void {
  if (n === 0) throw new RangeError('A layer map needs at least one sample; there is none.');
  if (dead.length !== units) {
    throw new RangeError(`The mask of dead units has ${dead.length} entries for ${units} units.`);
  }
  const bad = spans.find(({ start, count }) => !(start >= 0 && count >= 0 && start + count <= units));
  if (bad)
    throw new RangeError(
      `The layer ${bad.start}..${bad.start + bad.count} does not lie within ${units} units.`,
    );
}
