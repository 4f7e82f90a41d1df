import type { Headline, NamedArray } from '#core/domain/result.ts';
import { bestSingleLoss, leastSquaresWeights } from '#core/numeric/sparse-mapping/baselines.ts';
import {
  crossValidationCurve,
  type CrossValidationCurve,
} from '#core/numeric/sparse-mapping/cross-validation.ts';
import { heldOutLoss } from '#core/numeric/sparse-mapping/held-out-loss.ts';
import type { LassoPath } from '#core/numeric/sparse-mapping/lasso-path.ts';
import {
  heldOutProblem,
  type StandardisedProblem,
} from '#core/numeric/sparse-mapping/standardised-problem.ts';
import {
  mappingProblem,
  mappingProblems,
  penalties,
  sparseMappingRange,
  trainingRange,
} from './sparse-mapping-parts.ts';
import {
  lateMatrix,
  matrix,
  momentsOf,
  values,
  type AlignInput,
  type AlignOutput,
  type SharedMoments,
  type TaskContext,
} from './task.ts';

type Input = AlignInput<'sparse-mapping'>;

/** Few-to-one mapping of B's units from A's (methods section 4), fitted on the training fold. */
export async function sparseMappingTask(input: Input, context: TaskContext): Promise<AlignOutput> {
  const { b } = input;
  const moments = momentsOf(input.train);
  const alphas = penalties(input);
  const { problem } = mappingProblem(input, 0);
  const size = { sources: problem.sources.length, targets: problem.targets.length };
  const all = { start: 0, count: size.targets };
  const solve = () =>
    trainingRange(problem, all, alphas, (done) => {
      context.checkpoint();
      context.progress(done, size.targets);
    });
  const path = input.paths?.[0] ?? solve();
  const curve = crossValidate(input, alphas, context);
  const leastSquares = await leastSquaresWeights(problem, context.algebra);
  const fitted = {
    gram: problem.gram,
    between: problem.between,
    square: new Float64Array(size.targets).fill(1),
  };
  const leastSquaresLoss = lossOf(leastSquares, size, fitted);
  const single = bestSingleLoss(problem);
  const { counts, randomLoss: random } = path;
  const test = heldOut(input.test, problem, moments);
  const held = test ? lossOf(path.weights, size, test) : null;
  const summary = {
    path,
    counts,
    random,
    held,
    curve,
    alphas,
    given: input.analysis.alphas,
    targets: size.targets,
  };
  const headline: Headline = {
    points: points(summary),
    leastSquaresLoss: mean(leastSquaresLoss),
    bestSingleLoss: mean(single),
    liveSources: size.sources,
    liveTargets: size.targets,
    heldOutFrom: held ? 1 : curve ? 2 : 0,
  };
  if (curve) Object.assign(headline, { alphaBest: curve.best, alphaOneSe: curve.oneSe });
  if (test) headline.leastSquaresHeldOutLoss = mean(lossOf(leastSquares, size, test));
  const rows = alphas.length;
  const perTarget = (name: string, data: Float64Array, height = rows) =>
    matrix(name, height, b.count, spread(data, problem.targets, b, height));
  const arrays: NamedArray[] = [
    ...weightArrays(input, problem, path),
    perTarget('loss', path.loss),
    perTarget('duality-gap', path.gap),
    perTarget('sources', counts),
    perTarget('random-sources-loss', random),
    perTarget('best-single', single, 1),
    perTarget('least-squares-loss', leastSquaresLoss, 1),
    values('alphas', Float64Array.from(alphas)),
  ];
  if (held) arrays.push(perTarget('held-out-loss', held));
  if (curve) arrays.push(values('cv-loss', curve.mean), values('cv-standard-error', curve.standardError));
  return { headline, arrays };
}

function heldOut(
  test: SharedMoments | null,
  problem: StandardisedProblem,
  fit: ReturnType<typeof momentsOf>,
) {
  return test && test.n > 0 ? heldOutProblem(fit, momentsOf(test), problem) : null;
}

function lossOf(
  weights: Float64Array,
  { sources, targets }: { sources: number; targets: number },
  problem: Parameters<typeof heldOutLoss>[3],
): Float64Array {
  if (sources > 0) return heldOutLoss(weights, sources, targets, problem);
  return problem.square.map((square) => square / 2);
}

function crossValidate(input: Input, alphas: number[], context: TaskContext): CrossValidationCurve | null {
  const losses: Float64Array[] = [];
  for (let index = 1; index < mappingProblems(input); index++) {
    const { problem, split } = mappingProblem(input, index);
    const size = { sources: problem.sources.length, targets: problem.targets.length };
    if (!split || size.sources === 0 || size.targets === 0) return null;
    const range = { start: 0, count: size.targets };
    const path = input.paths?.[index] ?? sparseMappingRange(problem, range, alphas, context.checkpoint);
    const loss = lossOf(path.weights, size, heldOutProblem(split.fit, split.heldOut, problem));
    losses.push(Float64Array.from(alphas, (_, at) => mean(rowOf(loss, at, size.targets))));
  }
  return losses.length < 2 ? null : crossValidationCurve(losses, alphas);
}

interface Summary {
  path: LassoPath;
  counts: Float64Array;
  random: Float64Array;
  held: Float64Array | null;
  curve: CrossValidationCurve | null;
  alphas: number[];
  given: number[];
  targets: number;
}

function points({
  path,
  counts,
  random,
  held,
  curve,
  alphas,
  given,
  targets,
}: Summary): Record<string, number>[] {
  return alphas.map((alpha, at) => {
    const loss = mean(rowOf(path.loss, at, targets));
    return {
      alpha: given[at],
      penalty: alpha,
      loss,
      heldOutLoss: held ? mean(rowOf(held, at, targets)) : (curve?.mean[at] ?? loss),
      sourcesMean: mean(rowOf(counts, at, targets)),
      sourcesMedian: median(rowOf(counts, at, targets)),
      dualityGap: rowOf(path.gap, at, targets).reduce((top, gap) => Math.max(top, gap), 0),
      randomSourcesLoss: mean(rowOf(random, at, targets)),
      ...(curve ? { cvLoss: curve.mean[at], cvStandardError: curve.standardError[at] } : {}),
    };
  });
}

/** `weights-<alpha>` [units of B x units of A], the alpha as the recipe gives it; dead rows and columns are zero. */
function weightArrays(
  { analysis, a, b }: Input,
  problem: StandardisedProblem,
  path: LassoPath,
): NamedArray[] {
  const { sources, targets } = problem;
  const weightsAt = (at: number) => {
    const full = new Float64Array(b.count * a.count);
    let from = at * targets.length * sources.length;
    for (const target of targets) {
      const row = (target - b.start) * a.count - a.start;
      for (const source of sources) full[row + source] = path.weights[from++];
    }
    return full;
  };
  return analysis.alphas.map((alpha, at) =>
    lateMatrix(`weights-${String(alpha)}`, { rows: b.count, cols: a.count }, () => weightsAt(at)),
  );
}

/** Values of live targets in the places of all units of B; 0 for the dead. */
function spread(
  data: Float64Array,
  targets: Int32Array,
  b: { start: number; count: number },
  rows: number,
): Float64Array {
  const full = new Float64Array(rows * b.count);
  data.forEach((value, at) => {
    const row = Math.floor(at / targets.length);
    full[row * b.count + targets[at % targets.length] - b.start] = value;
  });
  return full;
}

function rowOf(data: Float64Array, row: number, width: number): Float64Array {
  return data.subarray(row * width, (row + 1) * width);
}

function mean(data: Float64Array): number {
  return data.length === 0 ? 0 : data.reduce((sum, value) => sum + value, 0) / data.length;
}

function median(data: Float64Array): number {
  if (data.length === 0) return 0;
  const sorted = data.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
