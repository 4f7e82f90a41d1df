import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineService } from '#main/app/services.ts';
import { handlers } from '#main/ipc/handlers/index.ts';
import { previewSamples } from '#workers/data/preview.ts';
import { showInputs } from '#workers/data/show-inputs.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { writeTokens } from '../../../fixtures/token-networks.ts';
import { fakeWorld } from './fake-context.ts';

describe('a preview of token ids', () => {
  function asked() {
    const folder = temporaryFolder();
    const tokensPath = writeTokens(join(folder, 'tokens.npy'), [
      [1, 0, 2],
      [2, 2, 1],
    ]);
    const wordsPath = join(folder, 'words.txt');
    writeFileSync(wordsPath, 'the\ncat\nsat\n');
    const world = fakeWorld();
    const methods = { previewData: previewSamples, showInputs };
    world.context.engine = { methods } as unknown as EngineService;
    const token = world.context.tokens.issue(tokensPath);
    const data = { token, layout: 'NT' as const, scale: 1 };
    return { world, data, vocabulary: world.context.tokens.issue(wordsPath) };
  }

  it('is text where a vocabulary is chosen, and pictures where none is', async () => {
    const { world, data, vocabulary } = asked();
    const bare = await handlers.dataset.preview({ data, count: 12 }, world.context);
    expect(bare).toMatchObject({ count: 2, width: 3, height: 1 });
    expect(bare.text).toBeUndefined();
    const preview = await handlers.dataset.preview(
      { data: { ...data, vocabulary }, count: 12 },
      world.context,
    );
    expect(preview.pictures).toEqual([]);
    expect(preview.text).toMatchObject({ kind: 'text', words: { 0: ' the', 1: ' cat', 2: ' sat' } });
    expect([...(preview.text?.values ?? [])]).toEqual([1, 0, 2, 2, 2, 1]);
  });

  it('says what is wrong with the vocabulary', async () => {
    const { world, data } = asked();
    const vocabulary = world.context.tokens.issue('/data/none.txt');
    await expect(
      handlers.dataset.preview({ data: { ...data, vocabulary }, count: 12 }, world.context),
    ).rejects.toThrow(/none\.txt/);
  });
});
