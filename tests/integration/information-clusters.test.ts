import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RecipeAnalysis } from '#core/domain/recipe.ts';
import { secondArrayName } from '#core/ipc/engine.ts';
import { readArray } from '#workers/files/array-file.ts';
import { align, capture, passAgain } from '../fixtures/captures.ts';
import { sampleOptions } from '../fixtures/samples.ts';

it('clusters by mutual information are as stable as two random halves of the images say', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-information-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const images = 200;
  const all = sampleOptions(['Net1', 'Net2'], images);
  const options = {
    ...all,
    layers: all.layers.slice(2, 3),
    orderSeed: 1,
    extras: { seed: 1, blocks: 20, shuffles: 0, sampleRows: 0, bins: 10 },
  };
  const { summary } = await capture(folder, '', options);
  const pairs: [number, number][] = [
    [0, 0],
    [0, 1],
    [1, 1],
  ];
  const wanted = { pairs, bins: 10, halves: true, squaredNorms: false };
  const second = await passAgain(folder, options, summary, wanted);
  const of = (what: string) => readArray(second.arrays, secondArrayName(0, `${what}-0-1`)).data;
  const [whole, half, rest] = [of('information'), of('half'), of('rest')];
  // Half of the images tell more by chance, and neither half tells what the other does.
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
  for (const part of [half, rest]) {
    expect(sum(part)).toBeGreaterThan(sum(whole));
    expect(sum(part)).toBeLessThan(1.5 * sum(whole));
  }
  expect(half).not.toEqual(rest);

  const clusters: RecipeAnalysis = {
    name: 'spectral-clusters',
    affinity: 'mutual-information',
    k: [4],
    group: 'pair',
    seed: 0,
  };
  const results = await align(summary, [[0, 1]], join(folder, 'out'), 2, { analyses: [clusters], second });
  const result = results.get('0-0-1-spectral-clusters');
  const [cut] = result?.headline.cuts as { k: number; stability: number }[];
  // Halves of the same images share most of their structure; chance is 0, and halves are not the whole.
  expect(cut.stability).toBeGreaterThan(0.3);
  expect(cut.stability).toBeLessThan(1);
  expect(result?.arrays.has('members-4')).toBe(true);
});
