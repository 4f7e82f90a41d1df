import { resolve } from 'node:path';
import { createEngineService } from '../engine/supervisor.ts';
import type { CapturableTensor, OtherTensor } from '#core/domain/network.ts';
import { layersByRole, roleWords, type LayerSuggestion } from '#core/layers/layer-roles.ts';
import { printJson, printLine, printTable } from './output.ts';

const mostNames = 8;

/** `consilience inspect`. */
export async function inspect(model: string, options: { json?: true }): Promise<void> {
  const engine = createEngineService();
  try {
    const inspection = await engine.methods.inspectModel(resolve(model));
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
      ['tensor', 'op', 'shape', 'axes', 'units', 'read as'],
      tensors.map((tensor) => [
        tensor.name,
        tensor.op,
        shapeText(tensor.shape),
        tensor.axes ?? '?',
        tensor.units ?? 'not known',
        readingText(tensor),
      ]),
    );
    printSuggestions(suggestions);
    printOthers(notCapturable);
  } finally {
    await engine.stop();
  }
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
