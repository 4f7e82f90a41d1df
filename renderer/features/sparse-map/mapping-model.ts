import type { ResultData } from '../analysis/read-result.ts';

/** One penalty of a sparse mapping. Losses are ½ E[(y − ŷ)²], means over live targets. */
export interface MappingPoint {
  /** As the recipe gives it (the paper's decay in paper mode): names the arrays. */
  alpha: number;
  /** The penalty α of ½ E[(y − w·x)²] + α |w|₁; in paper mode α = q λ. */
  penalty: number;
  loss: number;
  heldOutLoss: number | undefined;
  sourcesMean: number;
  sourcesMedian: number;
  randomSourcesLoss: number | undefined;
  cvLoss: number | undefined;
  cvStandardError: number | undefined;
  /** Row of the arrays that are kept per penalty and target. */
  row: number;
}

/** What predicting nothing scores: the variance of a standardised target, halved. */
export const nothingLoss = 0.5;

export const explainedOf = (loss: number): number => 1 - 2 * loss;

/** One target at one penalty. */
export interface MappingTarget {
  unit: number;
  loss: number;
  /** NaN where there is no test fold. */
  heldOut: number;
  sources: number;
  explained: number;
  bestSingle: number;
}

export const isMappingArray = (name: string): boolean =>
  ['loss', 'held-out-loss', 'sources', 'best-single', 'least-squares-loss', 'random-sources-loss'].includes(
    name,
  );

/** A sparse mapping read for the window: its penalties from sparse to dense, and its targets. */
export class Mapping {
  readonly data: ResultData;
  /** Largest penalty first. */
  readonly points: readonly MappingPoint[];
  /** Decay λ and q, where the recipe followed the paper. */
  readonly isPaper: boolean;
  readonly targetCount: number;
  /** Where held-out losses come from: the test fold, cross-validation, or nowhere. */
  readonly heldOutFrom: 'test' | 'folds' | 'none';
  readonly isDead: Uint8Array;

  constructor(data: ResultData) {
    this.data = data;
    this.isPaper = data.entry.params.mode === 'paper';
    this.heldOutFrom = (['none', 'test', 'folds'] as const)[data.number('heldOutFrom') ?? 0] ?? 'none';
    this.points = data
      .records('points')
      .map((point, row): MappingPoint => ({
        alpha: point.alpha,
        penalty: point.penalty ?? point.alpha,
        loss: point.loss,
        heldOutLoss: point.heldOutLoss,
        sourcesMean: point.sourcesMean,
        sourcesMedian: point.sourcesMedian,
        randomSourcesLoss: point.randomSourcesLoss,
        cvLoss: point.cvLoss,
        cvStandardError: point.cvStandardError,
        row,
      }))
      .sort((p, q) => q.penalty - p.penalty);
    const loss = data.array('loss');
    this.targetCount = loss?.cols ?? 0;
    this.isDead = deadTargets(loss?.data ?? [], this.targetCount);
  }

  /** The point of the one-standard-error rule; undefined where nothing was cross-validated. */
  get oneStandardError(): MappingPoint | undefined {
    const rule = this.data.number('alphaOneSe');
    return this.points.find(({ penalty }) => penalty === rule);
  }

  get bestCrossValidated(): MappingPoint | undefined {
    const best = this.data.number('alphaBest');
    return this.points.find(({ penalty }) => penalty === best);
  }

  /** The point of this alpha, else the one of the one-standard-error rule, else the middle one. */
  chosen(alpha: number | null): MappingPoint | undefined {
    return (
      this.points.find((point) => point.alpha === alpha) ??
      this.oneStandardError ??
      this.points[Math.floor(this.points.length / 2)]
    );
  }

  /** The point some steps towards the dense end; the ends hold. */
  step(from: MappingPoint, by: number): MappingPoint {
    const at = this.points.indexOf(from) + by;
    return this.points[Math.min(this.points.length - 1, Math.max(0, at))];
  }

  weightsOf(point: MappingPoint): string {
    return `weights-${point.alpha}`;
  }

  /** Live targets at a penalty; empty where the result holds no numbers per target. */
  targets(point: MappingPoint): MappingTarget[] {
    const value = (name: string, row: number, unit: number) =>
      this.data.array(name)?.data[row * this.targetCount + unit] ?? NaN;
    const live = Array.from({ length: this.targetCount }, (_, unit) => unit).filter(
      (unit) => !this.isDead[unit],
    );
    return live.map((unit) => {
      const loss = value('loss', point.row, unit);
      return {
        unit,
        loss,
        heldOut: value('held-out-loss', point.row, unit),
        sources: value('sources', point.row, unit),
        explained: explainedOf(loss),
        bestSingle: value('best-single', 0, unit),
      };
    });
  }

  /** How well a target is explained by how many sources, penalty by penalty. */
  course(unit: number): { point: MappingPoint; sources: number; explained: number; heldOut: number }[] {
    return this.points.flatMap((point) => {
      const target = this.targets(point).find((one) => one.unit === unit);
      return target
        ? [
            {
              point,
              sources: target.sources,
              explained: target.explained,
              heldOut: explainedOf(target.heldOut),
            },
          ]
        : [];
    });
  }
}

/**
 * A live target keeps a loss above 0 at every penalty: each source in use is left correlated with the residual by
 * alpha, so that the residual's variance is at least alpha². Dead ones are stored as 0.
 */
function deadTargets(loss: ArrayLike<number>, count: number): Uint8Array {
  const isDead = new Uint8Array(count).fill(1);
  for (let at = 0; at < loss.length; at++) if (loss[at] !== 0) isDead[at % count] = 0;
  return isDead;
}

export type TargetKey = 'unit' | 'loss' | 'heldOut' | 'sources' | 'explained' | 'bestSingle';

/** Sorted copy; equal ones in the order of the units, those without a value last either way. */
export function sortTargets(
  targets: readonly MappingTarget[],
  key: TargetKey,
  isDescending: boolean,
): MappingTarget[] {
  const sign = isDescending ? -1 : 1;
  return [...targets].sort((x, y) => {
    const [u, v] = [x[key], y[key]];
    if (Number.isNaN(u) || Number.isNaN(v))
      return Number(Number.isNaN(u)) - Number(Number.isNaN(v)) || x.unit - y.unit;
    return sign * (u - v) || x.unit - y.unit;
  });
}

export type WeightOrder = 'match' | 'loss' | 'number';

/**
 * Targets (rows) and sources (columns) in the order that is drawn: matches on the diagonal, the best explained
 * targets first with sources by match, or as they are numbered.
 * @param match the order that puts the matches of A (rows) and B (columns) on the diagonal; null without a matching
 */
export function weightOrder(
  order: WeightOrder,
  size: { targets: number; sources: number },
  match: { rows: ArrayLike<number>; cols: ArrayLike<number> } | null,
  targets: readonly MappingTarget[],
): { rows: Int32Array; cols: Int32Array } {
  const plain = (count: number) => Int32Array.from({ length: count }, (_, at) => at);
  const byMatch = match !== null && order !== 'number';
  const cols = byMatch ? Int32Array.from(match.rows) : plain(size.sources);
  if (order !== 'loss') return { rows: byMatch ? Int32Array.from(match.cols) : plain(size.targets), cols };
  const live = sortTargets(targets, 'loss', false).map(({ unit }) => unit);
  const isLive = new Set(live);
  return {
    rows: Int32Array.from([...live, ...plain(size.targets).filter((unit) => !isLive.has(unit))]),
    cols,
  };
}

/** Sources with a weight, largest first. */
export function sourcesOf(weights: ArrayLike<number>): { unit: number; weight: number }[] {
  return Array.from(weights, (weight, unit) => ({ unit, weight }))
    .filter(({ weight }) => weight !== 0)
    .sort((p, q) => Math.abs(q.weight) - Math.abs(p.weight) || p.unit - q.unit);
}
