import { needsOf } from '#core/domain/analysis-needs.ts';
import type { Recipe, RecipeAnalysis, RecipeLayer } from '#core/domain/recipe.ts';
import { allLayers } from '#core/domain/result.ts';
import { resultKey, type InputHashes } from './job-keys.ts';

/** One result to make. */
export interface Task {
  id: string;
  analysis: RecipeAnalysis;
  /** One layer, or all of them. */
  layers: RecipeLayer[];
  layerName: string;
  /** The pair, or the first and last network of the group. */
  pair: [string, string];
  /** The networks of the group; null for a pair. */
  group: string[] | null;
}

/** Every result a recipe asks for: by pair and layer, by group and layer, or by pair. */
export function planTasks(recipe: Recipe, hashes: InputHashes): Task[] {
  const { pairs, layers, analyses, networks } = recipe;
  const names = networks.map((network) => network.name);
  const ends: [string, string] = [names[0], names[names.length - 1]];
  const task = (
    analysis: RecipeAnalysis,
    pair: [string, string],
    of: RecipeLayer[],
    group: string[] | null,
  ): Task => ({
    id: resultKey(recipe, hashes, analysis, of, group ?? pair),
    analysis,
    layers: of,
    layerName: of.length === 1 && needsOf(analysis).scope !== 'layers' ? of[0].name : allLayers,
    pair,
    group,
  });
  const withScope = (scope: string) => analyses.filter((analysis) => needsOf(analysis).scope === scope);
  return [
    ...pairs.flatMap((pair) =>
      layers.flatMap((layer) => withScope('pair').map((analysis) => task(analysis, pair, [layer], null))),
    ),
    ...layers.flatMap((layer) => withScope('group').map((analysis) => task(analysis, ends, [layer], names))),
    ...pairs.flatMap((pair) => withScope('layers').map((analysis) => task(analysis, pair, layers, null))),
  ];
}
