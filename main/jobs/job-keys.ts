import { createHash } from 'node:crypto';
import type { Recipe, RecipeAnalysis, RecipeLayer } from '#core/domain/recipe.ts';
import { kernelVersions } from '#core/version.ts';

/** Hashes of the files a recipe names. */
export interface InputHashes {
  data: string;
  models: Record<string, string>;
}

/** SHA-256 of a value's JSON with sorted keys: equal questions have equal keys, whatever order they were written in. */
export function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.sort(([x], [y]) => (x < y ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** What both a capture and every result depend on: the samples, how they are read, and where networks run. */
function inputsOf(recipe: Recipe, hashes: InputHashes) {
  const { images: _path, ...reading } = recipe.data;
  return { data: hashes.data, reading, folds: recipe.folds, provider: recipe.provider };
}

export function captureKey(recipe: Recipe, hashes: InputHashes, topK: number): string {
  const networks = recipe.networks.map(({ name }) => ({ name, model: hashes.models[name] }));
  return hashOf({
    kernel: 'capture',
    version: kernelVersions.capture,
    networks,
    layers: recipe.layers,
    topK,
    ...inputsOf(recipe, hashes),
  });
}

/** A result does not depend on which other networks were in the recipe, so adding one reuses the rest. */
export function resultKey(
  recipe: Recipe,
  hashes: InputHashes,
  analysis: RecipeAnalysis,
  layer: RecipeLayer,
  [a, b]: [string, string],
): string {
  const side = (name: string) => ({ name, model: hashes.models[name], tensor: layer.tensors[name] });
  return hashOf({
    kernel: analysis,
    version: kernelVersions[analysis.name],
    layer: { name: layer.name, sample: layer.sample },
    a: side(a),
    b: side(b),
    ...inputsOf(recipe, hashes),
  });
}
