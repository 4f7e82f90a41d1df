import type { TopInputs, UnitStatistics } from '#core/domain/result.ts';
import {
  createJointMoments,
  mergeJointMoments,
  type JointMoments,
} from '#core/numeric/moments/joint-moments.ts';
import {
  createUnitMoments,
  finishUnitStatistics,
  mergeUnitMoments,
  type UnitMoments,
} from '#core/numeric/moments/unit-moments.ts';

/** Moments of one fold of a run of images, the joint ones' upper triangle alone. */
export interface FoldState {
  joint: JointMoments;
  units: UnitMoments[];
}

/** Everything one layer's samples leave behind. */
export interface AccumulatedLayer {
  /** Per fold. */
  samples: number[];
  folds: { joint: JointMoments; statistics: UnitStatistics[] }[];
  /** The training samples of every run of images, upper triangles alone; empty where there is one run. */
  blocks: JointMoments[];
  /** Moments of the training fold with the networks' images shuffled against each other. */
  nulls: JointMoments[];
  top: TopInputs[];
}

/** Moments without samples, one set a fold. */
export function emptyFolds(folds: number, units: readonly number[]): FoldState[] {
  const total = units.reduce((sum, count) => sum + count, 0);
  return Array.from({ length: folds }, () => ({
    joint: createJointMoments(total),
    units: units.map((count) => createUnitMoments(count)),
  }));
}

/** Adds the moments of other images, fold by fold. */
export function mergeFolds(into: readonly FoldState[], other: readonly FoldState[]): void {
  other.forEach((fold, index) => {
    mergeJointMoments(into[index].joint, fold.joint);
    fold.units.forEach((units, part) => mergeUnitMoments(into[index].units[part], units));
  });
}

/** What a layer leaves behind: its runs of images merged in their order, and each where there are several. */
export function finishLayer(
  runs: readonly FoldState[][],
  nulls: JointMoments[],
  top: TopInputs[],
): AccumulatedLayer {
  const [first] = runs;
  // A single run is the whole; a copy of it would double the memory.
  const folds = runs.length === 1 ? first : mergedRuns(runs);
  return {
    samples: folds.map((fold) => fold.joint.n),
    folds: folds.map((fold) => ({
      joint: fold.joint,
      statistics: fold.units.map((units) => finishUnitStatistics(units)),
    })),
    blocks: runs.length > 1 ? runs.map((run) => run[0].joint) : [],
    nulls,
    top,
  };
}

function mergedRuns(runs: readonly FoldState[][]): FoldState[] {
  const [first] = runs;
  const folds = emptyFolds(
    first.length,
    first[0].units.map(({ units }) => units),
  );
  for (const run of runs) mergeFolds(folds, run);
  return folds;
}
