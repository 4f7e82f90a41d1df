import type { ModelProto } from 'onnx-buf';
import type { ModelNode } from '#core/domain/network.ts';

/** The nodes of the main graph with what they read of each other; weights and constants are no nodes. */
export function modelNodes(model: ModelProto, inputs: readonly string[]): ModelNode[] {
  const maker = new Map<string, number>();
  const nodes: ModelNode[] = [];
  const add = (node: ModelNode) => {
    for (const tensor of node.tensors) maker.set(tensor, nodes.length);
    nodes.push(node);
  };
  for (const name of inputs) add({ op: 'Input', name, from: [], tensors: [name] });
  for (const { opType, name, input, output } of model.graph?.node ?? []) {
    if (opType === 'Constant') continue;
    const from = [...new Set(input.flatMap((tensor) => maker.get(tensor) ?? []))].sort((a, b) => a - b);
    add({ op: opType, name, from, tensors: output.filter(Boolean) });
  }
  return nodes;
}
