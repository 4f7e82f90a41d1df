import { extname, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { DataInspection } from '#core/domain/dataset.ts';
import type { ModelInspection } from '#core/domain/network.ts';
import type { EngineMethods } from '#core/ipc/engine.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { printJson, printLine, printTable } from './output.ts';

/** `consilience inspect`: a model, or a file of arrays. */
export async function inspect(file: string, options: { json?: true }): Promise<void> {
  const engine = createEngineService();
  try {
    const path = resolve(file);
    const data = extname(path) === '.onnx' ? null : await arraysOf(path, engine.methods);
    if (data) showArrays(data, options);
    else showModel(await engine.methods.inspectModel(path), options);
  } finally {
    await engine.stop();
  }
}

/** Null where the file is none of arrays by its content; a model may have any name. */
async function arraysOf(path: string, { inspectData }: EngineMethods): Promise<DataInspection | null> {
  try {
    return await inspectData(path);
  } catch (error) {
    if (error instanceof AppError && error.details.isUnknown === true) return null;
    throw error;
  }
}

function showArrays({ file, bytes, arrays }: DataInspection, options: { json?: true }): void {
  if (options.json) {
    printJson({ file, bytes, arrays });
    return;
  }
  printLine(`${file}  ${bytes} bytes`);
  printLine();
  printTable(
    ['array', 'type', 'shape'],
    arrays.map(({ key, dtype, shape }) => [key || '(without a name)', dtype, shapeText(shape)]),
  );
}

function showModel(inspection: ModelInspection, options: { json?: true }): void {
  const { producer, opset, inputs, tensors } = inspection;
  if (options.json) {
    printJson({ file: inspection.file, sha256: inspection.sha256, producer, opset, inputs, tensors });
    return;
  }
  printLine(`${inspection.file}  ${producer || 'unknown producer'}  opset ${opset}`);
  for (const input of inputs) printLine(`input ${input.name}  ${input.type} ${shapeText(input.shape)}`);
  printLine();
  printTable(
    ['tensor', 'op', 'shape', 'units'],
    tensors.map((tensor) => [tensor.name, tensor.op, shapeText(tensor.shape), tensor.units ?? 'not known']),
  );
}

function shapeText(shape: (number | string | null)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}
