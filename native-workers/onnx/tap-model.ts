import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type ModelProto, type NodeProto, type ValueInfoProto } from 'onnx-buf';
import { AppError } from '#core/errors.ts';
import { listInWords, nearestNames } from '#core/text/nearest-names.ts';
import { declaredType, isForeign } from './element-types.ts';
import { nestedTensors } from './nested-tensors.ts';
import type { ModelFile } from './read-model.ts';

export interface NodeOutput {
  name: string;
  op: string;
  node: string;
}

/** Version of the standard operators for appended nodes, where the model uses none itself. */
const ownOpset = 17n;

/** Outputs of the main graph's nodes, in graph order; constants are left out. */
export function nodeOutputs(model: ModelProto): NodeOutput[] {
  return (model.graph?.node ?? [])
    .filter((node) => node.opType !== 'Constant')
    .flatMap((node) =>
      node.output.filter(Boolean).map((name) => ({ name, op: node.opType, node: node.name })),
    );
}

/** Refuses a tensor the model does not make, with the nearest names it does. */
function requireTensors(file: ModelFile, names: readonly string[]): void {
  const known = nodeOutputs(file.model).map((output) => output.name);
  const isKnown = new Set(known);
  for (const name of names) {
    if (isKnown.has(name)) continue;
    const nested = nestedTensors(file.model).find((tensor) => tensor.name === name);
    if (nested)
      throw new AppError(
        'bad-model',
        `Tensor "${name}" of ${file.fileName} cannot be captured: ${nested.why}.`,
        {
          tensor: name,
        },
      );
    const near = nearestNames(name, known);
    throw new AppError(
      'bad-model',
      `${file.fileName} has no tensor "${name}"; nearest names: ${listInWords(near)}. ` +
        'List them all with: consilience inspect.',
      { tensor: name, nearest: near },
    );
  }
}

/**
 * The model's bytes with the named tensors as further graph outputs, and the nodes, with their inputs, that make those
 * of them which are not the model's own. Concatenated protobuf messages merge, so all of it is appended without decoding or copying the
 * weights; the runtime infers the types.
 */
export function tapModel(
  file: ModelFile,
  names: readonly string[],
  nodes: readonly NodeProto[] = [],
  input: readonly ValueInfoProto[] = [],
): Uint8Array {
  const made = new Set(nodes.flatMap((node) => node.output));
  requireTensors(
    file,
    names.filter((name) => !made.has(name)),
  );
  const { bytes, outputs } = withoutForeignOutputs(file);
  const output = names.filter((name) => !outputs.has(name)).map((name) => ({ name }));
  if (output.length === 0 && nodes.length === 0) return bytes;
  const isStandard = file.model.opsetImport.some(({ domain }) => domain === '' || domain === 'ai.onnx');
  const opsetImport = isStandard || nodes.length === 0 ? [] : [{ domain: '', version: ownOpset }];
  const extra = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { opsetImport, graph: { output, node: [...nodes], input: [...input] } }),
  );
  const tapped = new Uint8Array(bytes.length + extra.length);
  tapped.set(bytes);
  tapped.set(extra, bytes.length);
  return tapped;
}

/** Outputs that the binding cannot hand over are taken out; only then the model is written anew. */
function withoutForeignOutputs({ model, bytes }: ModelFile): { bytes: Uint8Array; outputs: Set<string> } {
  const all = model.graph?.output ?? [];
  const kept = all.filter((output) => !isForeign(declaredType(output)));
  const outputs = new Set(kept.map(({ name }) => name));
  if (!model.graph || kept.length === all.length) return { bytes, outputs };
  return {
    bytes: toBinary(ModelProtoSchema, { ...model, graph: { ...model.graph, output: kept } }),
    outputs,
  };
}
