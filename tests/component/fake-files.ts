import type { ModelInspection } from '#core/domain/network.ts';

/** What the fake backend finds in a model and a data file. */

export function pictures(count: number) {
  return { width: 28, height: 28, count, pictures: Array.from({ length: count }, (_, at) => ring(at % 12)) };
}

/** A ring of changing size, as an RGBA picture of 28 x 28. */
function ring(size: number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(28 * 28 * 4);
  for (let at = 0; at < 28 * 28; at++) {
    const distance = Math.hypot((at % 28) - 13.5, (Math.floor(at / 28) - 13.5) * (1 - size / 30));
    const grey = 255 * Math.exp(-((distance - 4 - size / 2) ** 2) / 3);
    pixels.set([grey, grey, grey, 255], 4 * at);
  }
  return pixels;
}

const relu = (name: string, shape: (number | string)[]) => ({
  name,
  op: 'Relu',
  node: name.replace('_output_0', ''),
  shape,
  units: Number(shape[1]),
  type: 'float32',
});
const conv = (name: string, shape: (number | string)[], op = 'Conv') => ({ ...relu(name, shape), op });

export const modelInspection: ModelInspection = {
  file: 'net1.onnx',
  bytes: 457_481,
  sha256: '9373e1cbcc50a674697aa0621b5a0204bd7690f1dc508a1bc06c696b4e1ca3ab',
  producer: 'pytorch 1.13.0',
  opset: 17,
  inputs: [{ name: 'images', type: 'float32', shape: ['batch', 1, 28, 28] }],
  tensors: [
    conv('/conv1/Conv_output_0', ['batch', 24, 28, 28]),
    relu('/Relu_output_0', ['batch', 24, 28, 28]),
    conv('/pool/MaxPool_output_0', ['batch', 24, 14, 14], 'MaxPool'),
    conv('/conv2/Conv_output_0', ['batch', 48, 14, 14]),
    relu('/Relu_1_output_0', ['batch', 48, 14, 14]),
    conv('/pool_1/MaxPool_output_0', ['batch', 48, 7, 7], 'MaxPool'),
    conv('/conv3/Conv_output_0', ['batch', 64, 7, 7]),
    relu('/Relu_2_output_0', ['batch', 64, 7, 7]),
    conv('/Flatten_output_0', ['batch', 3136], 'Flatten'),
    conv('/fc1/Gemm_output_0', ['batch', 128], 'Gemm'),
    relu('/Relu_3_output_0', ['batch', 128]),
    conv('logits', ['batch', 10], 'Gemm'),
  ],
  nodes: [],
};
modelInspection.nodes = [
  { op: 'Input', name: 'images', from: [], tensors: ['images'] },
  ...modelInspection.tensors.map(({ op, node, name }, at) => ({
    op,
    name: node,
    from: [at],
    tensors: [name],
  })),
];
