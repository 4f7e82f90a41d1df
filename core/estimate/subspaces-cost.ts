import type { SubspaceMethod } from '../domain/recipe.ts';
import { mostJackknifed } from '../domain/resampling-bounds.ts';
import { noCost, rowCost, together, type TaskCost } from './row-cost.ts';

/** Rows of the table for the usual methods: who asks for two methods of a row pays once. */
const usualRows = ['cka', 'procrustes', 'cca', 'pwcca', 'shared-dimensions', 'svcca', 'regression'] as const;
type MethodRow = (typeof usualRows)[number] | 'rbf-cka' | 'rsa';

const rowOf: Record<SubspaceMethod, MethodRow> = {
  cka: 'cka',
  dimensionality: 'cka',
  'soft-matching': 'cka',
  procrustes: 'procrustes',
  cca: 'cca',
  pwcca: 'pwcca',
  svcca: 'svcca',
  'principal-angles': 'svcca',
  'shared-dimensions': 'shared-dimensions',
  regression: 'regression',
  'rbf-cka': 'rbf-cka',
  rsa: 'rsa',
};

/** Rows that contain all of another's work: canonical correlations, their directions, and what is made of those. */
const contains: Partial<Record<MethodRow, MethodRow[]>> = {
  pwcca: ['cca'],
  'shared-dimensions': ['cca', 'pwcca'],
};

/** Groups of images that the row of standard errors was measured with. */
const measuredGroups = 20;

interface PairSize {
  units: readonly number[];
  /** Units of all networks of the layer. */
  joint: number;
  /** Groups of images with moments of their own. */
  groups: number;
}

/** Cost of some methods of `subspaces` on one pair, as native-workers/align/subspaces-task.ts goes through them. */
export function subspacesCost(methods: readonly SubspaceMethod[], pair: PairSize): TaskCost {
  const rows = [...new Set(methods.map((method) => rowOf[method]))];
  // Each network's own moments are decomposed: the wider side prevails.
  const side = Math.cbrt(pair.units.reduce((sum, count) => sum + count ** 3, 0) / pair.units.length);
  const usual = usualRows.filter((row) => rows.includes(row));
  const onSamples = rows.filter((row) => row === 'rbf-cka' || row === 'rsa');
  return together([
    usualCost(usual, side),
    ...onSamples.map((row) => rowCost(row, side)),
    errorsCost(usual, side, pair),
  ]);
}

/** Some methods by rows of their own, which count what they share more than once; never more than all together. */
function usualCost(rows: readonly MethodRow[], side: number): TaskCost {
  const contained = rows.flatMap((row) => contains[row] ?? []);
  const costs = rows.map((row) => rowCost(row, side));
  const some = together(costs.filter((_, index) => !contained.includes(rows[index])));
  const all = rowCost('subspaces', side);
  if (rows.length < usualRows.length && some.seconds < all.seconds) return some;
  return { ...all, workBytes: together([all, ...costs]).workBytes };
}

/** Standard errors: every group of images is left out once, and what has an error is computed again. */
function errorsCost(rows: readonly MethodRow[], side: number, { units, joint, groups }: PairSize): TaskCost {
  if (groups < 2 || units.reduce((sum, count) => sum + count, 0) > mostJackknifed) return noCost;
  // The others are merged each time, over the units of all networks; two networks were measured.
  const merging = rowCost('groups-left-out', joint / 2, (groups / measuredGroups) ** 2);
  const again = [noCost];
  if (rows.includes('cca')) again.push(rowCost('cca', side, groups));
  if (rows.includes('procrustes')) {
    const [whole, variances] = [rowCost('procrustes', side, groups), rowCost('cka', side, groups)];
    // The variances of the components are not needed again.
    again.push({
      ...whole,
      seconds: Math.max(0, whole.seconds - variances.seconds),
      dividedSeconds: Math.max(0, whole.dividedSeconds - variances.dividedSeconds),
    });
  }
  return { ...together([merging, ...again]), bytes: 0 };
}
