import { float, int, ints, NetworkWriter } from './network-writer.ts';

/** Writes a network of one architecture with seeded random weights; gives the number of its weights. */
export type Architecture = (path: string, seed: number) => number;

/** As torchvision has them; batch normalisation is folded into the convolutions, as exporters do. */
export const architectures: Record<string, Architecture> = {
  alexnet,
  caffenet,
  'resnet-18': (path, seed) => residual(path, seed, [2, 2, 2, 2], false),
  'resnet-50': (path, seed) => residual(path, seed, [3, 4, 6, 3], true),
  'vit-b-16': visionTransformer,
};

function alexnet(path: string, seed: number): number {
  const net = new NetworkWriter(path, seed);
  let x = net.maxPool(net.relu(net.conv('images', 3, 64, 11, 4, 2)), 3, 2);
  x = net.maxPool(net.relu(net.conv(x, 64, 192, 5, 1, 2)), 3, 2);
  x = net.relu(net.conv(x, 192, 384, 3, 1, 1));
  x = net.relu(net.conv(x, 384, 256, 3, 1, 1));
  x = net.maxPool(net.relu(net.conv(x, 256, 256, 3, 1, 1)), 3, 2);
  x = net.relu(net.gemm(net.node('Flatten', [x]), 256 * 6 * 6, 4096));
  x = net.relu(net.gemm(x, 4096, 4096));
  return net.finish(net.gemm(x, 4096, 1000));
}

/** Of the shape of Li et al.'s networks: two groups, local response normalisation; inputs of 224 padded by two. */
function caffenet(path: string, seed: number): number {
  const net = new NetworkWriter(path, seed);
  const normalised = (x: string) =>
    net.node('LRN', [x], [int('size', 5), float('alpha', 1e-4), float('beta', 0.75), float('bias', 1)]);
  let x = normalised(net.maxPool(net.relu(net.conv('images', 3, 96, 11, 4, 2)), 3, 2));
  x = normalised(net.maxPool(net.relu(net.conv(x, 96, 256, 5, 1, 2, 2)), 3, 2));
  x = net.relu(net.conv(x, 256, 384, 3, 1, 1));
  x = net.relu(net.conv(x, 384, 384, 3, 1, 1, 2));
  x = net.maxPool(net.relu(net.conv(x, 384, 256, 3, 1, 1, 2)), 3, 2);
  x = net.relu(net.gemm(net.node('Flatten', [x]), 256 * 6 * 6, 4096));
  x = net.relu(net.gemm(x, 4096, 4096));
  return net.finish(net.gemm(x, 4096, 1000));
}

function residual(path: string, seed: number, depths: number[], isBottleneck: boolean): number {
  const net = new NetworkWriter(path, seed);
  const growth = isBottleneck ? 4 : 1;
  let x = net.maxPool(net.relu(net.conv('images', 3, 64, 7, 2, 3)), 3, 2, 1);
  let inner = 64;
  depths.forEach((depth, stage) => {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < depth; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const outer = width * growth;
      const short = stride > 1 || inner !== outer ? net.conv(x, inner, outer, 1, stride) : x;
      const long = isBottleneck
        ? net.conv(
            net.relu(net.conv(net.relu(net.conv(x, inner, width, 1)), width, width, 3, stride, 1)),
            width,
            outer,
            1,
          )
        : net.conv(net.relu(net.conv(x, inner, width, 3, stride, 1)), width, outer, 3, 1, 1);
      // A half of the sum, so that random weights keep their size through fifty layers.
      const half = net.constant(Float32Array.of(0.7), [1]);
      x = net.relu(net.node('Add', [net.node('Mul', [long, half]), net.node('Mul', [short, half])]));
      inner = outer;
    }
  });
  const pooled = net.node('Flatten', [net.node('GlobalAveragePool', [x])]);
  return net.finish(net.gemm(pooled, inner, 1000));
}

function visionTransformer(path: string, seed: number): number {
  const net = new NetworkWriter(path, seed);
  const [width, heads, hidden, depth, tokens] = [768, 12, 3072, 12, 197];
  const patches = net.node('Reshape', [net.conv('images', 3, width, 16, 16), net.integers([0, width, -1])]);
  const places = net.node('Transpose', [patches], [ints('perm', [0, 2, 1])]);
  const none = net.node('ReduceMean', [places], [ints('axes', [1]), int('keepdims', 1)]);
  const first = net.node('Add', [
    net.node('Mul', [none, net.constant(Float32Array.of(0), [1])]),
    net.weights([1, 1, width], 1),
  ]);
  let x = net.node('Concat', [first, places], [int('axis', 1)]);
  x = net.node('Add', [x, net.weights([1, tokens, width], 1)]);
  for (let block = 0; block < depth; block++) {
    x = net.node('Add', [x, attention(net, net.layerNorm(x, width), width, heads)]);
    const inner = gelu(net, net.dense(net.layerNorm(x, width), width, hidden));
    x = net.node('Add', [x, net.dense(inner, hidden, width)]);
  }
  const axis = net.integers([1]);
  const classToken = net.node('Squeeze', [
    net.node('Slice', [net.layerNorm(x, width), net.integers([0]), net.integers([1]), axis]),
    axis,
  ]);
  return net.finish(net.gemm(classToken, width, 1000));
}

function attention(net: NetworkWriter, x: string, width: number, heads: number): string {
  const size = width / heads;
  const shape = net.integers([0, 0, heads, size]);
  const part = (perm: number[]) =>
    net.node('Transpose', [net.node('Reshape', [net.dense(x, width, width), shape])], [ints('perm', perm)]);
  const [query, key, value] = [part([0, 2, 1, 3]), part([0, 2, 3, 1]), part([0, 2, 1, 3])];
  const scale = net.constant(Float32Array.of(1 / Math.sqrt(size)), [1]);
  const maps = net.node(
    'Softmax',
    [net.node('Mul', [net.node('MatMul', [query, key]), scale])],
    [int('axis', -1)],
  );
  const joined = net.node('Transpose', [net.node('MatMul', [maps, value])], [ints('perm', [0, 2, 1, 3])]);
  return net.dense(net.node('Reshape', [joined, net.integers([0, 0, width])]), width, width);
}

function gelu(net: NetworkWriter, x: string): string {
  const number = (value: number) => net.constant(Float32Array.of(value), [1]);
  const erf = net.node('Erf', [net.node('Div', [x, number(Math.SQRT2)])]);
  return net.node('Mul', [net.node('Mul', [x, net.node('Add', [erf, number(1)])]), number(0.5)]);
}
