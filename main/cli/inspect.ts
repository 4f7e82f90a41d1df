import { resolve } from 'node:path';
import { createEngineService } from '../engine/supervisor.ts';
import { printJson, printLine, printTable } from './output.ts';

/** `consilience inspect`. */
export async function inspect(model: string, options: { json?: true }): Promise<void> {
  const engine = createEngineService();
  try {
    const inspection = await engine.methods.inspectModel(resolve(model));
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
  } finally {
    await engine.stop();
  }
}

function shapeText(shape: (number | string | null)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}
