import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TopInputs } from '#core/domain/result.ts';
import { topPictures } from '#workers/capture/top-pictures.ts';
import { showInputs } from '#workers/data/show-inputs.ts';
import { capture, capturedArray } from '../../../fixtures/captures.ts';
import { npyBytes } from '../../../fixtures/npy-files.ts';
import { sampleOptions } from '../../../fixtures/samples.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const budget = 8 * 2 ** 20;
const checkpoint = () => Promise.resolve();

/** Units whose top inputs are the images from `first` on, nine each, each image once. */
function topOf(units: number, first = 0): TopInputs {
  const image = Int32Array.from({ length: units * 9 }, (_, at) => first + at);
  return { k: 9, image, position: image, value: Float32Array.from(image) };
}

function data(shape: number[], descr = '|u1') {
  const path = join(temporaryFolder(), 'x.npy');
  const values = shape.reduce((product, size) => product * size, 1);
  const cells = descr === '|u1' ? new Uint8Array(values) : new Float32Array(values);
  for (let at = 0; at < cells.length; at++) cells[at] = at % 253;
  writeFileSync(path, npyBytes(descr, shape, cells));
  return { path, scale: 1 };
}

describe('pictures kept in the project', () => {
  it('are those of every top input of a pass, each once', async () => {
    const options = sampleOptions(['Net1', 'Net2'], 400);
    const { summary } = await capture(temporaryFolder(), '', { ...options, topK: 9 });
    for (const [layer, { topInputs }] of summary.layers.entries()) {
      const images = capturedArray(summary, layer, 'top-input-image', 'all').data as Int32Array;
      const top = new Set(capturedArray(summary, layer, 'top-image', 'all').data);
      top.delete(-1);
      expect(new Set(images)).toEqual(top);
      expect(images).toHaveLength(top.size);
      expect(topInputs).toMatchObject({ kind: 'picture', rows: 28, cols: 28, low: 0 });
      const shown = await showInputs({ data: options.data!, images: [...images], mostSide: 64 });
      expect(capturedArray(summary, layer, 'top-input', 'all').data).toEqual(shown.values);
    }
  });

  it('are shrunk until all of them fit', async () => {
    const [few, many] = await Promise.all(
      [60, 100].map((units) => topPictures(data([900, 3, 64, 64]), [[topOf(units)]], checkpoint)),
    );
    expect([few[0].rows, few[0].images.length]).toEqual([64, 540]);
    expect([many[0].rows, many[0].images.length]).toEqual([32, 900]);
    expect(many[0].values.byteLength).toBeLessThanOrEqual(budget);
    // Means of 2 x 2 pixels of the first image, first channel.
    const row = 64;
    expect(many[0].values[0]).toBe((0 + 1 + row + row + 1) / 4 - 0.5);
  });

  it('that do not fit at all are left out, the first ones of every unit kept', async () => {
    const top = [topOf(50), topOf(50, 450)];
    const [{ kind, images, values }] = await topPictures(data([900, 4096], '<f4'), [top], checkpoint);
    expect(kind).toBe('row');
    expect(values.byteLength).toBe(budget);
    expect(images).toHaveLength(512);
    const firsts = Array.from({ length: 100 }, (_, unit) => unit * 9);
    expect([...images.slice(0, 100)]).toEqual(firsts);
    expect([...images.slice(100, 200)]).toEqual(firsts.map((image) => image + 1));
  });
});
