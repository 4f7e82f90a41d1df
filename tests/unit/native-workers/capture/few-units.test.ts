import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveAnalysis } from '#core/domain/resolve-analysis.ts';
import { align, capture } from '../../../fixtures/captures.ts';
import { writeFloat32Npy } from '../../../fixtures/npy-files.ts';
import { convolution, writeModel } from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const subspaces = resolveAnalysis({ subspaces: ['procrustes'] }, 'analyses[0]', (_, what) => {
  throw new Error(what);
});
const correlation = resolveAnalysis('correlation', 'analyses[1]', (_, what) => {
  throw new Error(what);
});

it.each([
  [1, 1],
  [1, 2],
  [2, 1],
])(
  'moments of %i and %i units come back from their packed triangle, whichever network is first',
  async (...units) => {
    const folder = temporaryFolder();
    const networks = units.map((count, index) => ({
      name: `Net${index + 1}`,
      modelPath: writeModel(join(folder, `${index}.onnx`), convolution({ units: count, seed: index + 1 })),
    }));
    const values = Array.from({ length: 12 * 25 }, (_, at) => Math.sin(at * 7.3) + Math.sin(at * 0.013));
    const data = writeFloat32Npy(join(folder, 'x.npy'), [12, 5, 5], values);
    const layers = [
      { name: 'relu', tensors: { Net1: 'relu', Net2: 'relu' }, sample: { kind: 'position' as const } },
    ];
    const { summary } = await capture(folder, data, { networks, layers, outFile: join(folder, 'a.arrays') });
    const options = { analyses: [correlation, subspaces] };
    const found = await align(
      summary,
      [
        [0, 1],
        [1, 0],
      ],
      join(folder, 'results'),
      1,
      options,
    );
    const between = found.get('0-0-1-correlation')?.arrays.get('between')?.data ?? [];
    const one = found.get('0-0-1-subspaces')?.headline.procrustesLikeness;
    expect(found.get('0-1-0-subspaces')?.headline.procrustesLikeness).toBeCloseTo(Number(one), 12);
    expect(one).toBeGreaterThan(0.01);
    if (units.every((count) => count === 1)) expect(one).toBeCloseTo(Math.abs(between[0]), 12);
  },
);
