import { extname, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { ArrayEntry, DataInspection } from '#core/domain/dataset.ts';
import type { CapturableTensor, ModelInspection, OtherTensor } from '#core/domain/network.ts';
import { unitsOfShape } from '#core/domain/tensor-axes.ts';
import type { EngineMethods } from '#core/ipc/engine.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { layersByRole, roleWords, type LayerSuggestion } from '#core/layers/layer-roles.ts';
import { printJson, printLine, printTable } from './output.ts';

const mostNames = 8;

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

function showArrays({ file, bytes, arrays, others = [] }: DataInspection, options: { json?: true }): void {
  if (options.json) {
    printJson({ file, bytes, arrays, others });
    return;
  }
  printLine(`${file}  ${bytes} bytes`);
  printLine();
  printTable(
    ...withoutEmpty(
      ['array', 'type', 'shape', 'units', 'positions', 'read as'],
      arrays.map((entry) => [
        entry.key || '(without a name)',
        entry.dtype,
        shapeText(entry.shape),
        ...savedCells(entry),
      ]),
    ),
  );
  if (others.length > 0) printLine();
  for (const { key, why } of others.slice(0, mostNames)) printLine(`not read as numbers: ${key}  ${why}`);
  if (others.length > mostNames) printLine(`not read as numbers: ${others.length - mostNames} more`);
}

/** Units and positions of an array that stands for a tensor, as a run reads it where the recipe says nothing. */
function savedCells({ shape, images }: ArrayEntry): string[] {
  if (images) return ['', '', `pictures, the first ${images.width} x ${images.height}`];
  if (shape.length < 2) return ['', '', shape.length === 0 ? 'one number' : 'one value a sample'];
  const found = unitsOfShape(shape);
  if (!found) return ['?', '?', 'axes: of the layer says'];
  return [found.units.join(' x '), found.positions.join(' x '), ''];
}

/** A column in which nothing is to say is left out. */
function withoutEmpty(header: string[], rows: (string | number)[][]): [string[], (string | number)[][]] {
  const isKept = (_: unknown, column: number) => rows.some((row) => row[column] !== '');
  return [header.filter(isKept), rows.map((row) => row.filter(isKept))];
}

function showModel(inspection: ModelInspection, options: { json?: true }): void {
  const { producer, opset, inputs, tensors, notCapturable = [], weightFiles = [] } = inspection;
  const suggestions = layersByRole(inspection);
  if (options.json) {
    printJson({
      ...{ file: inspection.file, sha256: inspection.sha256, producer, opset, inputs, tensors },
      ...{ suggestions, notCapturable, weightFiles },
    });
    return;
  }
  printLine(`${inspection.file}  ${producer || 'unknown producer'}  opset ${opset}`);
  for (const input of inputs) printLine(`input ${input.name}  ${input.type} ${shapeText(input.shape)}`);
  for (const file of weightFiles) printLine(`weights in ${file}`);
  printLine();
  printTable(
    ...withoutEmpty(
      ['tensor', 'op', 'shape', 'axes', 'units', 'read as'],
      tensors.map((tensor) => [
        tensor.name,
        tensor.op,
        shapeText(tensor.shape),
        tensor.axes ?? '?',
        tensor.units ?? 'not known',
        readingText(tensor),
      ]),
    ),
  );
  printSuggestions(suggestions);
  printOthers(notCapturable);
}

function readingText({ type, reading }: CapturableTensor): string {
  if (!reading) return type === 'float32' ? '' : `${type}, as float32`;
  return reading === 'dequantised' ? `${type}, dequantised` : `${type}, as integers: no scale is known`;
}

/** What `layers: {suggest: ...}` of a recipe would take. */
function printSuggestions(suggestions: readonly LayerSuggestion[]): void {
  if (suggestions.length === 0) return;
  printLine();
  printTable(
    ['suggest', 'layers', 'which', 'first and last'],
    suggestions.map(({ role, tensors }) => [
      role,
      tensors.length,
      roleWords[role],
      [...new Set([tensors[0], tensors[tensors.length - 1]])].join(' … '),
    ]),
  );
}

/** Each reason once, with what it holds for. */
function printOthers(others: readonly OtherTensor[]): void {
  const reasons = [...new Set(others.map(({ why }) => why))];
  if (reasons.length > 0) printLine();
  for (const reason of reasons) {
    const names = others.filter(({ why }) => why === reason).map(({ name }) => name);
    const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
    printLine(`not capturable: ${names.slice(0, mostNames).join(', ')}${more} (${reason})`);
  }
}

function shapeText(shape: (number | string | null)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}
