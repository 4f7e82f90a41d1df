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

/** Methods of `subspaces` on single samples, which have rows of their own: they are not among the defaults. */
export const samplesMethods = ['rbf-cka', 'rsa'] as const satisfies readonly SubspaceMethod[];
export type SamplesMethod = (typeof samplesMethods)[number];

/**
 * Memory at work grows with matrices of units at most, and time with decompositions of them: what a few sizes of a noisy
 * measurement say beyond that is not believed. Less than 16 MiB or 10 microseconds is within the measurement's noise.
 */
const bounds = {
  seconds: { least: 1e-5, steepest: 3.5 },
  bytes: { least: 1, steepest: 2 },
  workMiB: { least: 16, steepest: 2 },
};

/** Cost of one result, from the measured table; options scale what they multiply. */
export function taskCost(analysis: RecipeAnalysis, { units, layers }: TaskSize): TaskCost {
  const at = (size: number, factor: number): TaskCost => costFrom(analysis.name, size, factor);
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
      return subspacesCost(analysis.methods, side);
    case 'many-networks':
      return at(side, pairsOf(units.length) / pairsOf(reference.networks));
    case 'layer-map':
      return at(side, (layers / reference.layers) ** 2);
    default:
      return at(side, 1);
  }
}

function costFrom(name: keyof typeof analysisCosts, size: number, factor: number): TaskCost {
  const table: readonly CostPoint[] = analysisCosts[name];
  const curve = (what: keyof typeof bounds) =>
    costAt(
      table.map((point) => ({ size: point.units, value: point[what] })),
      size,
      bounds[what],
    );
  return {
    seconds: factor * curve('seconds'),
    bytes: factor * curve('bytes'),
    workBytes: curve('workMiB') * 2 ** 20,
  };
}

const usualMethods = 10;

function subspacesCost(methods: readonly SubspaceMethod[], side: number): TaskCost {
  const onSamples = samplesMethods.filter((method) => methods.includes(method));
  const usual = costFrom('subspaces', side, (methods.length - onSamples.length) / usualMethods);
  const parts = [usual, ...onSamples.map((method) => costFrom(method, side, 1))];
  const sum = (what: keyof TaskCost) => parts.reduce((total, part) => total + part[what], 0);
  return {
    seconds: sum('seconds'),
    bytes: sum('bytes'),
    // One method after the other.
    workBytes: Math.max(...parts.map(({ workBytes }) => workBytes)),
  };
}

function pairsOf(networks: number): number {
  return (networks * (networks - 1)) / 2;
}
