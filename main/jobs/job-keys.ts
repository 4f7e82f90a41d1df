import { createHash } from 'node:crypto';
import type { Recipe, RecipeAnalysis, RecipeData, RecipeLayer } from '#core/domain/recipe.ts';
import { kernelVersions } from '#core/version.ts';

/** Hashes of the files a recipe names. */
export interface InputHashes {
  /** Of activations alone, which have no data: of their hashes. */
  data: string;
  models: Record<string, string>;
  /** Of the files beside the models that hold their weights, by network; only where there are any. */
  weights?: Record<string, string>;
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
  const { images: _path, arrays, vocabulary: _shown, ...reading }: Partial<RecipeData> = recipe.data ?? {};
  const keys =
    arrays && Object.fromEntries(Object.entries(arrays).map(([name, { key }]) => [name, key ?? null]));
  return {
    data: hashes.data,
    reading: { ...reading, arrays: keys },
    folds: recipe.folds,
    provider: recipe.provider,
  };
}

export function captureKey(recipe: Recipe, hashes: InputHashes, what: Record<string, unknown>): string {
  const networks = recipe.networks.map((network) => ({
    name: network.name,
    model: hashes.models[network.name],
    weights: hashes.weights?.[network.name],
    ...readingOf(recipe, network.name),
  }));
  return hashOf({
    kernel: 'capture',
    version: kernelVersions.capture,
    networks,
    layers: recipe.layers,
    ...what,
    ...inputsOf(recipe, hashes),
  });
}

/** What a network reads where it differs from the data's. */
function readingOf({ networks }: Recipe, name: string) {
  const network = networks.find((candidate) => candidate.name === name);
  if (!network) return {};
  return network.model === undefined
    ? { ids: network.ids }
    : { preprocess: network.preprocess, inputs: network.inputs };
}

/**
 * A result depends on the networks it is about alone, so adding one to the recipe reuses the rest.
 *
 * @param layers one, or all of them for a result about a pair's layers
 * @param networks the pair, or all networks of a group
 */
export function resultKey(
  recipe: Recipe,
  hashes: InputHashes,
  analysis: RecipeAnalysis,
  layers: readonly RecipeLayer[],
  networks: readonly string[],
): string {
  const side = (name: string, layer: RecipeLayer) => ({
    name,
    model: hashes.models[name],
    weights: hashes.weights?.[name],
    tensor: layer.tensors[name],
    // Left out where the recipe says nothing: results without it keep their keys.
    axes: layer.axes?.[name],
    ...readingOf(recipe, name),
  });
  return hashOf({
    kernel: analysis,
    version: kernelVersions[analysis.name],
    ...inputsOf(recipe, hashes),
    ...(layers.length === 1 && networks.length === 2
      ? {
          layer: { name: layers[0].name, sample: layers[0].sample },
          a: side(networks[0], layers[0]),
          b: side(networks[1], layers[0]),
        }
      : {
          layers: layers.map((layer) => ({ name: layer.name, sample: layer.sample })),
          networks: networks.map((name) => layers.map((layer) => side(name, layer))),
        }),
  });
}
