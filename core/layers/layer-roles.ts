import type { ModelInspection, ModelNode } from '../domain/network.ts';
import { GraphLinks } from './graph-links.ts';

/** Parts that tensors play in a network, which layers to compare can be chosen by. */
export const layerRoles = [
  'activation',
  'block',
  'attention',
  'heads',
  'mlp',
  'pooling',
  'normalisation',
  'linear',
  'logits',
] as const;
export type LayerRole = (typeof layerRoles)[number];

export const roleWords: Record<LayerRole, string> = {
  activation: 'after each ReLU, GELU, SiLU or the like',
  block: 'block outputs: after each residual sum',
  attention: 'attention outputs, projected',
  heads: 'attention outputs by head',
  mlp: 'hidden units between two dense layers',
  pooling: 'after each pooling',
  normalisation: 'after each normalisation',
  linear: 'after each convolution or dense layer',
  logits: 'last dense layer (logits)',
};

export interface LayerSuggestion {
  role: LayerRole;
  /** In the order of computation. */
  tensors: string[];
}

const rectifiers = new Set(
  'Relu LeakyRelu PRelu ThresholdedRelu Elu Selu Celu Gelu FastGelu QuickGelu BiasGelu HardSwish Swish Silu Mish Softplus'.split(
    ' ',
  ),
);
/** Activations in old networks, gates in new ones: offered where a network has no others. */
const squashers = new Set(['Sigmoid', 'Tanh', 'HardSigmoid', 'Clip', 'Softsign']);
const linear = new Set(
  'Conv Gemm MatMul FusedConv FusedMatMul FusedGemm ConvTranspose QLinearConv QLinearMatMul QGemm'.split(' '),
);
const dense = new Set('Gemm MatMul FusedMatMul FusedGemm QLinearMatMul QGemm'.split(' '));
const pools = new Set(
  'MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool QLinearAveragePool QLinearGlobalAveragePool'.split(
    ' ',
  ),
);
const fusedAttention = new Set(
  'Attention MultiHeadAttention GroupQueryAttention PackedAttention QAttention'.split(' '),
);
/** Nodes that a residual connection may lead past. */
const longestBlock = 200;

/** The tensors of a network by the part they play; parts that none plays are left out. */
export function layersByRole({
  nodes,
  tensors,
}: Pick<ModelInspection, 'nodes' | 'tensors'>): LayerSuggestion[] {
  const shown = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const roles = new Roles(nodes);
  return layerRoles.flatMap((role) => {
    const indices = [...new Set(roles.nodesOf(role))].sort((one, other) => one - other);
    const names = indices
      .map((index) => nodes[index].tensors[0])
      // Vectors of sizes and single numbers are no layers.
      .filter((name) => (shown.get(name)?.shape.length ?? 1) !== 1)
      // Heads joined with the samples in one axis cannot be told apart.
      .filter((name) => role !== 'heads' || shown.get(name)?.shape.length !== 3);
    const found = names.filter((name) => shown.has(name));
    return found.length > 0 ? [{ role, tensors: found }] : [];
  });
}

class Roles {
  readonly #graph: GraphLinks;
  readonly #activations: number[];

  constructor(nodes: readonly ModelNode[]) {
    this.#graph = new GraphLinks(nodes);
    const rectified = this.#all((index, op) => this.#activationEnd(index, op));
    this.#activations =
      rectified.length > 0 ? rectified : this.#all((index, op) => (squashers.has(op) ? index : -1));
  }

  nodesOf(role: LayerRole): number[] {
    const graph = this.#graph;
    const isOp = (ops: ReadonlySet<string>) => this.#all((index, op) => (ops.has(op) ? index : -1));
    switch (role) {
      case 'activation':
        return this.#activations;
      case 'block':
        return this.#all((index, op) =>
          op === 'Add' && this.#isResidual(index) ? this.#afterBlock(index) : -1,
        );
      case 'attention':
        return [...isOp(fusedAttention), ...this.#heads().map((index) => this.#projected(index))].filter(
          (at) => at >= 0,
        );
      case 'heads':
        return this.#heads();
      case 'mlp':
        return this.#activations.filter(
          (index) =>
            this.#comesFromDense(index) && graph.readers(index).some((reader) => this.#leadsToDense(reader)),
        );
      case 'pooling':
        return this.#all((index, op) => (pools.has(op) || this.#isMeanOverPositions(index, op) ? index : -1));
      case 'normalisation':
        return this.#all((index, op) => (op.endsWith('Normalization') ? index : -1));
      case 'linear':
        return this.#all((index, op) =>
          linear.has(op) && this.#isLayer(index) ? this.#withBias(index) : -1,
        );
      case 'logits':
        return this.#logits();
    }
  }

  #all(pick: (index: number, op: string) => number): number[] {
    return this.#graph.nodes.map(({ op }, index) => pick(index, op)).filter((index) => index >= 0);
  }

  /** The node that ends an activation which begins, or is, at this one; -1 where none does. */
  #activationEnd(index: number, op: string): number {
    if (rectifiers.has(op)) return index;
    const graph = this.#graph;
    // x sigmoid(x), and x clip(x + 3) / 6 of older exporters.
    if (op === 'Mul' && graph.nodes[index].from.length === 2) {
      const [one, other] = graph.nodes[index].from;
      const gates = (gate: number, x: number) => this.#gateOf(gate) === x;
      if (!gates(one, other) && !gates(other, one)) return -1;
      const next = graph.soleReader(index);
      return graph.op(next) === 'Div' && graph.soleSource(next) === index ? next : index;
    }
    if (op === 'Erf' || op === 'Tanh') return this.#geluEnd(index);
    // A clip from 0 to 6 stands for itself where it does not gate.
    return -1;
  }

  /** What a gate looks at: through a sigmoid, or a clip of the shifted value. */
  #gateOf(gate: number): number {
    const graph = this.#graph;
    const op = graph.op(gate);
    if (op === 'Sigmoid' || op === 'HardSigmoid') {
      const source = graph.soleSource(gate);
      // Some exporters scale first: x sigmoid(1.702 x).
      return graph.op(source) === 'Mul' && graph.soleSource(source) >= 0 ? graph.soleSource(source) : source;
    }
    if (op === 'Tanh')
      return graph.op(graph.soleSource(gate)) === 'Softplus' ? graph.soleSource(graph.soleSource(gate)) : -1;
    if (op === 'Div')
      return graph.op(graph.soleSource(gate)) === 'Clip' ? this.#gateOf(graph.soleSource(gate)) : -1;
    if (op !== 'Clip') return -1;
    const sum = graph.soleSource(gate);
    return graph.op(sum) === 'Add' ? graph.soleSource(sum) : -1;
  }

  /** Erf or tanh, plus one, times the input, times a half: in either order. */
  #geluEnd(index: number): number {
    const graph = this.#graph;
    const sum = graph.soleReader(index);
    if (graph.op(sum) !== 'Add' || graph.soleSource(sum) !== index) return -1;
    let end = graph.soleReader(sum);
    if (graph.op(end) !== 'Mul') return -1;
    for (let steps = 0; steps < 2; steps++) {
      const next = graph.soleReader(end);
      if (graph.op(next) !== 'Mul') break;
      // Only the factor one half, or the input itself, may follow.
      const others = graph.nodes[next].from.filter((source) => source !== end);
      const isOwn = others.every(
        (other) => graph.ancestors(index, 12).has(other) || graph.op(other) === 'Mul',
      );
      if (!isOwn) break;
      end = next;
    }
    return end;
  }

  #isResidual(index: number): boolean {
    const graph = this.#graph;
    const { from } = graph.nodes[index];
    if (from.length !== 2) return false;
    const [one, other] = from.map((source) => graph.ancestors(source, longestBlock));
    const common = [...one].filter((node) => other.has(node));
    return (
      common.some((node) => graph.op(node) !== 'Input' && graph.op(node) !== 'Shape') &&
      !this.#isScores(index)
    );
  }

  /** Masks and positions are added to scores as well. */
  #isScores(index: number): boolean {
    return this.#graph.readers(index).some((reader) => this.#graph.op(reader) === 'Softmax');
  }

  /** The activation after a sum ends the block. */
  #afterBlock(index: number): number {
    const next = this.#graph.soleReader(index);
    return this.#activations.includes(next) ? next : index;
  }

  /** Products of attention maps and values. */
  #heads(): number[] {
    return this.#all((index, op) => {
      if (op !== 'MatMul') return -1;
      const weights = this.#graph.nodes[index].from;
      return weights.length === 2 && weights.some((source) => this.#isMap(source)) ? index : -1;
    });
  }

  #isMap(index: number): boolean {
    let at = index;
    for (let steps = 0; steps < 3 && at >= 0; steps++) {
      const op = this.#graph.op(at);
      if (op === 'Softmax') return true;
      if (op !== 'Dropout' && op !== 'Cast' && op !== 'Where') return false;
      at = this.#graph.nodes[at].from.find((source) => source >= 0) ?? -1;
    }
    return false;
  }

  /** The dense layer that the heads are joined by. */
  #projected(heads: number): number {
    let at = heads;
    for (let steps = 0; steps < 8; steps++) {
      at =
        this.#graph.readers(at).find((reader) => !['Shape', 'Size'].includes(this.#graph.op(reader))) ?? -1;
      if (at < 0) return -1;
      if (dense.has(this.#graph.op(at))) return this.#withBias(at);
    }
    return -1;
  }

  /** The sum with the bias, where that is a node of its own. */
  #withBias(index: number): number {
    const next = this.#graph.soleReader(index);
    return this.#graph.op(next) === 'Add' && this.#graph.soleSource(next) === index ? next : index;
  }

  /** Reads activations and weights, not two activations. */
  #isLayer(index: number): boolean {
    return this.#graph.nodes[index].from.length === 1;
  }

  #comesFromDense(activation: number): boolean {
    const graph = this.#graph;
    return [...graph.ancestors(activation, 12)].some(
      (node) => dense.has(graph.op(node)) && this.#isLayer(node) && this.#isNear(node, activation),
    );
  }

  /** No other layer lies between. */
  #isNear(layer: number, activation: number): boolean {
    const between = [...this.#graph.ancestors(activation, 12)].filter(
      (node) => node > layer && node < activation,
    );
    return between.every(
      (node) => !linear.has(this.#graph.op(node)) && !this.#graph.op(node).endsWith('Normalization'),
    );
  }

  #leadsToDense(reader: number): boolean {
    let at = reader;
    for (let steps = 0; steps < 4 && at >= 0; steps++) {
      if (dense.has(this.#graph.op(at))) return this.#isLayer(at);
      if (!['Dropout', 'Identity', 'Cast', 'Reshape', 'Flatten', 'Mul'].includes(this.#graph.op(at)))
        return false;
      at = this.#graph.soleReader(at);
    }
    return false;
  }

  /** Means over positions before a dense layer; those inside normalisations are subtracted again. */
  #isMeanOverPositions(index: number, op: string): boolean {
    if (op !== 'ReduceMean') return false;
    const after = ['Gemm', 'MatMul', 'Flatten', 'Reshape', 'Squeeze', 'Conv', 'Dropout'];
    const readers = this.#graph.readers(index);
    return readers.length > 0 && readers.every((reader) => after.includes(this.#graph.op(reader)));
  }

  /** Layers that no other layer comes after. */
  #logits(): number[] {
    const graph = this.#graph;
    const isBeforeLayer = new Array<boolean>(graph.nodes.length).fill(false);
    const ends: number[] = [];
    for (let index = graph.nodes.length - 1; index >= 0; index--) {
      const isLinear = linear.has(graph.op(index)) && this.#isLayer(index);
      if (isLinear && !isBeforeLayer[index]) ends.push(index);
      if (isLinear || isBeforeLayer[index])
        for (const source of graph.nodes[index].from) isBeforeLayer[source] = true;
    }
    return ends.map((index) => this.#withBias(index));
  }
}
