import type { RecipeAnalysis } from '../domain/recipe.ts';
import { mostResampled } from '../domain/resampling-bounds.ts';
import { rowCost, type TaskCost } from './row-cost.ts';
import { subspacesCost } from './subspaces-cost.ts';

/** The units that one result is about. */
export interface TaskSize {
  /** Of the pair, or of all networks of a group. */
  units: readonly number[];
  /** Units of all networks of the layer. */
  joint: number;
  /** Layers of a layer map. */
  layers: number;
  /** Groups of images with moments of their own. */
  groups: number;
}

/** What the table was measured with: see scripts/bench/analysis-costs.ts. */
const reference = {
  networks: 4,
  layers: 4,
  alphas: 6,
  rotations: 10,
  resamples: 1000,
  epsilons: 5,
  clusters: 4 + 8,
};

/** Cost of one result, from the measured table; options scale what they multiply. */
export function taskCost(analysis: RecipeAnalysis, task: TaskSize): TaskCost {
  const { units } = task;
  const at = (size: number, factor: number): TaskCost => rowCost(analysis.name, size, factor);
  const total = units.reduce((sum, count) => sum + count, 0);
  // Both sides enter most results by their product (pairs of units).
  const side = units.length === 2 ? Math.sqrt(Math.max(1, units[0] * units[1])) : total / units.length;
  switch (analysis.name) {
    case 'sparse-mapping':
      return at(side, analysis.alphas.length / reference.alphas);
    case 'code':
      // The linear score is found once.
      return at(side, 0.2 + 0.8 * (analysis.rotations / reference.rotations));
    case 'neighbourhoods':
      return at(side, analysis.epsilons.length / reference.epsilons);
    case 'certainty': {
      // Resamples keep the pairs; the rest of a result is matched anew a fixed number of times.
      const share = 0.7 + 0.3 * (analysis.resamples / reference.resamples);
      return { ...at(side, share), bytes: at(side, 1).bytes };
    }
    case 'spectral-clusters':
      return clustersCost(analysis.k, total, task.groups);
    case 'subspaces':
      return subspacesCost(analysis.methods, task);
    case 'many-networks':
      return at(side, pairsOf(units.length) / pairsOf(reference.networks));
    case 'layer-map':
      return at(side, (task.layers / reference.layers) ** 2);
    default:
      return at(side, 1);
  }
}

/**
 * A graph of all units; large ones, and images without groups, are not resampled. Cutting takes as long as there are
 * clusters in all cuts, the rest about as long as six more.
 */
function clustersCost(k: readonly number[], units: number, groups: number): TaskCost {
  const isResampled = groups >= 2 && units <= mostResampled;
  const cost = rowCost(isResampled ? 'spectral-clusters' : 'clusters-without-stability', units / 2);
  const factor = k.reduce((sum, clusters) => sum + clusters, 6) / (6 + reference.clusters);
  return { ...cost, seconds: factor * cost.seconds, dividedSeconds: factor * cost.dividedSeconds };
}

function pairsOf(networks: number): number {
  return (networks * (networks - 1)) / 2;
}
