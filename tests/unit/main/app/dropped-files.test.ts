import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { droppedFiles } from '#main/app/dropped-files.ts';
import { createTokenStore } from '#main/app/token-store.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder = '';
beforeEach(() => (folder = temporaryFolder()));
const file = (name: string) => {
  const path = join(folder, name);
  writeFileSync(path, 'x'.repeat(7));
  return path;
};

it('sorts files by their endings, and gives tokens in place of paths', async () => {
  const tokens = createTokenStore();
  const paths = ['a.onnx', 'B.ONNX', 'd.npz', 'e.npy', 'p.consilience', 'r.yml'].map(file);
  const dropped = await droppedFiles(paths, tokens);
  const names = (files: { fileName: string }[]) => files.map(({ fileName }) => fileName);
  expect(names(dropped.models)).toEqual(['a.onnx', 'B.ONNX']);
  expect(names(dropped.data)).toEqual(['d.npz', 'e.npy']);
  expect(names(dropped.projects)).toEqual(['p.consilience']);
  expect(names(dropped.recipes)).toEqual(['r.yml']);
  expect(dropped.refused).toEqual([]);
  expect(dropped.models[0].bytes).toBe(7);
  expect(tokens.resolve(dropped.models[0].token)).toBe(paths[0]);
  expect(JSON.stringify(dropped)).not.toContain(folder);
});

it('takes a folder as one of images', async () => {
  mkdirSync(join(folder, 'pictures'));
  const { data, refused } = await droppedFiles([join(folder, 'pictures')], createTokenStore());
  expect(data.map(({ fileName }) => fileName)).toEqual(['pictures']);
  expect(refused).toEqual([]);
});

it('refuses in words what cannot be opened', async () => {
  const { refused, models } = await droppedFiles(
    [file('notes.txt'), join(folder, 'gone.onnx'), '', 'relative.onnx'],
    createTokenStore(),
  );
  expect(models).toEqual([]);
  expect(refused).toEqual([
    expect.stringMatching(/^notes\.txt is not opened here; drop ONNX models/),
    expect.stringMatching(/^What was dropped is no file of this computer/),
  ]);
});

it.each([[null], [[]], [['/a', 7]], [Array<string>(65).fill('/a.onnx')]])('takes no %j', async (sent) => {
  await expect(droppedFiles(sent, createTokenStore())).rejects.toMatchObject({ code: 'bad-request' });
});
