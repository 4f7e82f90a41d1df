import { describe, expect, it } from 'vitest';
import type { Recipe } from '#core/domain/recipe.ts';
import { captureKey, hashOf, resultKey, type InputHashes } from '#main/jobs/job-keys.ts';
import { parseRecipe } from '#main/recipe/load.ts';

const recipe = (change: (text: string) => string = (text) => text): Recipe =>
  parseRecipe(
    change(`title: t
data: {images: some/digits.npz, key: images, scale: 0.5}
networks: [{name: A, model: a.onnx}, {name: B, model: b.onnx}]
layers: [{name: conv1, tensors: relu}, {name: fc1, tensors: relu4, sample: image}]
folds: {test: 0.25, seed: 1}
analyses: [correlation, matching]
provider: cpu
`),
    'r.yaml',
  );
const hashes: InputHashes = { data: 'd', models: { A: '1', B: '2', C: '3' } };
const key = (of: Recipe, inputs = hashes, analysis = 1, layer = 0) =>
  resultKey(of, inputs, of.analyses[analysis], [of.layers[layer]], ['A', 'B']);

describe('hashOf', () => {
  it('does not depend on the order of keys, only on their values', () => {
    expect(hashOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(hashOf({ b: { d: null, c: [1, 2] }, a: 1 }));
    expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }));
    expect(hashOf({ a: undefined, b: 1 })).toBe(hashOf({ b: 1 }));
    expect(hashOf({ a: 1 })).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('resultKey', () => {
  it('does not depend on other networks, on paths, titles, threads or batches', () => {
    const one = key(recipe());
    const same: ((text: string) => string)[] = [
      (text) =>
        text.replace('{name: B, model: b.onnx}', '{name: B, model: b.onnx}, {name: C, model: c.onnx}'),
      (text) => text.replace('some/digits.npz', 'elsewhere/x.npz').replace('a.onnx', 'moved/a.onnx'),
      (text) => text.replace('title: t', 'title: another'),
      (text) => text.replace('scale: 0.5', 'scale: 0.5, vocabulary: words.txt'),
      (text) => `${text}threads: 3\nbatch: 7\n`,
      (text) => text.replace(', {name: fc1, tensors: relu4, sample: image}', ''),
      (text) =>
        text.replace(
          '{images: some/digits.npz, key: images, scale: 0.5}',
          '{scale: 0.5, key: images, images: x.npz}',
        ),
    ];
    for (const change of same) expect(key(recipe(change))).toBe(one);
  });

  it('depends on everything that the numbers depend on', () => {
    const changed = [
      key(recipe((text) => text.replace('scale: 0.5', 'scale: 0.25'))),
      key(recipe((text) => text.replace('seed: 1', 'seed: 2'))),
      key(recipe((text) => text.replace('folds: {test: 0.25, seed: 1}', 'folds: none'))),
      key(recipe((text) => text.replace('tensors: relu}', 'tensors: relu2}'))),
      key(recipe((text) => text.replace('tensors: relu}', 'tensors: relu, sample: image-mean}'))),
      key(recipe((text) => text.replace('matching]', '{matching: {score: absolute-correlation}}]'))),
      key(recipe((text) => text.replace('provider: cpu', 'provider: cuda'))),
      key(recipe((text) => text.replace('scale: 0.5', 'scale: 0.5, limit: 10'))),
      key(recipe((text) => text.replace('scale: 0.5', 'scale: 0.5, mask: {padding: 0}'))),
      key(recipe((text) => text.replace('scale: 0.5', 'scale: 0.5, mask: {array: m}'))),
      key(recipe(), { ...hashes, data: 'e' }),
      key(recipe(), { ...hashes, models: { ...hashes.models, B: '9' } }),
      key(recipe(), hashes, 0),
      key(recipe(), hashes, 1, 1),
      resultKey(
        recipe(),
        hashes,
        { name: 'matching', score: 'correlation' },
        [recipe().layers[0]],
        ['B', 'A'],
      ),
    ];
    expect(new Set([...changed, key(recipe())]).size).toBe(changed.length + 1);
  });

  it('ignores the models of networks outside the pair', () => {
    expect(key(recipe(), { ...hashes, models: { ...hashes.models, C: 'other' } })).toBe(key(recipe()));
  });
});

describe('captureKey', () => {
  const what = { topInputs: 9 };

  it('depends on all networks and layers, not on the analyses', () => {
    const one = captureKey(recipe(), hashes, what);
    expect(
      captureKey(
        recipe((text) => text.replace('[correlation, matching]', '[matching]')),
        hashes,
        what,
      ),
    ).toBe(one);
    const others = [
      captureKey(
        recipe((text) =>
          text.replace('{name: B, model: b.onnx}', '{name: B, model: b.onnx}, {name: C, model: c.onnx}'),
        ),
        hashes,
        what,
      ),
      captureKey(
        recipe((text) => text.replace('relu4', 'relu5')),
        hashes,
        what,
      ),
      captureKey(recipe(), hashes, { topInputs: 8 }),
      captureKey(recipe(), { ...hashes, data: 'e' }, what),
    ];
    expect(new Set([one, ...others]).size).toBe(5);
  });
});
