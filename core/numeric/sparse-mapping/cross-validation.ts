import { createJointMoments, mergeJointMoments, type JointMoments } from '../moments/joint-moments.ts';

/** A split of the samples: moments to fit on, and those held out. */
export interface Split {
  fit: JointMoments;
  heldOut: JointMoments;
}

const withSamples = (groups: readonly JointMoments[]) => groups.filter((group) => group.n > 0);

/** Folds of a cross-validation over disjoint groups of samples: at most `most`; 0 with fewer than two groups that hold samples. */
export function crossValidationFolds(groups: readonly JointMoments[], most: number): number {
  const folds = Math.min(most, withSamples(groups).length);
  return folds < 2 ? 0 : folds;
}

/**
 * The split that holds out fold `fold`: group g (of those with samples) is in fold g mod folds, see
 * `crossValidationFolds`; all other groups are merged to fit on. O(groups x units^2).
 * @throws RangeError for a fold that does not exist.
 */
export function crossValidationSplit(groups: readonly JointMoments[], most: number, fold: number): Split {
  const folds = crossValidationFolds(groups, most);
  if (!(fold >= 0 && fold < folds)) throw new RangeError(`There is no fold ${fold} among ${folds}.`);
  const { units } = groups[0];
  const split = { fit: createJointMoments(units), heldOut: createJointMoments(units) };
  withSamples(groups).forEach((group, at) =>
    mergeJointMoments(at % folds === fold ? split.heldOut : split.fit, group),
  );
  return split;
}

export interface CrossValidationCurve {
  /** [alphas] mean over folds, and its standard error: deviation over folds (n - 1) / sqrt(folds). */
  mean: Float64Array;
  standardError: Float64Array;
  /** The alpha of least mean loss (the larger on a tie). */
  best: number;
  /** The largest alpha whose mean is within one standard error of the least (Breiman et al. 1984, section 3.4.3). */
  oneSe: number;
}

/**
 * Mean and standard error of held-out loss over folds, and the two usual choices of alpha.
 * @param losses one row per fold, [alphas] in the order of `alphas`
 * @throws RangeError with fewer than two folds or no alphas.
 */
export function crossValidationCurve(
  losses: readonly Float64Array[],
  alphas: readonly number[],
): CrossValidationCurve {
  const folds = losses.length;
  if (folds < 2 || alphas.length === 0) {
    throw new RangeError('Cross-validation needs at least two folds and one penalty.');
  }
  const mean = Float64Array.from(alphas, (_, at) => losses.reduce((sum, row) => sum + row[at], 0) / folds);
  const standardError = Float64Array.from(alphas, (_, at) =>
    Math.sqrt(losses.reduce((sum, row) => sum + (row[at] - mean[at]) ** 2, 0) / (folds - 1) / folds),
  );
  let least = 0;
  alphas.forEach((alpha, at) => {
    if (mean[at] < mean[least] || (mean[at] === mean[least] && alpha > alphas[least])) least = at;
  });
  const limit = mean[least] + standardError[least];
  const oneSe = Math.max(...alphas.filter((_, at) => mean[at] <= limit));
  return { mean, standardError, best: alphas[least], oneSe };
}
