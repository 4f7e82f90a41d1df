import { elementType, type GraphNodes, type Reduction } from './graph-nodes.ts';

/** One tensor of one network as a layer takes it: [images, units, positions]. */
export interface HeadPart {
  tensor: string;
  units: number;
}

export type ProductPrecision = 'float32' | 'float64';

/** Names of what a layer's moments come in and go out by. */
export interface MomentHead {
  parts: HeadPart[];
  positions: number;
  precision: ProductPrecision;
  /** Inputs: what is taken from every unit, [joint units]; weights of the batch's images in every group, [groups, images]. */
  shift: string;
  weights: string;
  /** Outputs of every part: statistics of every image in the order of `statistics`, each [images, units]. */
  statistics: string[][];
  /** First position of every image's maximum, [images, units] of int64. */
  maximumAt: string[];
  /** Outputs: the joint products in pieces. */
  products: ProductPiece[];
}

/** All that comes out of the graph for a head. */
export function outputsOf({ statistics, maximumAt, products }: MomentHead): string[] {
  return [...statistics.flat(), ...maximumAt, ...products.map(({ output }) => output)];
}

/** Rows and columns of the joint matrix, [groups, rows x columns]. */
export interface ProductPiece {
  output: string;
  row: number;
  rows: number;
  column: number;
  columns: number;
}

/** Of y = x - shift: sums of y, y^2, y^3, y^4; of x: sum of |x|, how many are 0, least, greatest. */
const statistics = ['sum1', 'sum2', 'sum3', 'sum4', 'absolute', 'zeros', 'minimum', 'maximum'] as const;

/** Networks from this many units on are multiplied pair by pair, so that no block of the matrix is computed twice. */
const unitsOfPairs = 64;

/**
 * Appends to a graph what one layer's moments need, so that only sums leave it. Every image is multiplied by itself,
 * and images are added up by the weights: whatever folds and groups they are in, the shapes stay the same, and no sum
 * of float32 products is longer than one image's positions.
 */
export function appendMomentHead(
  graph: GraphNodes,
  layer: string,
  parts: readonly HeadPart[],
  positions: number,
  precision: ProductPrecision,
): MomentHead {
  const joint = unitsOf(parts);
  const shift = graph.input(`${layer}/shift`, 'float32', [joint]);
  const weights = graph.input(`${layer}/weights`, 'float32', ['groups', 'images']);
  const widened = (tensor: string) =>
    precision === 'float64' ? graph.add('Cast', [tensor], { to: elementType.float64 }) : tensor;
  const centred: string[] = [];
  const head: MomentHead = {
    ...{ parts: [...parts], positions, precision, shift, weights },
    ...{ statistics: [], maximumAt: [], products: [] },
  };
  let first = 0;
  for (const [index, { tensor, units }] of parts.entries()) {
    const x = graph.reshape(tensor, [-1, units, positions]);
    const own = parts.length === 1 ? shift : sliceOf(graph, shift, first, units);
    const y = graph.add('Sub', [x, graph.reshape(own, [1, units, 1])]);
    head.statistics.push(
      statisticsOf(graph, x, y).map((sum, at) => graph.named(`${layer}/${index}/${statistics[at]}`, sum)),
    );
    const at = graph.add('ArgMax', [x], { axis: 2, keepdims: 0 });
    head.maximumAt.push(graph.named(`${layer}/${index}/maximum-at`, at));
    centred.push(widened(y));
    first += units;
  }
  const sums = widened(weights);
  const pair = (a: string, b: string, piece: Omit<ProductPiece, 'output'>) => {
    const transposed = graph.add('Transpose', [b], { perm: [0, 2, 1] });
    const product = graph.add('MatMul', [a, transposed]);
    const flat = graph.reshape(product, [-1, piece.rows * piece.columns]);
    const summed = graph.add('MatMul', [sums, flat]);
    const output = graph.named(`${layer}/products-${piece.row}-${piece.column}`, summed);
    head.products.push({ ...piece, output });
  };
  if (parts.length > 1 && parts.every(({ units }) => units >= unitsOfPairs)) {
    const starts = parts.map((_, index) => unitsOf(parts.slice(0, index)));
    for (const [a, { units: rows }] of parts.entries())
      for (let b = a; b < parts.length; b++)
        pair(centred[a], centred[b], { row: starts[a], rows, column: starts[b], columns: parts[b].units });
  } else {
    const all = centred.length === 1 ? centred[0] : graph.add('Concat', centred, { axis: 1 });
    pair(all, all, { row: 0, rows: joint, column: 0, columns: joint });
  }
  return head;
}

function statisticsOf(graph: GraphNodes, x: string, y: string): string[] {
  const over = (op: Reduction, tensor: string) => graph.reduce(op, tensor, 2);
  const squares = graph.add('Mul', [y, y]);
  const isZero = graph.add('Equal', [x, graph.zero()]);
  return [
    over('ReduceSum', y),
    over('ReduceSum', squares),
    over('ReduceSum', graph.add('Mul', [squares, y])),
    over('ReduceSum', graph.add('Mul', [squares, squares])),
    over('ReduceSum', graph.add('Abs', [x])),
    over('ReduceSum', graph.add('Cast', [isZero], { to: elementType.float32 })),
    over('ReduceMin', x),
    over('ReduceMax', x),
  ];
}

function sliceOf(graph: GraphNodes, tensor: string, first: number, count: number): string {
  const [starts, ends, axes] = [[first], [first + count], [0]].map((list) => graph.integers(list));
  return graph.add('Slice', [tensor, starts, ends, axes]);
}

function unitsOf(parts: readonly HeadPart[]): number {
  return parts.reduce((sum, { units }) => sum + units, 0);
}
