import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors.ts';
import { loadRecipe, parseRecipe } from '#main/recipe/load.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const whole = `
title: Digits, four seeds
data: {images: digits.npz, key: images, layout: NHW, scale: 0.5, mean: [0.1], std: [0.2], limit: 100}
networks:
  - {name: Net1, model: net1.onnx}
  - {name: Net2, model: net2.onnx}
  - {name: Net3, model: net3.onnx}
layers:
  - {name: conv1, tensors: relu1, sample: position}
  - {name: fc1, tensors: {Net1: a, Net2: b, Net3: c}, sample: {random: 8, seed: 3}}
pairs: [[Net1, Net2], [Net3, Net1]]
folds: {test: 0.25, seed: 7, by: image}
analyses: [correlation, {matching: {score: absolute-correlation}}]
provider: cpu
threads: 2
batch: 32
`;

const small = `
data: {images: digits.npz}
networks: [{name: A, model: a.onnx}, {name: B, model: b.onnx}, {name: C, model: c.onnx}]
layers: [{name: conv1, tensors: relu}]
analyses: [matching]
`;

describe('parseRecipe', () => {
  it('reads everything that the interface names', () => {
    expect(parseRecipe(whole, 'r.yaml')).toEqual({
      title: 'Digits, four seeds',
      data: {
        images: 'digits.npz',
        key: 'images',
        layout: 'NHW',
        scale: 0.5,
        mean: [0.1],
        std: [0.2],
        limit: 100,
      },
      networks: ['1', '2', '3'].map((n) => ({ name: `Net${n}`, model: `net${n}.onnx` })),
      layers: [
        {
          name: 'conv1',
          tensors: { Net1: 'relu1', Net2: 'relu1', Net3: 'relu1' },
          sample: { kind: 'position' },
        },
        {
          name: 'fc1',
          tensors: { Net1: 'a', Net2: 'b', Net3: 'c' },
          sample: { kind: 'random', count: 8, seed: 3 },
        },
      ],
      pairs: [
        ['Net1', 'Net2'],
        ['Net3', 'Net1'],
      ],
      folds: { test: 0.25, seed: 7 },
      analyses: [{ name: 'correlation' }, { name: 'matching', score: 'absolute-correlation' }],
      provider: 'cpu',
      threads: 2,
      batch: 32,
    });
  });

  it('fills in what is left out: every pair once, no folds, positions, the fastest provider', () => {
    expect(parseRecipe(small, 'small.yaml')).toMatchObject({
      title: 'small',
      data: { scale: 1 },
      pairs: [
        ['A', 'B'],
        ['A', 'C'],
        ['B', 'C'],
      ],
      folds: null,
      layers: [{ sample: { kind: 'position' } }],
      analyses: [{ name: 'matching', score: 'correlation' }],
      provider: 'auto',
      threads: null,
      batch: null,
    });
    expect(parseRecipe(small.replace('[matching]', '[matching]\nfolds: none'), 'r.yaml').folds).toBeNull();
  });

  it('takes saved activations beside models, and without data by themselves', () => {
    const activations = '{name: A, activations: a.h5, ids: names}';
    const mixed = parseRecipe(small.replace('{name: A, model: a.onnx}', activations), 'r.yaml');
    expect(mixed.networks[0]).toEqual({ name: 'A', activations: 'a.h5', ids: 'names' });
    expect(mixed.networks[1]).toEqual({ name: 'B', model: 'b.onnx' });
    const alone = parseRecipe(small.replaceAll('model:', 'activations:').replace(/^data:.*$/m, ''), 'r.yaml');
    expect(alone).toMatchObject({ data: null, networks: [{ name: 'A', activations: 'a.onnx' }, {}, {}] });
  });

  it('takes numbers as networks’ names only when they are quoted, and says so', () => {
    const numbered = small.replace('name: A', 'name: 1');
    expect(() => parseRecipe(numbered, 'r.yaml')).toThrow('r.yaml, networks[0].name: must be a text, not 1.');
  });
});

interface Draft {
  [key: string]: unknown;
  data: Record<string, unknown>;
  networks: Record<string, unknown>[];
  layers: Record<string, unknown>[];
}

/** A change that makes the recipe wrong, and the sentence that must tell it. */
const wrong: [string, (recipe: Draft) => unknown, string | RegExp][] = [
  [
    'an unknown section',
    (r) => (r.network = []),
    'r.yaml: unknown key "network"; known keys close to it: networks',
  ],
  [
    'an unknown key of data',
    (r) => (r.data.scales = 1),
    'r.yaml, data: unknown key "scales"; known keys close to it: scale',
  ],
  [
    'an unknown key of a network',
    (r) => (r.networks[1].modell = 'x'),
    'r.yaml, networks[1]: unknown key "modell"; known keys close to it: model',
  ],
  [
    'an unknown key of a layer',
    (r) => (r.layers[0].tensor = 'x'),
    'r.yaml, layers[0]: unknown key "tensor"; known keys close to it: tensors',
  ],
  [
    'an unknown key of folds',
    (r) => (r.folds = { test: 0.5, sed: 1 }),
    'r.yaml, folds: unknown key "sed"; known keys close to it: seed',
  ],
  [
    'an unknown key of a sample',
    (r) => (r.layers[0].sample = { random: 3, sed: 1 }),
    /r\.yaml, layers\[0\]\.sample: unknown key "sed"; known keys close to it: seed/,
  ],
  [
    'no data',
    (r) => delete (r as Partial<Draft>).data,
    'r.yaml, data: "A" is a model and needs inputs; add data.images.',
  ],
  [
    'data without images',
    (r) => delete r.data.images,
    'r.yaml, data.images: is missing; add it (a file, or a folder of images).',
  ],
  [
    'an empty section',
    (r) => (r.data = null as never),
    'r.yaml, data: must be a section with keys, not null.',
  ],
  ['a wrong type', (r) => (r.data.limit = 'many'), 'r.yaml, data.limit: must be a number, not "many".'],
  ['half an image', (r) => (r.data.limit = 1.5), /r\.yaml, data\.limit: .*(whole number|1\.5)/],
  ['no image', (r) => (r.data.limit = 0), 'r.yaml, data.limit: 0 is too small; it must be more than 0.'],
  [
    'a deviation of zero',
    (r) => (r.data.std = [0]),
    'r.yaml, data.std[0]: 0 is too small; it must be more than 0.',
  ],
  [
    'an unknown layout',
    (r) => (r.data.layout = 'HWCN'),
    'r.yaml, data.layout: "HWCN" is not allowed; use NCHW, NHWC, NHW, NC, NCT, NTC, NT, N or as-is.',
  ],
  [
    'an unknown sampling',
    (r) => (r.layers[0].sample = 'median'),
    /r\.yaml, layers\[0\]\.sample: "median" is not allowed; use position, image/,
  ],
  [
    'an unknown provider',
    (r) => (r.provider = 'tpu'),
    /r\.yaml, provider: "tpu" is not allowed; use auto, cpu, cuda/,
  ],
  [
    'a share of all images',
    (r) => (r.folds = { test: 1 }),
    /r\.yaml, folds\.test: 1 is too large; it must be less than 1/,
  ],
  ['no networks', (r) => (r.networks = []), /r\.yaml, networks: \[\] is too short; it must be at least 1/],
  [
    'one network',
    (r) => (r.networks = [r.networks[0]]),
    'r.yaml, networks: there is one network and nothing to compare it with; add a second.',
  ],
  [
    'a name used twice',
    (r) => (r.networks[1].name = 'A'),
    'r.yaml, networks[1].name: "A" is used twice; give each network a name of its own.',
  ],
  [
    'a network without a model',
    (r) => delete r.networks[2].model,
    'r.yaml, networks[2]: "C" has no model; give the path of an ONNX file, or activations: a file of arrays.',
  ],
  [
    'a model and saved activations',
    (r) => (r.networks[0].activations = 'a.npz'),
    'r.yaml, networks[0]: "A" has a model and activations; give one of them.',
  ],
  [
    'sample ids of a model',
    (r) => (r.networks[0].ids = 'ids'),
    'r.yaml, networks[0].ids: ids are of saved activations; a model takes those of the data (data.ids).',
  ],
  [
    'words of what are no token ids',
    (r) => Object.assign(r.data, { layout: 'NCHW', vocabulary: 'words.txt' }),
    'r.yaml, data.vocabulary: makes no sense with layout NCHW: words are for token ids, of layout NT (or N); leave it out.',
  ],
  [
    'a mask that is a name',
    (r) => (r.data.mask = 'attention_mask'),
    'r.yaml, data.mask: must be a section with keys, not "attention_mask".',
  ],
  [
    'a mask of an unknown key',
    (r) => (r.data.mask = { pad: 0 }),
    'r.yaml, data.mask: unknown key "pad"; known keys close to it: padding',
  ],
  [
    'a mask of two kinds',
    (r) => (r.data.mask = { padding: 0, array: 'm' }),
    'r.yaml, data.mask: {"padding":0,"array":"m"} is not understood (give array or padding, one of them)',
  ],
  [
    'a mask of a fraction',
    (r) => (r.data.mask = { padding: 0.5 }),
    'r.yaml, data.mask.padding: must be a whole number, not 0.5.',
  ],
  [
    'a layer used twice',
    (r) => r.layers.push({ name: 'conv1', tensors: 'x' }),
    'r.yaml, layers[1].name: "conv1" is used twice; give each layer a name of its own.',
  ],
  [
    'tensors of an unknown network',
    (r) => (r.layers[0].tensors = { A: 'x', B: 'x', D: 'x' }),
    'r.yaml, layers[0].tensors: there is no network "D"; the networks are A, B and C.',
  ],
  [
    'a missing tensor',
    (r) => (r.layers[0].tensors = { A: 'x', B: 'x' }),
    'r.yaml, layers[0].tensors: the tensor of network "C" is missing; add it.',
  ],
  [
    'a pair of an unknown network',
    (r) => (r.pairs = [['A', 'D']]),
    /r\.yaml, pairs\[0\]: there is no network "D"; nearest names: /,
  ],
  ['a pair of three', (r) => (r.pairs = [['A', 'B', 'C']]), /r\.yaml, pairs\[0\]/],
  [
    'a pair twice',
    (r) =>
      (r.pairs = [
        ['A', 'B'],
        ['A', 'B'],
      ]),
    'r.yaml, pairs[1]: A and B are paired twice; list each pair once.',
  ],
  [
    'an unknown analysis',
    (r) => (r.analyses = ['matchin']),
    /r\.yaml, analyses\[0\]: "matchin" is not allowed; use correlation, matching,/,
  ],
  [
    'a value of an option out of its range',
    (r) => (r.analyses = [{ 'mutual-information': { bins: 1 } }]),
    /r\.yaml, analyses\[0\]\.mutual-information\.bins: /,
  ],
  [
    'a value that is no choice, deep in a list',
    (r) => (r.analyses = ['matching', { subspaces: ['cka', 'cqa'] }]),
    /r\.yaml, analyses\[1\]\.subspaces\.methods\[1\]: is not one of cca, svcca,/,
  ],
  [
    'histograms of two numbers of bins',
    (r) =>
      (r.analyses = [
        { 'mutual-information': { bins: 5 } },
        { 'spectral-clusters': { affinity: 'mutual-information' } },
      ]),
    /r\.yaml, analyses: joint histograms of one run have one number of bins/,
  ],
  [
    'two analyses in one entry',
    (r) => (r.analyses = [{ correlation: {}, matching: {} }]),
    'r.yaml, analyses[0]: write one analysis per list entry, e.g. "- matching".',
  ],
  [
    'an unknown score',
    (r) => (r.analyses = [{ matching: { score: 'cosine' } }]),
    'r.yaml, analyses[0].matching.score: is not one of correlation or absolute-correlation.',
  ],
  [
    'an unknown option',
    (r) => (r.analyses = [{ matching: { scores: 'x' } }]),
    /r\.yaml, analyses\[0\]\.matching\.scores: unknown option; .* takes score/,
  ],
  [
    'an option of an analysis that has none',
    (r) => (r.analyses = [{ correlation: { lag: 1 } }]),
    'r.yaml, analyses[0].correlation.lag: takes no options; remove it.',
  ],
  [
    'an option that is no option',
    (r) => (r.analyses = [{ matching: 3 }]),
    'r.yaml, analyses[0].matching: options are written as key: value.',
  ],
];

describe('a recipe that is wrong', () => {
  it.each(wrong)('%s', (_, change, sentence) => {
    const recipe = parse(small) as Draft;
    change(recipe);
    let failure: unknown;
    try {
      parseRecipe(stringify(recipe), 'r.yaml');
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(AppError);
    const { code, message } = failure as AppError;
    expect(['bad-recipe', 'not-available']).toContain(code);
    if (typeof sentence === 'string') expect(message).toContain(sentence);
    else expect(message).toMatch(sentence);
    expect(message).toMatch(/\.$/);
    expect(message).not.toMatch(/undefined|\[object|zod|invalid_/i);
  });

  it.each([
    [
      'data: [1, 2',
      /^r\.yaml, line 1, column \d+: not valid YAML \(.*\); check indentation, colons and quotes\.$/,
    ],
    ['data: 1\ndata: 2', /^r\.yaml, line 2, column 1: not valid YAML/],
    ['- a\n- b', 'r.yaml is not a recipe: it has no sections such as data, networks and layers.'],
    ['', 'r.yaml is not a recipe'],
    ['just words', 'r.yaml is not a recipe'],
    [bomb(), 'r.yaml has YAML aliases that cannot be resolved; write the values out.'],
  ])('text that is none: %s', (text, sentence) => {
    expect(() => parseRecipe(text, 'r.yaml')).toThrow(sentence);
  });
});

/** Aliases of aliases: a few lines that would become millions of values. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 8; level++)
    lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`);
  return lines.join('\n');
}

describe('loadRecipe', () => {
  it('keeps the text as written and the folder that paths are relative to', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'r.yaml');
    writeFileSync(path, whole);
    const { recipe, recipeText, baseFolder } = await loadRecipe(path);
    expect({ title: recipe.title, recipeText, baseFolder }).toEqual({
      title: 'Digits, four seeds',
      recipeText: whole,
      baseFolder: folder,
    });
  });

  it('refuses a file that is not there, a folder, and a file too large to be a recipe', async () => {
    const folder = temporaryFolder();
    await expect(loadRecipe(join(folder, 'none.yaml'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/none\.yaml cannot be read; check the path\.$/),
    });
    mkdirSync(join(folder, 'folder.yaml'));
    await expect(loadRecipe(join(folder, 'folder.yaml'))).rejects.toThrow(/is a folder; name a recipe file/);
    writeFileSync(join(folder, 'large.yaml'), 'a'.repeat(2 ** 20 + 1));
    await expect(loadRecipe(join(folder, 'large.yaml'))).rejects.toThrow(
      'large.yaml is larger than 1 MiB and no recipe',
    );
  });
});
