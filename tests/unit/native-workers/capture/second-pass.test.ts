import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { readArray } from '#workers/files/array-file.ts';
import { capture, passAgain } from '../../../fixtures/captures.ts';
import { float32Npy } from '../../../fixtures/npy-files.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

afterEach(() => vi.restoreAllMocks());

it('counts the same where counts would take most of the memory that is free', async () => {
  const folder = temporaryFolder();
  const networks = ['A', 'B'].map((name, network) => {
    const path = join(folder, `${name}.npy`);
    const values = Float32Array.from({ length: 60 * 8 }, (_, at) => Math.sin(at * (network + 1.3)));
    writeFileSync(path, float32Npy([60, 8], values));
    return { name, activationsPath: path };
  });
  const layer = { name: 'fc', tensors: { A: 'A', B: 'B' }, sample: { kind: 'image' as const } };
  const extras = { seed: 3, blocks: 0, shuffles: 0, sampleRows: 0, bins: 6 };
  const options = { networks, layers: [layer], data: null, limit: 60, orderSeed: 3, extras };
  const { summary } = await capture(folder, '', options);
  const wanted = { pairs: [[0, 1]] as [number, number][], bins: 6, halves: false, squaredNorms: false };
  const valuesOf = async () => {
    const { arrays } = await passAgain(folder, options, summary, wanted);
    return arrays.arrays.map(({ name }) => [name, [...readArray(arrays, name).data]]);
  };
  const plenty = await valuesOf();
  expect(plenty.map(([name]) => name)).toContain('0/information-0-1');
  vi.spyOn(process, 'availableMemory').mockReturnValue(1e4);
  expect(await valuesOf()).toEqual(plenty);
});
