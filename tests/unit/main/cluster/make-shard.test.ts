import { join } from 'node:path';
import { readdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { EngineService } from '#main/app/services.ts';
import { originOf } from '#main/cluster/make-shard.ts';
import { loadRecipe } from '#main/recipe/load.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

it('a recipe that leaves padding out is refused before anything is hashed, run or submitted', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'lm.yaml');
  const text = `title: T
data: {images: tokens.npy, layout: NT, mask: {padding: 0}}
networks: [{name: A, model: a.onnx}, {name: B, model: b.onnx}]
layers: [{name: block, tensors: /block, sample: token}]
analyses: [correlation]
`;
  writeFileSync(path, text);
  const engine = {} as EngineService;
  await expect(
    originOf(engine, await loadRecipe(path), { out: join(folder, 'x.shard'), recipeFile: path }),
  ).rejects.toMatchObject({
    code: 'not-available',
    message: expect.stringMatching(/^lm\.yaml, data\.mask: .* run it on one machine\.$/),
  });
  expect(readdirSync(folder)).toEqual(['lm.yaml']);
});
