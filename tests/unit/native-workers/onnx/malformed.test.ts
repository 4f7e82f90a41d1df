import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors.ts';
import { createRandom } from '#core/random.ts';
import { inspectModel } from '#workers/onnx/inspect-model.ts';
import {
  convolution,
  floats,
  integers,
  modelBytes,
  node,
  passThrough,
  value,
  whole,
  type Graph,
  type ModelParts,
} from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const graph = (nodes: Graph['node'], initializer: Graph['initializer'] = []): Graph => ({
  ...passThrough(4),
  initializer,
  node: [node('Identity', ['features'], ['a']), ...nodes],
});
const of = (op: string, inputs = ['a']) => node(op, inputs, ['same']);
const imports = (...domains: string[]): ModelParts => ({
  opsetImport: ['', ...domains].map((domain) => ({ domain, version: domain ? 1n : 17n })),
});
const foreign = (domain: string) => ({ ...of('Bar'), domain });
const w = (data: number[]) => floats('w', [data.length], data);

/** Every file, and the whole sentence it is refused with. */
const cases: [name: string, graph: Graph, more: ModelParts, says: string][] = [
  [
    'custom.onnx',
    graph([foreign('com.foo')]),
    imports('com.foo'),
    'onnxruntime cannot load custom.onnx: it uses the operator Bar of "com.foo", which onnxruntime does not have; export the network in standard operators.',
  ],
  [
    'import.onnx',
    graph([foreign('com.foo')]),
    {},
    'onnxruntime cannot load import.onnx: its node "Bar of same" uses the operator Bar of "com.foo", which the file does not import; export the network again in standard operators.',
  ],
  [
    'operator.onnx',
    graph([of('Nope')]),
    {},
    'onnxruntime cannot load operator.onnx: its node "Nope of same" uses the operator Nope, which opset 17 does not have; export the network again.',
  ],
  [
    'shapes.onnx',
    graph([of('MatMul', ['a', 'w'])], [floats('w', [3, 2], [1, 2, 3, 4, 5, 6])]),
    {},
    'onnxruntime cannot load shapes.onnx: the shapes at node "MatMul of same" (MatMul) do not fit (Incompatible dimensions for matrix multiplication); export the network again.',
  ],
  [
    'opset.onnx',
    passThrough(4),
    { opsetImport: [{ domain: '', version: 99n }] },
    'onnxruntime cannot load opset.onnx: it is of opset 99, and this onnxruntime reads up to 26; export the network with an older opset.',
  ],
  [
    'ir.onnx',
    passThrough(4),
    { irVersion: 99n },
    'onnxruntime cannot load ir.onnx: it is of IR version 99, and this onnxruntime reads up to 13; export the network with an older onnx.',
  ],
  [
    'missing.onnx',
    graph([of('Add', ['a', 'nothing'])]),
    {},
    'onnxruntime cannot load missing.onnx: a node reads tensor "nothing", which nothing makes; export the network again.',
  ],
  [
    'circle.onnx',
    graph([node('Add', ['a', 'y'], ['x']), node('Relu', ['x'], ['y']), of('Relu', ['y'])]),
    {},
    'onnxruntime cannot load circle.onnx: its nodes read each other in a circle; export the network again.',
  ],
  [
    'twice.onnx',
    graph([of('Relu'), of('Neg')]),
    {},
    'onnxruntime cannot load twice.onnx: two nodes make tensor "same"; export the network again.',
  ],
  [
    'short.onnx',
    graph([of('Add', ['a', 'w'])], [{ ...w([1, 2, 3]), dims: [4n] }]),
    {},
    'onnxruntime cannot load short.onnx: weights "w" have not as many bytes as their shape needs; the file is damaged: copy or export it again.',
  ],
  [
    'negative.onnx',
    graph([of('Add', ['a', 'w'])], [{ ...w([1, 2, 3, 4]), dims: [-4n] }]),
    {},
    'onnxruntime cannot load negative.onnx: weights have a negative size; the file is damaged: copy or export it again.',
  ],
  [
    'types.onnx',
    graph([of('Add', ['a', 'w'])], [integers('w', [1, 2, 3, 4])]),
    {},
    'onnxruntime cannot load types.onnx: node "Add of same" (Add) is given float and int64, which must be of one type; export the network again.',
  ],
  [
    'double.onnx',
    {
      ...convolution({ units: 2 }),
      initializer: [{ ...floats('kernel', [2, 1, 3, 3], new Array(36).fill(0)), dataType: 11 }],
      node: [
        node('Cast', ['images'], ['x'], [whole('to', 11)]),
        node('Conv', ['x', 'kernel'], ['conv']),
        node('Cast', ['conv'], ['relu'], [whole('to', 1)]),
      ],
    },
    {},
    'onnxruntime cannot load double.onnx: there is no Conv for the element type of node "Conv of conv" on this provider; export the network in float32.',
  ],
  [
    'output.onnx',
    { ...passThrough(4), output: [value('zzz', ['N', 4])] },
    {},
    'onnxruntime cannot load output.onnx: its output "zzz" is made by no node; export the network again.',
  ],
];

describe('malformed models', () => {
  it.each(cases)('%s is refused in one plain sentence', async (name, model, more, says) => {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, modelBytes(model, more));
    const error: unknown = await inspectModel(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).message).toBe(says);
  });

  it('with bytes changed at random are read, or refused in one line that names the file', async () => {
    const whole = modelBytes(convolution({ units: 3, size: [5, 5] }));
    const random = createRandom(11);
    const folder = temporaryFolder();
    let refused = 0;
    for (let round = 0; round < 60; round++) {
      const bytes = whole.slice();
      for (let change = 0; change <= round % 4; change++)
        bytes[random.nextInt(bytes.length)] = random.nextInt(256);
      const path = join(folder, `fuzz-${round}.onnx`);
      writeFileSync(path, bytes);
      const error: unknown = await inspectModel(path).then(
        () => null,
        (reason: unknown) => reason,
      );
      if (error === null) continue;
      refused += 1;
      expect(error).toBeInstanceOf(AppError);
      const { message } = error as AppError;
      expect(message).toContain(`fuzz-${round}.onnx`);
      expect(message).not.toMatch(/\n|onnxruntime_src|ONNXRuntimeError/);
    }
    expect(refused).toBeGreaterThan(10);
  });
});
