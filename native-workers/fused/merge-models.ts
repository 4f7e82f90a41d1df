import { clone } from '@bufbuild/protobuf';
import {
  TensorProto_DataLocation,
  ValueInfoProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type OperatorSetIdProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';

/** Several networks as one graph: nothing of them shares a name but the inputs that read the same feed. */
export interface MergedNetworks {
  graph: Pick<GraphProto, 'node' | 'initializer' | 'sparseInitializer' | 'input'>;
  opsetImport: OperatorSetIdProto[];
  irVersion: bigint;
}

/** A network as it is merged. */
export interface MergedNetwork {
  name: string;
  model: ModelProto;
  /** Appended to its graph. */
  tapNodes: readonly NodeProto[];
  /** Names that inputs have in the merged graph; the rest is named below the network's prefix. */
  inputs: Map<string, string>;
  /** From the folder in which the merged graph looks for weights to the one of the network: "", or "a/b/". */
  weightsUnder: string;
}

/** What a tensor of the network with this index is called in the merged graph. */
export function mergedName(network: number, tensor: string): string {
  return `network-${network}/${tensor}`;
}

/** Why these networks cannot be one graph, in words; null where they can. */
export function obstacleToMerging(networks: readonly Pick<MergedNetwork, 'name' | 'model'>[]): string | null {
  const versions = new Map<string, { version: bigint; name: string }>();
  for (const { name, model } of networks) {
    if (model.functions.length > 0) return `${name} has functions of its own`;
    for (const { domain, version } of model.opsetImport) {
      const key = standardName(domain);
      const other = versions.get(key);
      if (other && other.version !== version)
        return `${other.name} is of opset ${other.version}, ${name} of ${version}`;
      versions.set(key, { version, name });
    }
  }
  return null;
}

/** The networks' graphs side by side, weights as views of their files' bytes; outputs are left to who appends to it. */
export function mergeNetworks(networks: readonly MergedNetwork[]): MergedNetworks {
  const graph: MergedNetworks['graph'] = { node: [], initializer: [], sparseInitializer: [], input: [] };
  const opsets = new Map<string, OperatorSetIdProto>();
  const inputs = new Set<string>();
  for (const [index, { model, tapNodes, inputs: shared, weightsUnder }] of networks.entries()) {
    const rename = (name: string) => (name === '' ? '' : (shared.get(name) ?? mergedName(index, name)));
    const own = model.graph as GraphProto;
    const part = renamed({ ...own, node: [...own.node, ...tapNodes] }, rename, weightsUnder);
    graph.node.push(...part.node);
    graph.initializer.push(...part.initializer);
    graph.sparseInitializer.push(...part.sparseInitializer);
    for (const input of part.input) {
      if (inputs.has(input.name)) continue;
      inputs.add(input.name);
      graph.input.push(input);
    }
    for (const opset of model.opsetImport) opsets.set(standardName(opset.domain), opset);
  }
  const irVersion = networks.reduce(
    (most, { model }) => (model.irVersion > most ? model.irVersion : most),
    0n,
  );
  return { graph, opsetImport: [...opsets.values()], irVersion };
}

function standardName(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/** The same graph with every tensor, node and free dimension renamed, bodies included; weights are not copied. */
function renamed(graph: GraphProto, rename: (name: string) => string, weightsUnder: string): GraphProto {
  const moved = (tensor: TensorProto) => movedWeights(tensor, weightsUnder);
  const copy: GraphProto = {
    ...graph,
    initializer: graph.initializer.map((tensor) => ({ ...moved(tensor), name: rename(tensor.name) })),
    sparseInitializer: graph.sparseInitializer.map((sparse) => ({
      ...sparse,
      ...(sparse.values && { values: { ...moved(sparse.values), name: rename(sparse.values.name) } }),
      ...(sparse.indices && { indices: moved(sparse.indices) }),
    })),
    input: graph.input.map((value) => renamedValue(value, rename)),
    output: graph.output.map((value) => renamedValue(value, rename)),
    valueInfo: [],
    quantizationAnnotation: [],
  };
  copy.node = graph.node.map((node) => ({
    ...node,
    name: rename(node.name),
    input: node.input.map(rename),
    output: node.output.map(rename),
    attribute: node.attribute.map((attribute) => ({
      ...attribute,
      ...(attribute.t && { t: moved(attribute.t) }),
      tensors: attribute.tensors.map(moved),
      ...(attribute.g && { g: renamed(attribute.g, rename, weightsUnder) }),
      graphs: attribute.graphs.map((body) => renamed(body, rename, weightsUnder)),
    })),
  }));
  return copy;
}

/** The tensor with the place of weights beside the model told from the merged graph's folder. */
function movedWeights(tensor: TensorProto, under: string): TensorProto {
  if (under === '' || tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return tensor;
  const externalData = tensor.externalData.map((entry) =>
    entry.key === 'location' ? { ...entry, value: `${under}${entry.value}` } : entry,
  );
  return { ...tensor, externalData };
}

function renamedValue(value: ValueInfoProto, rename: (name: string) => string): ValueInfoProto {
  const copy = clone(ValueInfoProtoSchema, value);
  copy.name = rename(value.name);
  const type = copy.type?.value;
  if (type?.case === 'tensorType')
    for (const dim of type.value.shape?.dim ?? [])
      if (dim.value.case === 'dimParam') dim.value.value = rename(dim.value.value);
  return copy;
}
