import { throwIfCancelled } from './capture/cancellation.ts';
import { toPlainError } from '#core/errors.ts';
import type { AnalysisOutcome } from '#core/ipc/engine.ts';
import { alignTask, type AlignInput } from './align/align-task.ts';
import { writeArrayFile } from './files/array-file.ts';

export interface AlignmentOrder {
  id: string;
  input: AlignInput;
  outFile: string;
  cancelFlag: Int32Array;
}

/** What piscina calls in each thread: computes one result and writes its arrays to their file. */
export default function align(
  order: AlignmentOrder,
): AnalysisOutcome | { failed: ReturnType<typeof toPlainError> } {
  const started = performance.now();
  try {
    throwIfCancelled(order.cancelFlag);
    const { headline, arrays } = alignTask(order.input, () => throwIfCancelled(order.cancelFlag));
    const file = writeArrayFile(order.outFile, arrays);
    return { id: order.id, headline, elapsedMs: performance.now() - started, arrays: file };
  } catch (error) {
    return { failed: toPlainError(error) };
  }
}
