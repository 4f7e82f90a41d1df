import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EngineLayer } from '#core/ipc/engine.ts';
import { previewSamples } from '#workers/data/preview.ts';
import { showInputs } from '#workers/data/show-inputs.ts';
import { capture, capturedArray } from '../../../fixtures/captures.ts';
import { convolution, writeModel } from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

// A run on the pictures of a column equals that on the same pictures as files, bit by bit.
const reference = join(import.meta.dirname, '../../../reference');
const encoded = (name: string) => join(reference, 'encoded', name);
const names =
  'colour.jpg grey.jpg palette.png cmyk.jpg progressive.jpg one-bit.png turned.jpg full-chroma.jpg'.split(
    ' ',
  );
const reading = { resize: 40, crop: 24, scale: 1 / 255 } as const;
const layer: EngineLayer = { name: 'relu', tensors: { A: 'relu', B: 'relu' }, sample: { kind: 'position' } };

function networksIn(folder: string) {
  return ['A', 'B'].map((name, index) => ({
    name,
    modelPath: writeModel(
      join(folder, `${name}.onnx`),
      convolution({ units: 3 + index, channels: 3, size: ['H', 'W'] }),
    ),
  }));
}

function folderOf(rows: readonly number[]): string {
  const folder = join(temporaryFolder(), 'pictures');
  mkdirSync(folder);
  rows.forEach((row) =>
    copyFileSync(join(reference, 'images', names[row]), join(folder, `${row}-${names[row]}`)),
  );
  return folder;
}

async function run(path: string, more = {}, request = {}) {
  const folder = temporaryFolder();
  const data = { path, ...reading, ...more };
  const found = await capture(folder, '', {
    ...{ data, networks: networksIn(folder), layers: [layer], batch: 2, threads: 2 },
    ...request,
  });
  return {
    ...found,
    mean: capturedArray(found.summary, 0, 'mean').data,
    top: capturedArray(found.summary, 0, 'top-value', 'all').data,
  };
}

it('in their order, in a random one, and from every kind of column', async () => {
  const files = await run(folderOf([0, 1, 2, 3, 4, 5, 6, 7]));
  for (const [name, more, request] of [
    // Two threads decode, each with the file open.
    ['datasets.parquet', {}, { threads: 4 }],
    ['encoded.h5', { key: 'jpeg', ids: 'ids' }, {}],
  ] as const) {
    const column = await run(encoded(name), more, request);
    expect(column.mean, name).toEqual(files.mean);
    expect(column.top, name).toEqual(files.top);
    expect(column.notes).toEqual([]);
    // Ids of the rows are part of the order's hash.
    expect(column.summary.orderHash === files.summary.orderHash, name).toBe(!('ids' in more));
  }
  const shuffled = await run(encoded('pages.parquet'), { limit: 8 }, { orderSeed: 5 });
  expect(shuffled.top).toEqual(files.top);
  const shown = await showInputs({
    data: { path: encoded('datasets.parquet'), ...reading },
    images: [6, 2],
    mostSide: 64,
  });
  const asFiles = await showInputs({
    data: { path: folderOf([0, 1, 2, 3, 4, 5, 6, 7]), ...reading },
    images: [6, 2],
    mostSide: 64,
  });
  expect(shown.values).toEqual(asFiles.values);
});

it('without the rows that are no pictures, where that is asked for; else it stops at the first', async () => {
  const bad = encoded('bad.parquet');
  await expect(run(bad)).rejects.toThrow(
    /row \d of bad\.parquet .*Repair or remove it, or leave such images out with data\.onError: skip\.$/,
  );
  const found = await run(bad, { onError: 'skip' });
  expect(found.summary.skipped?.map(({ name }) => name)).toEqual(
    [2, 4, 5, 6].map((row) => `row ${row} of bad.parquet`),
  );
  expect(found.notes).toEqual([
    '4 unreadable images were left out, for all networks: row 2 of bad.parquet, row 4 of bad.parquet, row 5 of bad.parquet and 1 more.',
  ]);
  expect(found.mean).toEqual((await run(folderOf([0, 1, 3, 7]))).mean);
  await expect(previewSamples({ path: encoded('pages.parquet'), ...reading }, 12)).resolves.toMatchObject({
    ...{ width: 24, height: 24, count: 16 },
  });
});
