import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type ModelProto } from 'onnx-buf';
import { AppError } from '#core/errors.ts';
import { listInWords, nearestNames } from '#core/text/nearest-names.ts';
import type { ModelFile } from './read-model.ts';

export interface NodeOutput {
  name: string;
  op: string;
  node: string;
}

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
  for (const name of names) {
    if (known.includes(name)) continue;
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
 * The model's bytes with the named tensors as further graph outputs. Concatenated protobuf messages merge, so the
 * outputs are appended without decoding or copying the weights; the runtime infers their types.
 */
export function tapModel(file: ModelFile, names: readonly string[]): Uint8Array {
  requireTensors(file, names);
  const already = new Set(file.model.graph?.output.map((output) => output.name));
  const output = names.filter((name) => !already.has(name)).map((name) => ({ name }));
  if (output.length === 0) return file.bytes;
  const extra = toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph: { output } }));
  const tapped = new Uint8Array(file.bytes.length + extra.length);
  tapped.set(file.bytes);
  tapped.set(extra, file.bytes.length);
  return tapped;
}
