import { AppError } from '../errors.ts';
import { listInWords, nearestNames } from '../text/nearest-names.ts';
import {
  recipeSchema,
  sampleAliases,
  type Recipe,
  type RecipeAnalysis,
  type RecipeData,
  type RecipeFile,
  type RecipeLayer,
  type RecipeNetwork,
  type SampleRule,
} from './recipe.ts';
import { needsOf } from './analysis-needs.ts';
import { preprocessOf, resolvePreprocess } from './preprocess.ts';
import { resolveAnalysis } from './resolve-analysis.ts';
import { describeIssues } from './recipe-issues.ts';

/**
 * Checks a parsed recipe wholly and fills in its defaults: pairs = every pair of networks once, in recipe order;
 * folds none; sample = position; provider auto. Paths stay as written.
 *
 * @param value what the YAML held
 * @param label name of the recipe file, for messages
 * @throws AppError `bad-recipe` naming the file, the field and the remedy; `not-available` for a part of the
 *   interface that this version does not run.
 */
export function resolveRecipe(value: unknown, label: string): Recipe {
  const parsed = recipeSchema.safeParse(value);
  if (!parsed.success) throw new AppError('bad-recipe', describeIssues(parsed.error.issues, value, label));
  const file = parsed.data;
  const wrong = (field: string, what: string): never => {
    throw new AppError('bad-recipe', `${label}, ${field}: ${what}`, { field });
  };
  const data = dataOf(file, wrong);
  const networks = networksOf(file, data, wrong);
  const names = networks.map((network) => network.name);
  return {
    title: file.title ?? label.replace(/\.ya?ml$/, ''),
    data,
    networks,
    layers: file.layers.map((layer, index) => layerOf(layer, index, file, names, wrong)),
    pairs: pairsOf(file, names, wrong),
    folds:
      !file.folds || file.folds === 'none' ? null : { test: file.folds.test, seed: file.folds.seed ?? 0 },
    analyses: analysesOf(file, wrong),
    provider: file.provider ?? 'auto',
    threads: file.threads ?? null,
    batch: file.batch ?? null,
    ...(file.memory !== undefined && { memory: file.memory }),
  };
}

type Wrong = (field: string, what: string) => never;

/** Of data whose numbers may be token ids. */
const tokenLayouts = new Set<string>(['NT', 'N', 'as-is']);

/** The first array stands for the data where no images are named. */
function dataOf({ data, networks }: RecipeFile, wrong: Wrong): RecipeData | null {
  if (!data) return null;
  const { images, key, arrays, layout, limit, onError, ids, vocabulary, mask, ...preprocess } = data;
  const [first] = Object.values(arrays ?? {});
  const main = images === undefined ? first : { file: images, key };
  if (main === undefined) return wrong('data.images', 'is missing; add it (a file, or a folder of images).');
  if (vocabulary !== undefined && layout !== undefined && !tokenLayouts.has(layout))
    wrong(
      'data.vocabulary',
      `makes no sense with layout ${layout}: words are for token ids, of layout NT (or N); leave it out.`,
    );
  const named = networks
    .flatMap((network) => Object.values(network.inputs ?? {}))
    .flatMap((input) => ('array' in input ? [input.array] : []));
  const fromInputs =
    images === undefined ? undefined : named.find((name) => !Object.hasOwn(arrays ?? {}, name));
  const mainKey = main.key ?? fromInputs;
  return {
    images: main.file,
    ...(mainKey !== undefined && { key: mainKey }),
    ...(arrays && { arrays }),
    ...(layout && { layout }),
    ...(limit !== undefined && { limit }),
    ...(onError && { onError }),
    ...(ids !== undefined && { ids }),
    ...(vocabulary !== undefined && { vocabulary }),
    ...(mask?.array !== undefined && { mask: { array: mask.array } }),
    ...(mask?.padding !== undefined && { mask: { padding: mask.padding } }),
    ...resolvePreprocess(preprocess),
  };
}

function networksOf(file: RecipeFile, data: RecipeData | null, wrong: Wrong): Recipe['networks'] {
  const seen = new Set<string>();
  return file.networks.map((network, index) => {
    const field = `networks[${index}]`;
    if (seen.has(network.name))
      wrong(`${field}.name`, `"${network.name}" is used twice; give each network a name of its own.`);
    seen.add(network.name);
    if (network.activations !== undefined) return savedNetwork(network, field, wrong);
    if (network.model === undefined)
      wrong(
        field,
        `"${network.name}" has no model; give the path of an ONNX file, or activations: a file of arrays.`,
      );
    if (network.ids !== undefined)
      wrong(`${field}.ids`, `ids are of saved activations; a model takes those of the data (data.ids).`);
    if (!data) return wrong('data', `"${network.name}" is a model and needs inputs; add data.images.`);
    const { preprocess, inputs } = network;
    if (inputs && Object.keys(inputs).length === 0)
      wrong(`${field}.inputs`, 'names no input; name each input of the model, or leave it out.');
    return {
      name: network.name,
      model: network.model,
      ...(preprocess && { preprocess: resolvePreprocess(preprocess, preprocessOf(data)) }),
      ...(inputs && { inputs }),
    };
  });
}

function savedNetwork(
  { name, model, activations, ids }: RecipeFile['networks'][number],
  field: string,
  wrong: Wrong,
): RecipeNetwork {
  if (model !== undefined) wrong(field, `"${name}" has a model and activations; give one of them.`);
  return { name, activations: activations as string, ...(ids !== undefined && { ids }) };
}

function layerOf(
  layer: RecipeFile['layers'][number],
  index: number,
  file: RecipeFile,
  names: string[],
  wrong: Wrong,
): RecipeLayer {
  const field = `layers[${index}]`;
  if (file.layers.findIndex((other) => other.name === layer.name) !== index) {
    wrong(`${field}.name`, `"${layer.name}" is used twice; give each layer a name of its own.`);
  }
  const tensors = ofNetworks(layer.tensors, `${field}.tensors`, names, wrong);
  for (const name of names) {
    if (!(name in tensors)) wrong(`${field}.tensors`, `the tensor of network "${name}" is missing; add it.`);
  }
  return {
    name: layer.name,
    tensors,
    sample: sampleOf(layer),
    ...(layer.axes !== undefined && { axes: ofNetworks(layer.axes, `${field}.axes`, names, wrong) }),
  };
}

/** One value for all networks, or one for each by name. */
function ofNetworks(
  value: string | Record<string, string>,
  field: string,
  names: string[],
  wrong: Wrong,
): Record<string, string> {
  if (typeof value === 'string') return Object.fromEntries(names.map((name) => [name, value]));
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue;
    wrong(field, `there is no network "${name}"; the networks are ${listInWords(names, 'and')}.`);
  }
  return value;
}

function sampleOf(layer: RecipeFile['layers'][number]): SampleRule {
  const sample = layer.sample ?? 'position';
  if (typeof sample !== 'string') return { kind: 'random', count: sample.random, seed: sample.seed ?? 0 };
  if (sample === 'random') return { kind: 'random', count: 16, seed: 0 };
  return {
    kind:
      sample in sampleAliases
        ? sampleAliases[sample as keyof typeof sampleAliases]
        : (sample as SampleRule['kind']),
  };
}

function pairsOf(file: RecipeFile, names: string[], wrong: Wrong): [string, string][] {
  if (!file.pairs) {
    if (names.length === 1)
      wrong('networks', 'there is one network and nothing to compare it with; add a second.');
    return names.flatMap((a, index) => names.slice(index + 1).map((b): [string, string] => [a, b]));
  }
  file.pairs.forEach((pair, index) => {
    for (const name of pair) {
      if (names.includes(name)) continue;
      const near = nearestNames(name, names);
      wrong(`pairs[${index}]`, `there is no network "${name}"; nearest names: ${listInWords(near)}.`);
    }
    const key = JSON.stringify(pair);
    if (file.pairs?.findIndex((other) => JSON.stringify(other) === key) !== index) {
      wrong(`pairs[${index}]`, `${pair.join(' and ')} are paired twice; list each pair once.`);
    }
  });
  return file.pairs;
}

function analysesOf(file: RecipeFile, wrong: Wrong): RecipeAnalysis[] {
  const analyses = file.analyses.map((entry, index) => resolveAnalysis(entry, `analyses[${index}]`, wrong));
  const counted = analyses.filter((analysis) => needsOf(analysis).bins > 0);
  if (new Set(counted.map((analysis) => needsOf(analysis).bins)).size > 1) {
    wrong(
      'analyses',
      'joint histograms of one run have one number of bins; use the same bins (clusters take 10).',
    );
  }
  return analyses;
}
