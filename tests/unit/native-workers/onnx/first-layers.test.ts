import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TensorProto_DataLocation } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { unitProbe } from '#workers/capture/unit-probe.ts';
import { readModel } from '#workers/onnx/read-model.ts';
import { receptiveFieldOf } from '#workers/onnx/receptive-field.ts';
import { unitFilterOf } from '#workers/onnx/unit-filter.ts';
import {
  convolution,
  floats,
  integers,
  node,
  value,
  whole,
  wholes,
  writeModel,
  type Graph,
} from '../../../fixtures/onnx-models.ts';
import { npyBytes } from '../../../fixtures/npy-files.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const kernel = Array.from({ length: 4 * 3 * 9 }, (_, at) => at);
const filter = (unit: number) => ({
  ...{ channels: 3, height: 3, width: 3 },
  values: Float32Array.from(kernel.slice(unit * 27, (unit + 1) * 27)),
});
const pads = wholes('pads', [1, 1, 1, 1]);
const turn = (from: string, to: string, perm: number[]) =>
  node('Transpose', [from], [to], [wholes('perm', perm)]);

/** As tf2onnx exports a Keras network: pictures with channels last, turned for every convolution and back. */
const channelsLast: Graph = {
  input: [value('images', ['N', 8, 8, 3])],
  initializer: [
    floats('kernel', [4, 3, 3, 3], kernel),
    floats('bias', [4, 1, 1], [1, 2, 3, 4]),
    integers('around', [0, 1, 1, 0, 0, 1, 1, 0]),
  ],
  node: [
    node('Pad', ['images', 'around'], ['padded']),
    turn('padded', 'first', [0, 3, 1, 2]),
    node('Conv', ['first', 'kernel'], ['conv'], [wholes('strides', [2, 2])]),
    node('Add', ['conv', 'bias'], ['biased']),
    node('Relu', ['biased'], ['relu']),
    turn('relu', 'last', [0, 2, 3, 1]),
  ],
  output: [value('last', ['N', 4, 4, 4])],
};
const field = {
  kind: 'window',
  axes: [
    { size: 3, jump: 2, start: -1 },
    { size: 3, jump: 2, start: -1 },
  ],
};

describe('filters and fields of first layers', () => {
  it('are found where channels come last, before and after they are turned back', async () => {
    const folder = temporaryFolder();
    const modelPath = writeModel(join(folder, 'last.onnx'), channelsLast);
    const path = join(folder, 'x.npy');
    writeFileSync(path, npyBytes('<f4', [2, 8, 8, 3], new Float32Array(384)));
    for (const tensor of ['conv', 'relu', 'last']) {
      const request = {
        ...{ network: { name: 'A', modelPath }, data: { path, scale: 1, layout: 'NHWC' as const }, tensor },
        ...{ axes: tensor === 'last' ? 'NHWC' : 'NCHW', provider: 'cpu' as const, threads: 1 },
      };
      const { filters, field: found } = await unitProbe.geometry({ ...request, channels: [0, 3] });
      expect(found, tensor).toEqual(field);
      expect(filters, tensor).toEqual([filter(0), filter(3)]);
    }
    const { model } = readModel(modelPath);
    // With the axes the other way round the same graph mixes positions and channels.
    expect(receptiveFieldOf(model, 'last', [8, 8], 'first')).toMatchObject({ kind: 'whole' });
  });

  it('of one channel, turned by its shape alone', () => {
    const graph: Graph = {
      input: [value('images', ['N', 8, 8, 1])],
      initializer: [integers('shape', [-1, 1, 8, 8]), floats('kernel', [2, 1, 3, 3], kernel.slice(0, 18))],
      node: [
        node('Reshape', ['images', 'shape'], ['first']),
        node('Conv', ['first', 'kernel'], ['conv'], [pads]),
      ],
      output: [value('conv', ['N', 2, 8, 8])],
    };
    const file = readModel(writeModel(join(temporaryFolder(), 'one.onnx'), graph));
    expect(unitFilterOf(file, 'conv', 1)).toMatchObject({
      height: 3,
      values: Float32Array.from(kernel.slice(9, 18)),
    });
    expect(receptiveFieldOf(file.model, 'conv', [8, 8], 'last')).toMatchObject({
      axes: [{ size: 3, start: -1 }, {}],
    });
    expect(receptiveFieldOf(file.model, 'conv', [4, 16], 'last')).toMatchObject({
      because: 'the layer Reshape',
    });
  });

  it('whose weights lie in a file beside the model: the part of the unit is read', () => {
    const folder = temporaryFolder();
    const graph = convolution({ units: 4, channels: 3 });
    const entries = Object.entries({ location: 'w.bin', offset: '64', length: String(4 * kernel.length) });
    const outside = {
      ...{ name: 'kernel', dims: [4n, 3n, 3n, 3n], dataType: 1 },
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: entries.map(([key, text]) => ({ key, value: text })),
    };
    writeFileSync(
      join(folder, 'w.bin'),
      Buffer.concat([Buffer.alloc(64), Buffer.from(Float32Array.from(kernel).buffer)]),
    );
    const file = readModel(writeModel(join(folder, 'out.onnx'), { ...graph, initializer: [outside] }));
    expect(unitFilterOf(file, 'relu', 2)).toEqual(filter(2));
    expect(unitFilterOf(file, 'relu', 4)).toBeNull();
  });

  it('of dense layers either way round, and of constants in nodes', () => {
    const graph: Graph = {
      input: [value('x', ['N', 3])],
      initializer: [
        floats('w', [3, 2], [1, 2, 3, 4, 5, 6]),
        floats('b', [2], [0, 1]),
        floats('t', [2, 3], [1, 2, 3, 4, 5, 6]),
      ],
      node: [
        node('MatMul', ['x', 'w'], ['product']),
        node('Add', ['b', 'product'], ['dense']),
        node('Gemm', ['x', 'w', 'b'], ['gemm']),
        node('Gemm', ['x', 't', 'b'], ['turned'], [whole('transB', 1)]),
        node('Add', ['dense', 'gemm'], ['sum']),
      ],
      output: [value('sum', ['N', 2])],
    };
    const file = readModel(writeModel(join(temporaryFolder(), 'dense.onnx'), graph));
    const of = (tensor: string) => unitFilterOf(file, tensor, 1)?.values;
    expect(of('dense')).toEqual(Float32Array.of(2, 4, 6));
    expect(of('gemm')).toEqual(Float32Array.of(2, 4, 6));
    expect(of('turned')).toEqual(Float32Array.of(4, 5, 6));
    expect(of('sum')).toBeUndefined();
  });
});
