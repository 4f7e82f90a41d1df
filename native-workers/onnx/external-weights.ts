import { lstatSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import {
  TensorProto_DataLocation,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from 'onnx-buf';
import { AppError } from '#core/errors.ts';

/**
 * The files beside a model that hold its weights. Every one must be a plain file in the model's folder or below: no
 * absolute path, no `..`, no link on the way, and long enough for what the model reads of it.
 */
export function externalFiles(model: ModelProto, modelPath: string, fileName: string): string[] {
  const folder = dirname(modelPath);
  const sizes = new Map<string, number>();
  for (const tensor of tensorsOf(model)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const of = (key: string) => tensor.externalData.find((entry) => entry.key === key)?.value;
    const location = of('location') ?? '';
    const size = sizes.get(location) ?? sizeOf(folder, location, tensor.name, fileName);
    sizes.set(location, size);
    const end = Number(of('offset') ?? 0) + Number(of('length') ?? 0);
    if (!(end <= size))
      throw new AppError(
        'bad-model',
        `${location}, which holds the weights of ${fileName}, is too short: tensor ${tensor.name} ends at byte ${end} ` +
          `of ${size}. Copy the file again, or export the network again.`,
        { location },
      );
  }
  return [...sizes.keys()].sort();
}

function sizeOf(folder: string, location: string, tensor: string, fileName: string): number {
  const refuse = (why: string, remedy: string) =>
    new AppError('bad-model', `${fileName} keeps tensor ${tensor} in "${location}", ${why}; ${remedy}.`, {
      location,
    });
  const parts = location.split(/[\\/]/);
  if (location === '' || isAbsolute(location) || /^[a-z]:/i.test(location) || parts.includes('..'))
    throw refuse('which is not inside the folder of the model', 'export it again with its weights beside it');
  let path = folder;
  for (const part of parts) {
    path = join(path, part);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats) throw refuse('which is missing', 'put that file beside the model');
    if (stats.isSymbolicLink()) throw refuse('which is a link', 'put the file itself there');
  }
  const stats = statSync(path);
  if (!stats.isFile()) throw refuse('which is no file', 'put the file of weights there');
  return stats.size;
}

/** Of the main graph, bodies and functions: initializers, and constants in attributes. */
function* tensorsOf({ graph, functions }: ModelProto): Generator<TensorProto> {
  if (graph) yield* ofGraph(graph);
  for (const { node } of functions) for (const inner of node) yield* ofNode(inner);
}

function* ofGraph(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const { values, indices } of graph.sparseInitializer) {
    if (values) yield values;
    if (indices) yield indices;
  }
  for (const node of graph.node) yield* ofNode(node);
}

function* ofNode(node: NodeProto): Generator<TensorProto> {
  for (const { t, tensors, g, graphs } of node.attribute) {
    if (t) yield t;
    yield* tensors;
    for (const inner of g ? [g, ...graphs] : graphs) yield* ofGraph(inner);
  }
}
