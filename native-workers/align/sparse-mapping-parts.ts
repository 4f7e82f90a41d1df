import {
  crossValidationFolds,
  crossValidationSplit,
  type Split,
} from '#core/numeric/sparse-mapping/cross-validation.ts';
import { lassoPath, type LassoPath } from '#core/numeric/sparse-mapping/lasso-path.ts';
import { createLassoWorkspace } from '#core/numeric/sparse-mapping/lasso-workspace.ts';
import { randomSourcesLosses } from '#core/numeric/sparse-mapping/random-sources.ts';
import {
  standardisedProblem,
  type StandardisedProblem,
} from '#core/numeric/sparse-mapping/standardised-problem.ts';
import { simdArithmetic } from '../lasso/lasso-kernel.ts';
import { deadIn } from './correlation-block.ts';
import { momentsOf, type AlignInput, type MappingPaths, type TrainingPath } from './task.ts';

type Input = AlignInput<'sparse-mapping'>;

const mostFolds = 5;
/** Fewer targets than this are not worth a part of their own. */
const leastTargets = 8;

/** One of several shares of the targets of one of the lasso problems of a sparse mapping. */
export interface MappingPart {
  /** 0: the training fold; then the splits of the cross-validation. */
  problem: number;
  share: number;
  shares: number;
}

/** Of the training fold, and one of every split of the cross-validation. */
export function mappingProblems({ blocks }: Input): number {
  return 1 + crossValidationFolds(blocks.map(momentsOf), mostFolds);
}

/** One lasso problem, and the split of the samples it is of; the training fold has none. */
export function mappingProblem(
  { a, b, train, blocks }: Input,
  index: number,
): { problem: StandardisedProblem; split: Split | null } {
  const split = index === 0 ? null : crossValidationSplit(blocks.map(momentsOf), mostFolds, index - 1);
  return { problem: standardisedProblem(split?.fit ?? momentsOf(train), a, b, train.dead), split };
}

/** The penalties. Paper mode: the paper's decay times the number of target channels, dead ones too (its loss averages over all). */
export function penalties({ analysis, b }: Input): number[] {
  return analysis.mode === 'paper' ? analysis.alphas.map((lambda) => lambda * b.count) : analysis.alphas;
}

/**
 * Lasso paths of a range of targets on a shared Gram matrix: the unit of work that is split over threads. Any
 * partition of the targets gives the same bits.
 */
export function sparseMappingRange(
  problem: StandardisedProblem,
  range: { start: number; count: number },
  alphas: readonly number[],
  checkpoint: (done: number) => void,
): LassoPath {
  const workspace = createLassoWorkspace(problem.sources.length, simdArithmetic(problem.sources.length));
  workspace.gram.set(problem.gram);
  return lassoPath(workspace, problem.between, range, alphas, checkpoint);
}

/** As `sparseMappingRange`, with what random sources would do. */
export function trainingRange(
  problem: StandardisedProblem,
  range: { start: number; count: number },
  alphas: readonly number[],
  checkpoint: (done: number) => void,
): TrainingPath {
  const path = sparseMappingRange(problem, range, alphas, checkpoint);
  const sources = problem.sources.length;
  const counts = Float64Array.from(path.loss, (_, row) =>
    path.weights
      .subarray(row * sources, (row + 1) * sources)
      .reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0),
  );
  const randomLoss = randomSourcesLosses(problem, range, counts, simdArithmetic(sources), () =>
    checkpoint(range.count),
  );
  return { ...path, counts, randomLoss };
}

/** All problems, their targets in as many shares as there are threads; none where there is nothing to split. */
export function mappingParts(input: Input, threads: number): MappingPart[] {
  const live = deadIn(input.train, input.b).reduce((count, dead) => count + 1 - dead, 0);
  const shares = Math.min(threads, Math.floor(live / leastTargets));
  if (shares < 2) return [];
  return Array.from({ length: mappingProblems(input) * shares }, (_, at) => ({
    problem: Math.floor(at / shares),
    share: at % shares,
    shares,
  }));
}

/** The targets are those of the part's own problem: a unit may be constant in one split and not in another. */
export function solveMappingPart(
  input: Input,
  { problem: index, share, shares }: MappingPart,
  checkpoint: () => void,
): LassoPath | TrainingPath {
  const { problem } = mappingProblem(input, index);
  const bound = (of: number) => Math.floor((of * problem.targets.length) / shares);
  const range = { start: bound(share), count: bound(share + 1) - bound(share) };
  const solve = index === 0 ? trainingRange : sparseMappingRange;
  return solve(problem, range, penalties(input), checkpoint);
}

/** The paths of whole problems, in order, of those of `mappingParts`. */
export function joinMappingParts(
  parts: readonly MappingPart[],
  paths: readonly (LassoPath | TrainingPath)[],
  alphas: number,
): MappingPaths {
  const { shares } = parts[0];
  const joined = Array.from({ length: parts.length / shares }, (_, problem) => {
    const own = paths.slice(problem * shares, (problem + 1) * shares);
    const of = (pick: (path: LassoPath) => Float64Array) => joinRows(own.map(pick), alphas);
    return { weights: of(({ weights }) => weights), loss: of(({ loss }) => loss), gap: of(({ gap }) => gap) };
  });
  const training = paths.slice(0, shares) as TrainingPath[];
  const of = (pick: (path: TrainingPath) => Float64Array) => joinRows(training.map(pick), alphas);
  const [first, ...others] = joined;
  return [
    { ...first, counts: of(({ counts }) => counts), randomLoss: of(({ randomLoss }) => randomLoss) },
    ...others,
  ];
}

/** Blocks of as many rows each, side by side. */
function joinRows(blocks: readonly Float64Array[], rows: number): Float64Array {
  const width = blocks.reduce((sum, block) => sum + block.length, 0) / rows;
  const joined = new Float64Array(rows * width);
  let left = 0;
  for (const block of blocks) {
    const own = block.length / rows;
    for (let row = 0; row < rows; row++)
      joined.set(block.subarray(row * own, (row + 1) * own), row * width + left);
    left += own;
  }
  return joined;
}
