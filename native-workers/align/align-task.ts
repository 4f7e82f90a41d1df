import type { RecipeAnalysis } from '#core/domain/recipe.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { correlationFromMoments } from '#core/numeric/correlation/correlation-from-moments.ts';
import { summariseMatching } from '#core/numeric/matching/agreement.ts';
import { diagonalOrder, orderByValue } from '#core/numeric/matching/display-order.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { scoreFromCorrelation } from '#core/numeric/matching/scores.ts';
import { semiMatching, type UnitPartners } from '#core/numeric/matching/semi-matching.ts';
import { createJointMoments, type JointMoments } from '#core/numeric/moments/joint-moments.ts';
import { transpose } from '#core/numeric/matching/transpose.ts';

/** The joint moments of one fold as they are handed between threads. */
export interface SharedMoments {
  n: number;
  units: number;
  /** Means, then second moments: see `createJointMoments`. */
  buffer: SharedArrayBuffer;
  dead: Uint8Array;
}

export interface AlignInput {
  analysis: RecipeAnalysis;
  /** Ranges of the joint units. */
  a: { start: number; count: number };
  b: { start: number; count: number };
  train: SharedMoments;
  test: SharedMoments | null;
}

export interface AlignOutput {
  headline: Record<string, number>;
  arrays: NamedArray[];
}

/**
 * One analysis of one layer of one network pair, from the joint moments alone. Fitted on the training fold; with a
 * test fold the same partners are scored there too. Bit-equal for any number of threads: a task is one thread's work.
 *
 * @param checkpoint throws to cancel
 */
export function alignTask(input: AlignInput, checkpoint: () => void): AlignOutput {
  return input.analysis.name === 'correlation'
    ? correlation(input)
    : matching(input, input.analysis.score, checkpoint);
}

function momentsOf(shared: SharedMoments): JointMoments {
  return createJointMoments(shared.units, shared.buffer, shared.n);
}

function block(fold: SharedMoments, rows: AlignInput['a'], cols: AlignInput['b']): Float64Array {
  const range = { rowStart: rows.start, rowCount: rows.count, colStart: cols.start, colCount: cols.count };
  return correlationFromMoments(momentsOf(fold), range, fold.dead);
}

function deadOf(fold: SharedMoments, range: AlignInput['a']): Uint8Array {
  return fold.dead.slice(range.start, range.start + range.count);
}

function sum(mask: Uint8Array): number {
  return mask.reduce((total, value) => total + value, 0);
}

function correlation(input: AlignInput): AlignOutput {
  const { a, b, train } = input;
  const matrix = (name: string, rows: AlignInput['a'], cols: AlignInput['a']): NamedArray => {
    const data = block(train, rows, cols);
    return { name, dtype: 'float64', rows: rows.count, cols: cols.count, data };
  };
  return {
    headline: {
      samples: train.n,
      testSamples: input.test?.n ?? 0,
      unitsA: a.count,
      unitsB: b.count,
      deadA: sum(deadOf(train, a)),
      deadB: sum(deadOf(train, b)),
    },
    arrays: [matrix('between', a, b), matrix('within-a', a, a), matrix('within-b', b, b)],
  };
}

function matching(
  input: AlignInput,
  kind: 'correlation' | 'absolute-correlation',
  checkpoint: () => void,
): AlignOutput {
  const { a, b, train, test } = input;
  const between = block(train, a, b);
  const score = scoreFromCorrelation(kind, between);
  const semi = semiMatching(score, a.count, b.count, deadOf(train, a));
  const semiB = semiMatching(transpose(score, a.count, b.count), b.count, a.count, deadOf(train, b));
  checkpoint();
  const match = linearAssignment(score, a.count, b.count, checkpoint);
  const { agreement, semiMean, matchMean, matched } = summariseMatching(semi, match);
  const semiMeanB = semiB.value.reduce((total, value) => total + value, 0) / b.count;
  const headline: Record<string, number> = {
    semiMean,
    matchMean,
    agreement,
    semiMeanB,
    matched,
    total: match.total,
  };
  const arrays = matchingArrays(semi, semiB, match, between, a.count, b.count);
  if (test)
    addHeldOut({ headline, arrays, semi, match }, scoreFromCorrelation(kind, block(test, a, b)), b.count);
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
  const permuted = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++)
      permuted[row * cols + col] = between[order.rows[row] * cols + order.cols[col]];
  }
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
    { name: 'permuted', dtype: 'float32', rows, cols, data: permuted },
  ];
}

/** The training fold's partners, scored on images they were not chosen on. */
function addHeldOut(
  result: AlignOutput & { semi: UnitPartners; match: UnitPartners },
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

function indices(name: string, data: Int32Array): NamedArray {
  return { name, dtype: 'int32', rows: 1, cols: data.length, data };
}

function values(name: string, data: Float64Array): NamedArray {
  return { name, dtype: 'float64', rows: 1, cols: data.length, data };
}
