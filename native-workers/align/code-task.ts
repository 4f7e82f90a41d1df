import { randomRotation, rotatedCorrelations } from '#core/numeric/code/random-rotation.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { release } from '#core/numeric/linear-algebra/release.ts';
import { canonicalSpectrum, whitenedCross } from '#core/numeric/subspaces/canonical-correlations.ts';
import { principalComponents } from '#core/numeric/subspaces/principal-components.ts';
import { correlationBlock, deadIn } from './correlation-block.ts';
import { values } from './task.ts';
import type { AlignInput, AlignOutput, SharedMoments, TaskContext, UnitRange } from './task.ts';

/**
 * Is the code local (single units mean the same) or distributed (only the space they span is shared)? Methods
 * section 7: the matching of units against the same after random rotations of B's live units, and the likeness that
 * a permutation, a rotation and any linear map reach.
 */
export async function codeTask(
  { analysis, a, b, train }: AlignInput<'code'>,
  { algebra, checkpoint, progress }: TaskContext,
): Promise<AlignOutput> {
  const [liveA, liveB] = [liveUnits(train, a), liveUnits(train, b)];
  const [p, q] = [liveA.length, liveB.length];
  const c = pick(correlationBlock(train, a, b), b.count, liveA, liveB);
  const within = pick(correlationBlock(train, b, b), b.count, liveB, liveB);
  const matched = Math.min(p, q);
  const total = (score: Float64Array) =>
    matched === 0 ? 0 : linearAssignment(score, p, q, checkpoint).total;
  const own = total(c);
  const rotated = new Float64Array(analysis.rotations);
  for (let k = 0; k < analysis.rotations; k++) {
    checkpoint();
    progress(k, analysis.rotations);
    const rotation = await randomRotation(q, analysis.seed + k, algebra);
    const scores = await rotatedCorrelations(p, q, c, within, rotation, algebra);
    rotated[k] = matched === 0 ? 0 : total(scores) / matched;
    release(rotation, scores);
  }
  const rotatedMean = rotated.reduce((sum, value) => sum + value, 0) / rotated.length;
  const squares = rotated.reduce((sum, value) => sum + (value - rotatedMean) ** 2, 0);
  const rotatedStd = Math.sqrt(squares / Math.max(1, rotated.length - 1));
  const matchMean = matched === 0 ? 0 : own / matched;
  // Standardised units have length 1, so the norms of the two layers are sqrt(p) and sqrt(q).
  const norms = Math.sqrt(p * q);
  const s = await algebra.singularValues(p, q, c);
  const rotationScore = norms > 0 ? s.reduce((sum, value) => sum + value, 0) / norms : 0;
  const headline: Record<string, number> = {
    matchMean,
    rotatedMean,
    rotatedStd,
    permutationScore: norms > 0 ? own / norms : 0,
    rotationScore,
    linearScore: await linearScore(train, a, liveA, c, within, algebra),
    rotations: analysis.rotations,
    unitsA: p,
    unitsB: q,
  };
  if (rotatedStd > 0) headline.zScore = (matchMean - rotatedMean) / rotatedStd;
  return { headline, arrays: [values('rotated-match-mean', rotated)] };
}

/** Mean canonical correlation of the standardised units: likeness after any invertible map of either side. */
async function linearScore(
  train: SharedMoments,
  a: UnitRange,
  liveA: Int32Array,
  c: Float64Array,
  withinB: Float64Array,
  algebra: TaskContext['algebra'],
): Promise<number> {
  const withinA = pick(correlationBlock(train, a, a), a.count, liveA, liveA);
  const [p, q] = [liveA.length, Math.round(Math.sqrt(withinB.length))];
  const x = await principalComponents(p, withinA, algebra);
  release(withinA);
  const y = await principalComponents(q, withinB, algebra);
  const cross = await whitenedCross({ p, q, xy: c }, x, y, algebra);
  return (await canonicalSpectrum(cross, algebra)).mean;
}

function liveUnits(train: SharedMoments, range: UnitRange): Int32Array {
  const dead = deadIn(train, range);
  return Int32Array.from(dead.keys()).filter((unit) => dead[unit] === 0);
}

/** Live rows and columns of a block, whose memory is given back. */
function pick(block: Float64Array, cols: number, rows: Int32Array, columns: Int32Array): Float64Array {
  const part = new Float64Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) for (const col of columns) part[at++] = block[row * cols + col];
  release(block);
  return part;
}
