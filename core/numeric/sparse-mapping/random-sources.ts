import { createRandom, sampleWithoutReplacement } from '../../random.ts';
import { plainArithmetic, type LassoArithmetic } from './lasso-arithmetic.ts';
import type { StandardisedProblem } from './standardised-problem.ts';

/** A source that earlier ones explain to this share of its variance adds nothing. */
const rankTolerance = 1e-10;

/**
 * Loss of least squares on as many random sources as a mapping used, for a range of its targets: what a mapping of that
 * size scores when its sources are not chosen. (1 - c' C^-1 c) / 2 of the drawn sources, by Cholesky; where they are
 * dependent, one source at a time, and those that earlier ones explain are passed over. Draws are seeded by the target,
 * so any partition of the targets gives the same bits. O(rows x count x sources^3 / 3).
 *
 * @param counts [rows x count] sources of every mapping of the range, rows over penalties
 * @returns [rows x count]
 */
export function randomSourcesLosses(
  problem: StandardisedProblem,
  range: { start: number; count: number },
  counts: Float64Array,
  arithmetic: LassoArithmetic = plainArithmetic,
  checkpoint: () => void = () => undefined,
): Float64Array {
  const losses = new Float64Array(counts.length);
  if (range.count === 0) return losses;
  const p = problem.sources.length;
  const room: Room = { matrix: arithmetic.float64(p * p), scores: arithmetic.float64(p) };
  for (let target = 0; target < range.count; target++) {
    checkpoint();
    const random = createRandom(range.start + target);
    for (let at = target; at < counts.length; at += range.count) {
      const drawn = sampleWithoutReplacement(p, counts[at], random);
      losses[at] =
        togetherLoss(problem, range.start + target, drawn, arithmetic, room) ??
        oneByOneLoss(problem, range.start + target, drawn);
    }
  }
  return losses;
}

interface Room {
  matrix: Float64Array;
  scores: Float64Array;
}

/** Null where the sources are dependent. */
function togetherLoss(
  { gram, between, sources }: StandardisedProblem,
  target: number,
  drawn: ArrayLike<number>,
  arithmetic: LassoArithmetic,
  { matrix, scores }: Room,
): number | null {
  const [p, count] = [sources.length, drawn.length];
  for (let i = 0; i < count; i++) {
    scores[i] = between[target * p + drawn[i]];
    for (let j = 0; j <= i; j++) matrix[i * count + j] = gram[drawn[i] * p + drawn[j]];
  }
  if (!arithmetic.factorise(count, matrix, rankTolerance)) return null;
  arithmetic.solve(count, matrix, scores);
  let explained = 0;
  for (let i = 0; i < count; i++) explained += scores[i] * between[target * p + drawn[i]];
  return lossOf(1 - explained);
}

function oneByOneLoss(problem: StandardisedProblem, target: number, drawn: ArrayLike<number>): number {
  const p = problem.sources.length;
  const count = drawn.length;
  const factor = new Float64Array(count * count);
  const scores = new Float64Array(count);
  const kept: number[] = [];
  let unexplained = 1;
  for (let draw = 0; draw < count; draw++) {
    const source = drawn[draw];
    const size = kept.length;
    const row = size * count;
    let own = problem.gram[source * p + source];
    let score = problem.between[target * p + source];
    for (let i = 0; i < size; i++) {
      let entry = problem.gram[source * p + kept[i]];
      for (let k = 0; k < i; k++) entry -= factor[row + k] * factor[i * count + k];
      entry /= factor[i * count + i];
      factor[row + i] = entry;
      own -= entry * entry;
      score -= entry * scores[i];
    }
    if (own <= rankTolerance) continue;
    factor[row + size] = Math.sqrt(own);
    scores[size] = score / factor[row + size];
    unexplained -= scores[size] ** 2;
    kept.push(source);
  }
  return lossOf(unexplained);
}

function lossOf(unexplained: number): number {
  return Math.min(0.5, Math.max(0, unexplained / 2));
}
