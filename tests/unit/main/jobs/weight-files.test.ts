import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TensorProto_DataLocation } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { weightFilesOf } from '../../../../main/jobs/weight-files.ts';
import {
  body,
  convolution,
  floats,
  modelBytes,
  node,
  passThrough,
  writeModel,
} from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const outside = (name: string, location: string) => ({
  ...{ name, dims: [4n], dataType: 1, dataLocation: TensorProto_DataLocation.EXTERNAL },
  externalData: [
    { key: 'length', value: '16' },
    { key: 'location', value: location },
  ],
});

describe('weightFilesOf', () => {
  it('finds the files of initializers, of constants and of bodies, each once', () => {
    const graph = passThrough(4);
    graph.initializer = [
      floats('inside', [100_000], new Float32Array(100_000)),
      outside('a', 'w.bin'),
      outside('b', 'parts/v.bin'),
      outside('c', 'w.bin'),
      outside('d', '../away.bin'),
    ];
    graph.node.push(
      node('If', ['x'], ['y'], [body('then_branch', { initializer: [outside('e', 'body.bin')] })]),
      node('Constant', [], ['k'], [{ name: 'value', t: outside('f', `${'long'.repeat(50)}.bin`) }]),
    );
    const path = writeModel(join(temporaryFolder(), 'a.onnx'), graph);
    expect(weightFilesOf(path)).toEqual(['body.bin', `${'long'.repeat(50)}.bin`, 'parts/v.bin', 'w.bin']);
  });

  it('finds none in models of one file, in files cut off and in other files', () => {
    const path = join(temporaryFolder(), 'a.onnx');
    const whole = modelBytes(convolution({ units: 4 }));
    for (const bytes of [whole, whole.subarray(0, 60), Buffer.from('no model at all'), Buffer.alloc(0)]) {
      writeFileSync(path, bytes);
      expect(weightFilesOf(path)).toEqual([]);
    }
  });
});
