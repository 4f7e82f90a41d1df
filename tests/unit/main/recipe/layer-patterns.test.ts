import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRecipe, parseRecipe } from '#main/recipe/load.ts';
import { inspectModel } from '#workers/onnx/inspect-model.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

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
    const { recipe: read, recipeText } = await loadRecipe(recipe('layers: {suggest: block}'), inspectModel);
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
    const opened = () => Promise.reject(new Error('opened'));
    await expect(loadRecipe(recipe('layers: {suggest: block}', 'batch: -1'), opened)).rejects.toThrow(
      /^r\.yaml, batch: /,
    );
    await expect(loadRecipe(recipe('layers: [{name: x, tensors: "/no/*"}]'), inspectModel)).rejects.toThrow(
      /^r\.yaml, layers\[0\]\.tensors: no tensor of A fits "\/no\/\*"; nearest names: /,
    );
  });

  it('needs a file: text alone does not say which networks', () => {
    const text =
      'data: {images: x.npy}\nnetworks: [{name: A, model: a.onnx}]\nlayers: {suggest: block}\nanalyses: [matching]';
    expect(() => parseRecipe(text, 'r.yaml')).toThrow(/^r\.yaml, layers: patterns are not written out here/);
  });

  it('opens no network where all names are written', async () => {
    const opened = () => Promise.reject(new Error('opened'));
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
