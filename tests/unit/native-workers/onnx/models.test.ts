import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { runtime } from '#workers/capture/runtime.ts';
import { inspectModel } from '#workers/onnx/inspect-model.ts';
import { readModel } from '#workers/onnx/read-model.ts';
import { tapModel } from '#workers/onnx/tap-model.ts';
import { convolution, modelBytes, node, value, whole, writeModel } from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const inFolder = (name: string) => join(temporaryFolder(), name);

describe('tapModel', () => {
  it('adds inner tensors as outputs and leaves the weights as they were', async () => {
    const file = readModel(writeModel(inFolder('a.onnx'), convolution({ units: 4 })));
    const tapped = tapModel(file, ['conv', 'relu']);
    const { graph } = fromBinary(ModelProtoSchema, tapped);
    expect(graph?.output.map((output) => output.name)).toEqual(['relu', 'conv']);
    expect([...(graph?.initializer[0].rawData ?? [])]).toEqual([
      ...(file.model.graph?.initializer[0].rawData ?? [0]),
    ]);
    const session = await runtime().InferenceSession.create(tapped, { executionProviders: ['cpu'] });
    const images = new (runtime().Tensor)(
      'float32',
      Float32Array.from({ length: 25 }, (_, at) => at % 7),
      [1, 1, 5, 5],
    );
    const { conv, relu } = await session.run({ images });
    expect([...(relu.data as Float32Array)]).toEqual(
      [...(conv.data as Float32Array)].map((x) => Math.max(x, 0)),
    );
    await session.release();
  });

  it('returns the very bytes when nothing is to be added', () => {
    const file = readModel(writeModel(inFolder('a.onnx'), convolution({ units: 4 })));
    expect(tapModel(file, ['relu'])).toBe(file.bytes);
  });

  it('refuses a tensor that is not there with the nearest names', () => {
    const file = readModel(writeModel(inFolder('a.onnx'), convolution({ units: 4 })));
    expect(() => tapModel(file, ['rleu'])).toThrow(
      'a.onnx has no tensor "rleu"; nearest names: relu or conv. List them all with: consilience inspect.',
    );
    expect(() => tapModel(file, ['images'])).toThrow(/has no tensor "images"/);
  });
});

describe('inspectModel', () => {
  it('lists inputs and every capturable tensor with op, shape and units', async () => {
    const path = writeModel(inFolder('a.onnx'), convolution({ units: 4, size: [5, 5] }));
    expect(await inspectModel(path)).toMatchObject({
      file: 'a.onnx',
      producer: 'consilience tests',
      opset: 17,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      inputs: [{ name: 'images', type: 'float32', shape: ['N', 1, 5, 5] }],
      tensors: [
        { name: 'conv', op: 'Conv', node: 'Conv of conv', shape: ['N', 4, 5, 5], units: 4, type: 'float32' },
        { name: 'relu', op: 'Relu', shape: ['N', 4, 5, 5], units: 4 },
      ],
    });
  });

  it('knows the units where heights and widths are free, and leaves integers out', async () => {
    const graph = convolution({ units: 4 });
    graph.node.push(
      node('Shape', ['relu'], ['sizes']),
      node('ArgMax', ['relu'], ['best'], [whole('axis', 1)]),
    );
    const { tensors } = await inspectModel(writeModel(inFolder('a.onnx'), graph));
    expect(tensors.map(({ name, shape, units }) => ({ name, shape, units }))).toEqual([
      { name: 'conv', shape: ['N', 4, null, null], units: 4 },
      { name: 'relu', shape: ['N', 4, 'H', 'W'], units: 4 },
    ]);
  });

  it('lists several inputs', async () => {
    const path = writeModel(inFolder('a.onnx'), {
      input: [value('left', ['N', 3]), value('right', ['N', 3])],
      node: [node('Add', ['left', 'right'], ['sum'])],
      output: [value('sum', ['N', 3])],
    });
    expect((await inspectModel(path)).inputs.map(({ name }) => name)).toEqual(['left', 'right']);
  });
});

describe('what is no usable model', () => {
  const refuse = (name: string, bytes: Uint8Array) => {
    const path = inFolder(name);
    writeFileSync(path, bytes);
    return expect(inspectModel(path)).rejects;
  };
  const whole = modelBytes(convolution({ units: 4 }));

  it('refuses other files, empty ones and models cut off, by name', async () => {
    await refuse('text.onnx', Buffer.from('this is no model at all, only text')).toMatchObject({
      code: 'bad-model',
      message: expect.stringMatching(/^text\.onnx is not an ONNX model/),
    });
    await refuse('empty.onnx', Buffer.alloc(0)).toThrow(/^empty\.onnx is not an ONNX model: it has no graph/);
    for (const share of [0.3, 0.6, 0.9]) {
      await refuse('cut.onnx', whole.subarray(0, Math.floor(whole.length * share))).toMatchObject({
        code: 'bad-model',
        message: expect.stringContaining('cut.onnx'),
      });
    }
    await expect(inspectModel('/none/x.onnx')).rejects.toMatchObject({ code: 'not-found' });
    await expect(inspectModel(temporaryFolder())).rejects.toThrow(/is not a file; name an ONNX model file/);
  });

  it('passes on in words why the runtime cannot load a model', async () => {
    const graph = convolution({ units: 4 });
    graph.node[1] = node('NoSuchOperator', ['conv'], ['relu']);
    await refuse('odd.onnx', modelBytes(graph)).toThrow(
      /^onnxruntime cannot load odd\.onnx: .*NoSuchOperator/,
    );
  });
});
