import {
  mkdirSync,
  openSync,
  closeSync,
  ftruncateSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { TensorProto_DataLocation } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { runtime } from '#workers/capture/runtime.ts';
import { openTappedSession } from '#workers/capture/tapped-session.ts';
import { inspectModel } from '#workers/onnx/inspect-model.ts';
import { node, passThrough, writeModel, type Graph } from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

/** features + four weights, which lie in another file. */
function withWeightsIn(location: string, offset = 0, length = 16): Graph {
  const entries = Object.entries({ location, offset: String(offset), length: String(length) });
  return {
    ...passThrough(4),
    initializer: [
      {
        name: 'weights',
        dims: [4n],
        dataType: 1,
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: entries.map(([key, value]) => ({ key, value })),
      },
    ],
    node: [node('Add', ['features', 'weights'], ['inner']), node('Neg', ['inner'], ['same'])],
  };
}

const weights = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

async function innerOf(modelPath: string): Promise<number[]> {
  const options = { name: 'A', modelPath, provider: 'cpu', threads: 1 } as const;
  const { session, taps } = await openTappedSession({
    ...options,
    tensors: [{ tensor: 'inner', axes: null }],
  });
  try {
    const features = new (runtime().Tensor)('float32', new Float32Array(4), [1, 4]);
    const answer = await session.run({ features }, [taps[0].output]);
    return [...(answer.inner.data as Float32Array)];
  } finally {
    await session.release();
  }
}

describe('weights beside the model', () => {
  it('are read from its folder and folders below, wherever the program was started', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'parts'));
    writeFileSync(join(folder, 'parts', 'w.bin'), weights);
    const path = writeModel(join(folder, 'a.onnx'), withWeightsIn('parts/w.bin'));
    expect(await innerOf(path)).toEqual([1, 2, 3, 4]);
    expect(await inspectModel(path)).toMatchObject({
      weightFiles: ['parts/w.bin'],
      tensors: [{ name: 'inner' }, {}],
    });
  });

  it('may take more than 4 GiB, of which nothing is read that is not needed', async () => {
    const folder = temporaryFolder();
    const offset = 5 * 2 ** 30;
    const file = openSync(join(folder, 'large.bin'), 'w');
    ftruncateSync(file, offset);
    writeSync(file, weights, 0, weights.length, offset);
    closeSync(file);
    const before = process.memoryUsage().rss;
    expect(await innerOf(writeModel(join(folder, 'a.onnx'), withWeightsIn('large.bin', offset)))).toEqual([
      1, 2, 3, 4,
    ]);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28);
  });

  it('are refused outside the folder, through links, when missing and when cut off', async () => {
    const outside = join(temporaryFolder(), 'w.bin');
    writeFileSync(outside, weights);
    const refused = (location: string, prepare: (folder: string) => void = () => undefined, length = 16) => {
      const folder = temporaryFolder();
      prepare(folder);
      return expect(inspectModel(writeModel(join(folder, 'a.onnx'), withWeightsIn(location, 0, length))))
        .rejects;
    };
    const away =
      /^a\.onnx keeps tensor weights in ".*", which is not inside the folder of the model; export it again/;
    for (const location of ['../w.bin', 'x/../../w.bin', outside, 'C:\\w.bin', '..\\w.bin', ''])
      await refused(location).toThrow(away);
    await refused('w.bin').toThrow(/in "w\.bin", which is missing; put that file beside the model\.$/);
    await refused('w.bin', (folder) => symlinkSync(outside, join(folder, 'w.bin'))).toThrow(
      /which is a link; put the file/,
    );
    await refused('in/w.bin', (folder) => symlinkSync(dirname(outside), join(folder, 'in'))).toThrow(
      /which is a link/,
    );
    await refused('w.bin', (folder) => mkdirSync(join(folder, 'w.bin'))).toThrow(/which is no file/);
    const write = (folder: string) => writeFileSync(join(folder, 'w.bin'), weights);
    await refused('w.bin', write, 17).toThrow(
      'w.bin, which holds the weights of a.onnx, is too short: tensor weights ends at byte 17 of 16. Copy the file again, ' +
        'or export the network again.',
    );
  });
});
