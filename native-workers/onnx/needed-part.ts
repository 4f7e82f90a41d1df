import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type GraphProto, type ModelProto, type NodeProto } from 'onnx-buf';
import type { ModelFile } from './read-model.ts';

/**
 * The model without the nodes, weights and outputs that the named tensors do not depend on: the runtime would load
 * those weights and run those nodes at every batch, whether anybody asks for their outputs or not. Inputs stay. Gives
 * the file as it is where all of it is needed, or where it does not make one of the tensors.
 */
export function neededPart(file: ModelFile, names: readonly string[]): Pick<ModelFile, 'model' | 'bytes'> {
  const { graph } = file.model;
  if (!graph) return file;
  const { nodes, tensors } = ancestors(graph, names);
  const isMade = new Set(graph.node.flatMap(({ output }) => output));
  if (nodes.size === graph.node.length || names.some((name) => !isMade.has(name))) return file;
  const isNeeded = ({ name }: { name: string }) => tensors.has(name);
  const kept: ModelProto = create(ModelProtoSchema, {
    ...file.model,
    graph: {
      ...graph,
      node: graph.node.filter((node) => nodes.has(node)),
      initializer: graph.initializer.filter(isNeeded),
      sparseInitializer: graph.sparseInitializer.filter(({ values }) => values && isNeeded(values)),
      quantizationAnnotation: graph.quantizationAnnotation.filter(({ tensorName }) =>
        tensors.has(tensorName),
      ),
      valueInfo: graph.valueInfo.filter(isNeeded),
      output: graph.output.filter(({ name }) => names.includes(name)),
    },
  });
  return { model: kept, bytes: toBinary(ModelProtoSchema, kept) };
}

/** The nodes that the named tensors come from, and every tensor these nodes read or make. */
function ancestors(graph: GraphProto, names: readonly string[]) {
  const makers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const nodes = new Set<NodeProto>();
  const tensors = new Set(names);
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = makers.get(name);
    if (!node || nodes.has(node)) continue;
    nodes.add(node);
    for (const output of node.output) tensors.add(output);
    for (const input of readBy(node))
      if (!tensors.has(input)) {
        tensors.add(input);
        waiting.push(input);
      }
  }
  return { nodes, tensors };
}

/** What a node reads, the bodies of If, Loop and Scan included: they may read any tensor around them. */
function readBy(node: NodeProto): string[] {
  const bodies = node.attribute.flatMap(({ g, graphs }) => (g ? [g, ...graphs] : graphs));
  const inside = bodies.flatMap((body) => [
    ...body.node.flatMap(readBy),
    ...body.output.map(({ name }) => name),
  ]);
  return [...node.input, ...inside];
}
