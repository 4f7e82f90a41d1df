import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRecipe, parseRecipe } from '#main/recipe/load.ts';
import { inspectArrayFile } from '#workers/data/inspect-data.ts';
import { inspectModel } from '#workers/onnx/inspect-model.ts';
import { arrayFile } from '../../../fixtures/array-files.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const engine = {
  inspectModel: (path: string) => Promise.resolve(inspectModel(path)),
  inspectData: inspectArrayFile,
};

function recipe(layers: string, rest = ''): string {
  const folder = temporaryFolder();
  for (const name of ['residual-7', 'residual-17'])
    cpSync(
      join(import.meta.dirname, `../../../fixtures/exported/${name}.onnx`),
      join(folder, `${name}.onnx`),
    );
  const path = join(folder, 'r.yaml');
  writeFileSync(
    path,
    `# Two exports of one network\ndata: {images: x.npy}\nnetworks:\n  - {name: A, model: residual-7.onnx}\n` +
      `  - {name: B, model: residual-17.onnx}\n${layers}\nanalyses: [matching]\n${rest}`,
  );
  return path;
}

describe('a recipe whose layers are patterns', () => {
  it('is kept with its layers written out', async () => {
    const { recipe: read, recipeText } = await loadRecipe(recipe('layers: {suggest: block}'), engine);
    expect(read.layers.map(({ name, sample }) => [name, sample.kind])).toEqual([
      ['block1', 'position'],
      ['block2', 'position'],
      ['block3', 'position'],
    ]);
    expect(recipeText).toContain('# Two exports of one network');
    expect(recipeText).not.toContain('suggest');
    expect(parseRecipe(recipeText, 'r.yaml')).toEqual({ ...read, title: 'r' });
  });

  it('is checked in all else before a network is opened', async () => {
    const open = () => Promise.reject(new Error('opened'));
    const opened = { inspectModel: open, inspectData: open };
    await expect(loadRecipe(recipe('layers: {suggest: block}', 'batch: -1'), opened)).rejects.toThrow(
      /^r\.yaml, batch: /,
    );
    await expect(loadRecipe(recipe('layers: [{name: x, tensors: "/no/*"}]'), engine)).rejects.toThrow(
      /^r\.yaml, layers\[0\]\.tensors: no tensor of A fits "\/no\/\*"; nearest names: /,
    );
  });

  it('needs a file: text alone does not say which networks', () => {
    const text =
      'data: {images: x.npy}\nnetworks: [{name: A, model: a.onnx}]\nlayers: {suggest: block}\nanalyses: [matching]';
    expect(() => parseRecipe(text, 'r.yaml')).toThrow(/^r\.yaml, layers: patterns are not written out here/);
  });

  it('opens no network where all names are written', async () => {
    const open = () => Promise.reject(new Error('opened'));
    const opened = { inspectModel: open, inspectData: open };
    const { recipe: read } = await loadRecipe(
      recipe('layers: [{name: x, tensors: logits, axes: NC, sample: token-mean}]'),
      opened,
    );
    expect(read.layers).toEqual([
      {
        name: 'x',
        tensors: { A: 'logits', B: 'logits' },
        sample: { kind: 'image-mean' },
        axes: { A: 'NC', B: 'NC' },
      },
    ]);
  });

  it('refuses axes that are none', async () => {
    for (const axes of ['CHW', 'NHW', 'NNC', 'NCX', 'N'])
      await expect(loadRecipe(recipe(`layers: [{name: x, tensors: logits, axes: ${axes}}]`))).rejects.toThrow(
        /^r\.yaml, layers\[0\]\.axes: /,
      );
    await expect(loadRecipe(recipe('layers: [{name: x, tensors: logits, axes: {C: NC}}]'))).rejects.toThrow(
      'r.yaml, layers[0].axes: there is no network "C"; the networks are A and B.',
    );
  });
});

describe('of saved activations', () => {
  function savedRecipe(networks: string, layers: string): string {
    const path = join(temporaryFolder(), 's.yaml');
    writeFileSync(path, `networks: [${networks}]\nlayers: ${layers}\nanalyses: [matching]\n`);
    return path;
  }
  const saved = (name: string, file: string) =>
    `{name: ${name}, activations: ${JSON.stringify(arrayFile(file))}}`;
  const load = (networks: string, layers: string) =>
    loadRecipe(savedRecipe(networks, layers), engine).then(({ recipe: { layers: found } }) =>
      found.map(({ name, tensors, sample }) => [name, Object.values(tensors).join(' '), sample.kind]),
    );

  it('a pattern takes the arrays whose names fit', async () => {
    const both = `${saved('A', 'probe.h5')}, ${saved('B', 'probe.h5')}`;
    expect(
      await load(both, "[{name: block, tensors: 'layers/block1/*', pair: name, sample: image}]"),
    ).toEqual(
      ['big', 'flags', 'half', 'packed', 'wide'].map((name, at) => [
        `block${at + 1}`,
        `layers/block1/${name} layers/block1/${name}`,
        'image',
      ]),
    );
    await expect(load(both, "[{name: x, tensors: 'layer*/relu'}]")).rejects.toThrow(
      /^s\.yaml, layers\[0\]\.tensors: no tensor of A fits "layer\*\/relu"; nearest names: /,
    );
  });

  it('suggest takes all of two axes and more, by name, else by position', async () => {
    const names = `${saved('A', 'probe.npz')}, ${saved('B', 'packed.npz')}`;
    expect(await load(names, '{suggest: activation}')).toEqual([
      ['values', 'values values', 'image'],
      ['images', 'images images', 'position'],
    ]);
    const places = `${saved('A', 'values.npy')}, ${saved('B', 'half.npy')}`;
    expect(await load(places, '{suggest: mlp}')).toEqual([['mlp1', 'values half', 'image']]);
    await expect(
      load(`${saved('A', 'values.npy')}, ${saved('B', 'probe.npz')}`, '{suggest: block, pair: position}'),
    ).rejects.toThrow(
      's.yaml, layers.suggest: fits different numbers of tensors (A 1, B 2); use pair: name, a narrower pattern, or write the layers out.',
    );
    await expect(
      load(`${saved('A', 'values-idx2-int')}, ${saved('B', 'cifar-10.bin')}`, '{suggest: block, pair: name}'),
    ).rejects.toThrow('no tensor has the same name in all networks; use pair: position.');
  });

  it('beside a model pair with its part by position', async () => {
    const model = JSON.stringify(join(import.meta.dirname, '../../../fixtures/exported/residual-17.onnx'));
    const path = savedRecipe(`{name: M, model: ${model}}, ${saved('B', 'probe.npz')}`, '{suggest: pooling}');
    writeFileSync(path, `data: {images: x.npy}\n${readFileSync(path, 'utf8')}`);
    const { recipe: found } = await loadRecipe(path, engine).catch((error: Error) => {
      expect(error.message).toMatch(/fits different numbers of tensors \(M \d+, B 2\)/);
      return { recipe: null };
    });
    expect(found).toBeNull();
    const logits = path.replace('s.yaml', 't.yaml');
    writeFileSync(
      logits,
      `data: {images: x.npy}\nnetworks: [{name: M, model: ${model}}, ${saved('B', 'values.npy')}]\nlayers: {suggest: logits}\nanalyses: [matching]\n`,
    );
    const { recipe: paired } = await loadRecipe(logits, engine);
    expect(paired.layers.map(({ name, tensors }) => [name, tensors.B])).toEqual([['logits1', 'values']]);
  });
});
