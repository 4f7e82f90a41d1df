import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InputsRequest } from '#core/ipc/engine.ts';
import { openArraySource } from '#workers/data/array-source.ts';
import { pickSamples } from '#workers/data/pick-samples.ts';
import { sampleFormat } from '#workers/data/sample-format.ts';
import { showInputs } from '#workers/data/show-inputs.ts';
import { npyBytes, zipBytes } from '../../../fixtures/npy-files.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const bytes = (shape: number[], cell: (at: number) => number) =>
  npyBytes(
    '|u1',
    shape,
    Uint8Array.from({ length: shape.reduce((x, y) => x * y, 1) }, (_, at) => cell(at)),
  );
const floats = (shape: number[], cell: (at: number) => number) =>
  npyBytes(
    '<f4',
    shape,
    Float32Array.from({ length: shape.reduce((x, y) => x * y, 1) }, (_, at) => cell(at)),
  );

function written(file: Buffer, name = 'x.npy'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, file);
  return path;
}

function shown(file: Buffer, request: Partial<InputsRequest['data']> = {}, images = [0], mostSide = 64) {
  return showInputs({ data: { path: written(file), scale: 1, ...request }, images, mostSide });
}

describe('single samples', () => {
  const array = bytes([40, 3, 2], (at) => at % 251);
  it.each([
    ['a .npy', array, 'x.npy', true],
    ['a stored archive', zipBytes([{ name: 'a.npy', bytes: array, packed: false }]), 'x.npz', true],
    ['a compressed archive', zipBytes([{ name: 'a.npy', bytes: array }]), 'x.npz', false],
  ])('are read from %s, in any order and more than once', async (_what, file, name, isDirect) => {
    const source = await openArraySource(written(file, name), undefined);
    expect(source.readAt !== undefined).toBe(isDirect);
    const format = sampleFormat(source, { scale: 1 });
    const picked = await pickSamples(source, format, [39, 0, 7, 39, 7]);
    const sample = (index: number) => Array.from({ length: 6 }, (_, at) => (index * 6 + at) % 251);
    expect([...picked]).toEqual([39, 0, 7, 39, 7].flatMap(sample));
    await expect(pickSamples(source, format, [40])).rejects.toThrow(/has 40 samples; there is no number 40/);
  });
});

describe('pictures', () => {
  it('of bytes are those bytes, whatever scale, mean and deviation the networks read them with', async () => {
    const inputs = await shown(
      bytes([2, 2, 2, 3], (at) => at * 10),
      { layout: 'NHWC', scale: 1 / 255, mean: [0.5], std: [0.2] },
      [1],
    );
    expect(inputs).toMatchObject({ kind: 'picture', rows: 2, cols: 2, depth: 3, low: 0 });
    expect([...inputs.values]).toEqual(Array.from({ length: 12 }, (_, at) => 120 + at * 10));
    expect(inputs.high).toBeCloseTo(1, 6);
  });

  it('of numbers share one range; shares of 1 have 0 to 1', async () => {
    const signed = await shown(
      floats([2, 2, 2], (at) => at - 3),
      {},
      [0, 1],
    );
    expect([signed.low, signed.high]).toEqual([-3, 4]);
    expect([...signed.values]).toEqual([0, 36, 73, 109, 146, 182, 219, 255]);
    const shares = await shown(floats([1, 2, 2], (at) => at * 0.2));
    expect([shares.low, shares.high, ...shares.values]).toEqual([0, 1, 0, 51, 102, 153]);
    const flat = await shown(floats([1, 2, 2], () => 7));
    expect([...flat.values]).toEqual([0, 0, 0, 0]);
  });

  it('that are large are shrunk to means of patches, ragged at the edge', async () => {
    const inputs = await shown(
      bytes([1, 3, 5], (at) => at),
      {},
      [0],
      3,
    );
    expect([inputs.rows, inputs.cols]).toEqual([2, 3]);
    expect(inputs.size).toEqual({ channels: 1, height: 3, width: 5 });
    expect([...inputs.values]).toEqual([3, 5, 6, 10, 12, 14]);
  });

  it('take three channels as colours, and otherwise the first', async () => {
    expect((await shown(bytes([1, 4, 2, 2], (at) => at))).depth).toBe(3);
    const two = await shown(bytes([1, 2, 2, 2], (at) => at));
    expect([two.depth, ...two.values]).toEqual([1, 0, 1, 2, 3]);
  });
});

describe('what is no picture', () => {
  it('one spatial axis makes traces, none a row, with the stored numbers times scale', async () => {
    const trace = await shown(
      floats([3, 2, 1, 4], (at) => at),
      { scale: 2, mean: [100] },
      [2],
    );
    expect(trace).toMatchObject({ kind: 'trace', rows: 2, cols: 4, low: 32, high: 46 });
    expect([...trace.values]).toEqual([32, 34, 36, 38, 40, 42, 44, 46]);
    const row = await shown(
      floats([3, 4], (at) => at),
      {},
      [1, 0],
    );
    expect(row).toMatchObject({ kind: 'row', rows: 1, cols: 4, size: { channels: 4, height: 1, width: 1 } });
    expect([...row.values]).toEqual([4, 5, 6, 7, 0, 1, 2, 3]);
  });

  it('long ones are means of pieces', async () => {
    const long = await shown(floats([1, 1, 1, 40_000], (at) => at));
    expect(long.cols).toBe(Math.ceil(40_000 / 3));
    expect(long.values[1]).toBe(4);
  });
});
