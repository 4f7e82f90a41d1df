import type { NamedArray } from '#core/domain/result.ts';
import { summariseMatching } from '#core/numeric/matching/agreement.ts';
import { diagonalOrder, orderByValue } from '#core/numeric/matching/display-order.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { scoreFromCorrelation } from '#core/numeric/matching/scores.ts';
import { semiMatching, type UnitPartners } from '#core/numeric/matching/semi-matching.ts';
import { transpose } from '#core/numeric/matching/transpose.ts';
import { correlationBlock, deadIn } from './correlation-block.ts';
import {
  bandedMatrix,
  indices,
  values,
  type AlignInput,
  type AlignOutput,
  type TaskContext,
} from './task.ts';

type NumberHeadline = Record<string, number>;

/** Semi-matching and optimal matching (methods section 2), fitted on the training fold, scored on the held-out one. */
export function matchingTask(
  input: AlignInput<'matching'>,
  { checkpoint }: Pick<TaskContext, 'checkpoint'>,
): AlignOutput {
  const { a, b, train, test } = input;
  const kind = input.analysis.score;
  const between = correlationBlock(train, a, b);
  const score = scoreFromCorrelation(kind, between);
  const semi = semiMatching(score, a.count, b.count, deadIn(train, a));
  const semiB = semiMatching(transpose(score, a.count, b.count), b.count, a.count, deadIn(train, b));
  checkpoint();
  const match = linearAssignment(score, a.count, b.count, checkpoint);
  const { agreement, semiMean, matchMean, matched } = summariseMatching(semi, match);
  const semiMeanB = semiB.value.reduce((total, value) => total + value, 0) / b.count;
  const headline: NumberHeadline = {
    semiMean,
    matchMean,
    agreement,
    semiMeanB,
    matched,
    total: match.total,
  };
  const arrays = matchingArrays(semi, semiB, match, between, a.count, b.count);
  if (test)
    addHeldOut(
      { headline, arrays, semi, match },
      scoreFromCorrelation(kind, correlationBlock(test, a, b)),
      b.count,
    );
  return { headline, arrays };
}

function matchingArrays(
  semi: UnitPartners,
  semiB: UnitPartners,
  match: UnitPartners,
  between: Float64Array,
  rows: number,
  cols: number,
): NamedArray[] {
  const natural = Int32Array.from({ length: rows }, (_, row) => row);
  const order = diagonalOrder(match.partner, cols, natural);
  const permuted = bandedMatrix('permuted', 'float32', { rows, cols }, (first, count) => {
    const data = new Float32Array(count * cols);
    for (let row = 0; row < count; row++) {
      const from = order.rows[first + row] * cols;
      for (let col = 0; col < cols; col++) data[row * cols + col] = between[from + order.cols[col]];
    }
    return data;
  });
  return [
    indices('semi', semi.partner),
    values('semi-value', semi.value),
    indices('semi-b', semiB.partner),
    values('semi-b-value', semiB.value),
    indices('match', match.partner),
    values('match-value', match.value),
    indices('order-by-semi', orderByValue(semi.value)),
    indices('order-a', order.rows),
    indices('order-b', order.cols),
    permuted,
  ];
}

/** The training fold's partners, scored on images they were not chosen on. */
function addHeldOut(
  result: { headline: NumberHeadline; arrays: NamedArray[]; semi: UnitPartners; match: UnitPartners },
  score: Float64Array,
  cols: number,
): void {
  const rescored = (partners: UnitPartners) =>
    Float64Array.from(partners.partner, (col, row) => (col < 0 ? 0 : score[row * cols + col]));
  const semi = rescored(result.semi);
  const match = rescored(result.match);
  const matched = result.headline.matched;
  result.headline.heldOutSemiMean = semi.reduce((total, value) => total + value, 0) / semi.length;
  result.headline.heldOutMatchMean =
    matched === 0 ? 0 : match.reduce((total, value) => total + value, 0) / matched;
  result.arrays.push(values('semi-value-test', semi), values('match-value-test', match));
}
