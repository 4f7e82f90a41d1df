import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type ModelProto } from 'onnx-buf';
import { AppError } from '#core/errors.ts';
import { externalFiles } from './external-weights.ts';

/** protobuf cannot express a message over 2 GiB; such models keep their weights in a file beside them. */
const maximumModelBytes = 2 ** 31 - 1;

export interface ModelFile {
  path: string;
  fileName: string;
  bytes: Uint8Array;
  model: ModelProto;
  /** Files beside the model that hold weights, relative to its folder. */
  weightFiles: string[];
}

/** Reads and decodes an ONNX file; weights stay as views of the file's bytes. */
export function readModel(path: string): ModelFile {
  const fileName = basename(path);
  const bytes = readBytes(path, fileName);
  const model = decode(bytes, fileName);
  const weightFiles = externalFiles(model, path, fileName);
  return {
    path,
    fileName,
    bytes,
    model,
    weightFiles,
  };
}

function readBytes(path: string, fileName: string): Uint8Array {
  let size: number;
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new AppError('bad-model', `${path} is not a file; name an ONNX model file.`);
    size = stats.size;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'not-found',
      `The model file ${path} cannot be read; check the path.`,
      { path },
      error,
    );
  }
  if (size > maximumModelBytes) {
    throw new AppError(
      'bad-model',
      `${fileName} is larger than 2 GiB, which no ONNX file can be; save its weights as external data.`,
    );
  }
  try {
    return readFileSync(path);
  } catch (error) {
    throw new AppError('bad-model', `${path} cannot be read; check its permissions.`, { path }, error);
  }
}

function decode(bytes: Uint8Array, fileName: string): ModelProto {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    const remedy = 'export the network to ONNX again, or choose another file';
    throw new AppError(
      'bad-model',
      `${fileName} is not an ONNX model (its bytes do not decode); ${remedy}.`,
      {},
      error,
    );
  }
  if (!model.graph || model.graph.node.length === 0) {
    throw new AppError(
      'bad-model',
      `${fileName} is not an ONNX model: it has no graph with nodes; choose another file.`,
    );
  }
  return model;
}
