import {
  crossValidationFolds,
  crossValidationSplit,
  type Split,
} from '#core/numeric/sparse-mapping/cross-validation.ts';
import { lassoPath, type LassoPath } from '#core/numeric/sparse-mapping/lasso-path.ts';
import { createLassoWorkspace } from '#core/numeric/sparse-mapping/lasso-workspace.ts';
import {
  standardisedProblem,
  type StandardisedProblem,
} from '#core/numeric/sparse-mapping/standardised-problem.ts';
import { simdArithmetic } from '../lasso/lasso-kernel.ts';
import { momentsOf, type AlignInput } from './task.ts';

type Input = AlignInput<'sparse-mapping'>;

const mostFolds = 5;
/** Fewer targets than this are not worth a part of their own. */
const leastTargets = 8;

/** Some targets of one of the lasso problems of a sparse mapping. */
export interface MappingPart {
  /** 0: the training fold; then the splits of the cross-validation. */
  problem: number;
  /** First of the live targets, and how many. */
  start: number;
  count: number;
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

/** All problems, their targets in as many ranges as there are threads; none where there is nothing to split. */
export function mappingParts(input: Input, threads: number): MappingPart[] {
  const { sources, targets } = mappingProblem(input, 0).problem;
  const ranges = Math.min(threads, Math.floor(targets.length / leastTargets));
  if (ranges < 2 || sources.length === 0) return [];
  const bound = (range: number) => Math.floor((range * targets.length) / ranges);
  return Array.from({ length: mappingProblems(input) }, (_, problem) =>
    Array.from({ length: ranges }, (__, range): MappingPart => {
      const start = bound(range);
      return { problem, start, count: bound(range + 1) - start };
    }),
  ).flat();
}

export function solveMappingPart(input: Input, part: MappingPart, checkpoint: () => void): LassoPath {
  return sparseMappingRange(mappingProblem(input, part.problem).problem, part, penalties(input), checkpoint);
}

/** The paths of whole problems, in order, of those of their parts. */
export function joinMappingParts(
  parts: readonly MappingPart[],
  paths: readonly LassoPath[],
  alphas: number,
): LassoPath[] {
  const problems = Math.max(...parts.map(({ problem }) => problem)) + 1;
  return Array.from({ length: problems }, (_, index) => {
    const of = parts
      .map((part, at) => ({ ...part, path: paths[at] }))
      .filter(({ problem }) => problem === index);
    const targets = of.reduce((sum, { count }) => sum + count, 0);
    const { path, count } = of[0];
    const sources = path.weights.length / (alphas * count);
    const whole: LassoPath = {
      weights: new Float64Array(alphas * targets * sources),
      loss: new Float64Array(alphas * targets),
      gap: new Float64Array(alphas * targets),
    };
    for (const part of of) {
      for (let row = 0; row < alphas; row++) {
        const [from, to] = [row * part.count, row * targets + part.start];
        const end = from + part.count;
        whole.weights.set(part.path.weights.subarray(from * sources, end * sources), to * sources);
        whole.loss.set(part.path.loss.subarray(from, end), to);
        whole.gap.set(part.path.gap.subarray(from, end), to);
      }
    }
    return whole;
  });
}
