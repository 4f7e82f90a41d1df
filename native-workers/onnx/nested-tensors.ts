import type { ModelProto } from 'onnx-buf';
import type { OtherTensor } from '#core/domain/network.ts';

/**
 * Tensors inside the bodies of If, Loop and Scan and of the model's own functions: they exist only while a body runs,
 * so they cannot be outputs of the graph.
 */
export function nestedTensors(model: ModelProto): OtherTensor[] {
  const functions = new Map(model.functions.map((fn) => [`${fn.domain}:${fn.name}`, fn]));
  const seen = new Set<string>();
  const found: OtherTensor[] = [];
  const take = (nodes: ModelProto['functions'][number]['node'], why: string) => {
    for (const { opType, output } of nodes)
      for (const name of output)
        if (name !== '' && opType !== 'Constant' && !seen.has(name)) {
          seen.add(name);
          found.push({ name, op: opType, why });
        }
  };
  for (const node of model.graph?.node ?? []) {
    for (const { name, g } of node.attribute)
      if (g)
        take(
          g.node,
          `it is inside the ${bodyWords(name)} of ${node.opType} "${node.name || node.output[0]}"`,
        );
    const fn = functions.get(`${node.domain}:${node.opType}`);
    if (fn) take(fn.node, `it is inside the function ${node.opType}`);
  }
  return found;
}

function bodyWords(attribute: string): string {
  const words: Record<string, string> = { then_branch: 'then branch', else_branch: 'else branch' };
  return words[attribute] ?? attribute;
}
