import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { capture, passAgain } from '../../../fixtures/captures.ts';
import { float32Npy } from '../../../fixtures/npy-files.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

afterEach(() => vi.restoreAllMocks());

it('refuses histograms that would take most of the memory that is free, before anything is counted', async () => {
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
  await expect(passAgain(folder, options, summary, wanted)).resolves.toMatchObject({ bins: 6 });
  vi.spyOn(process, 'availableMemory').mockReturnValue(1e5);
  await expect(passAgain(folder, options, summary, wanted)).rejects.toThrow(
    /^The joint histograms of all layers need [\d.e-]+ GiB, more than half of the memory that is free \([\d.e-]+ GiB\); use fewer layers/,
  );
});
