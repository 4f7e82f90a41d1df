import type { RecipeAnalysis, SubspaceMethod } from '../domain/recipe.ts';
import { analysisCosts, type CostPoint } from './analysis-costs.ts';
import { costAt } from './cost-curve.ts';

/** The units that one result is about. */
export interface TaskSize {
  /** Of the pair, or of all networks of a group. */
  units: readonly number[];
  /** Layers of a layer map. */
  layers: number;
}

export interface TaskCost {
  /** Of one thread of the reference machine. */
  seconds: number;
  bytes: number;
  workBytes: number;
}

/** What the table was measured with: see scripts/bench/analysis-costs.ts. */
const reference = { networks: 4, layers: 4, alphas: 6, rotations: 10, resamples: 1000, epsilons: 5, cuts: 2 };

/** Methods of `subspaces` that are not among the table's defaults, as shares of all defaults together. */
const samplesShare: Partial<Record<SubspaceMethod, number>> = { 'rbf-cka': 0.6, rsa: 0.6 };

/** Cost of one result, from the measured table; options scale what they multiply. */
export function taskCost(analysis: RecipeAnalysis, { units, layers }: TaskSize): TaskCost {
  const table: readonly CostPoint[] = analysisCosts[analysis.name];
  const at = (size: number, factor: number): TaskCost => ({
    seconds: factor * curve(table, size, (point) => point.seconds),
    bytes: factor * curve(table, size, (point) => point.bytes),
    workBytes: curve(table, size, (point) => point.workMiB) * 2 ** 20,
  });
  const total = units.reduce((sum, count) => sum + count, 0);
  // Both sides enter most results by their product (pairs of units).
  const side = units.length === 2 ? Math.sqrt(Math.max(1, units[0] * units[1])) : total / units.length;
  switch (analysis.name) {
    case 'sparse-mapping':
      return at(side, analysis.alphas.length / reference.alphas);
    case 'code':
      return at(side, analysis.rotations / reference.rotations);
    case 'neighbourhoods':
      return at(side, analysis.epsilons.length / reference.epsilons);
    case 'certainty': {
      const cost = at(side, 1);
      // Resamples keep the pairs; the rest of a result is matched anew a fixed number of times.
      return { ...cost, seconds: cost.seconds * (0.7 + 0.3 * (analysis.resamples / reference.resamples)) };
    }
    case 'spectral-clusters':
      return at(total / 2, (1 + analysis.k.length) / (1 + reference.cuts));
    case 'subspaces':
      return at(side, subspacesShare(analysis.methods));
    case 'many-networks':
      return at(side, pairsOf(units.length) / pairsOf(reference.networks));
    case 'layer-map':
      return at(side, (layers / reference.layers) ** 2);
    default:
      return at(side, 1);
  }
}

function curve(table: readonly CostPoint[], size: number, pick: (point: CostPoint) => number): number {
  return costAt(
    table.map((point) => ({ size: point.units, value: pick(point) })),
    size,
  );
}

const usualMethods = 10;

function subspacesShare(methods: readonly SubspaceMethod[]): number {
  return methods.reduce((sum, method) => sum + (samplesShare[method] ?? 1 / usualMethods), 0);
}

function pairsOf(networks: number): number {
  return (networks * (networks - 1)) / 2;
}
