import { AppError } from '#core/errors.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { summariseMatching } from '#core/numeric/matching/agreement.ts';
import { diagonalOrder } from '#core/numeric/matching/display-order.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { semiMatching } from '#core/numeric/matching/semi-matching.ts';
import { transpose } from '#core/numeric/matching/transpose.ts';
import { correlationBlock, deadIn } from './correlation-block.ts';
import {
  indices,
  matrix,
  values,
  type AlignInput,
  type AlignOutput,
  type MatchingInformation,
  type TaskContext,
  type UnitRange,
} from './task.ts';

/**
 * Matching and semi-matching by mutual information (methods section 3), of the training fold. The raw value is matched, as in the paper; the corrected one and the level of shuffled images stand beside it.
 */
export function mutualInformationTask(
  { analysis, a, b, train, second }: AlignInput<'mutual-information'>,
  { checkpoint, progress }: Pick<TaskContext, 'checkpoint' | 'progress'>,
): AlignOutput {
  const found = second?.matching;
  if (found?.bins !== analysis.bins)
    throw new AppError('internal', 'Matching by mutual information was asked for without it.');
  const { information: raw, shuffled } = found;
  progress(1, 3);
  const semi = semiMatching(raw, a.count, b.count, deadIn(train, a));
  const semiB = semiMatching(transpose(raw, a.count, b.count), b.count, a.count, deadIn(train, b));
  const match = linearAssignment(raw, a.count, b.count, checkpoint);
  progress(2, 3);
  const byCorrelation = linearAssignment(correlationBlock(train, a, b), a.count, b.count, checkpoint);
  const { agreement, semiMean, matchMean, matched } = summariseMatching(semi, match);
  const order = diagonalOrder(match.partner, b.count);
  const arrays: NamedArray[] = [
    matrix('mi', a.count, b.count, raw),
    matrix('mi-corrected', a.count, b.count, found.corrected),
    matrix('mi-null', a.count, b.count, shuffled),
    indices('semi', semi.partner),
    values('semi-value', semi.value),
    indices('semi-b', semiB.partner),
    values('semi-b-value', semiB.value),
    indices('match', match.partner),
    values('match-value', match.value),
    indices('match-by-correlation', byCorrelation.partner),
    indices('order-a', order.rows),
    indices('order-b', order.cols),
    values('entropy-a', found.entropyA),
    values('entropy-b', found.entropyB),
    edgesOf('edges-a', found, a),
    edgesOf('edges-b', found, b),
  ];
  const headline: Record<string, number> = {
    semiMean,
    matchMean,
    samples: found.samples,
    agreement,
    matched,
    matchMeanCorrected: meanOfPairs(match.partner, found.corrected, b.count),
    agreementWithCorrelation: agreeing(match.partner, byCorrelation.partner),
    entropyMeanA: mean(found.entropyA),
    entropyMeanB: mean(found.entropyB),
    bins: analysis.bins,
    edgeSamples: found.edgeSamples,
    nullMean: mean(shuffled),
    nullMatchMean: summariseMatching(
      semiMatching(shuffled, a.count, b.count, deadIn(train, a)),
      linearAssignment(shuffled, a.count, b.count, checkpoint),
    ).matchMean,
  };
  progress(3, 3);
  return { headline, arrays };
}

/** Edges a unit does not use are left as they are stored, above every value. */
function edgesOf(name: string, { edges, bins }: MatchingInformation, range: UnitRange): NamedArray {
  const cols = bins - 1;
  const part = edges.slice(range.start * cols, (range.start + range.count) * cols);
  return matrix(
    name,
    range.count,
    cols,
    part.map((edge) => (Number.isNaN(edge) ? Infinity : edge)),
  );
}

function meanOfPairs(partner: Int32Array, score: Float64Array, cols: number): number {
  let [sum, count] = [0, 0];
  partner.forEach((col, row) => {
    if (col < 0) return;
    sum += score[row * cols + col];
    count++;
  });
  return count === 0 ? 0 : sum / count;
}

/** Share of the matched units that both matchings give the same partner. */
function agreeing(one: Int32Array, other: Int32Array): number {
  let [same, matched] = [0, 0];
  one.forEach((col, row) => {
    if (col < 0) return;
    matched++;
    if (other[row] === col) same++;
  });
  return matched === 0 ? 0 : same / matched;
}

function mean(list: Float64Array): number {
  return list.length === 0 ? 0 : list.reduce((sum, value) => sum + value, 0) / list.length;
}
