import { throwIfCancelled } from './capture/cancellation.ts';
import { toPlainError } from '#core/errors.ts';
import type { AnalysisOutcome } from '#core/ipc/engine.ts';
import { alignTask } from './align/align-task.ts';
import type { AlignInput } from './align/task.ts';
import { writeArrayFile } from './files/array-file.ts';

export interface AlignmentOrder {
  id: string;
  input: AlignInput;
  outFile: string;
  cancelFlag: Int32Array;
  /** Share done, 0 to 1, as this thread reports it. */
  done: Float64Array;
}

/** What piscina calls in each thread: computes one result and writes its arrays to their file. */
export default async function align(
  order: AlignmentOrder,
): Promise<AnalysisOutcome | { failed: ReturnType<typeof toPlainError> }> {
  const started = performance.now();
  try {
    const checkpoint = () => throwIfCancelled(order.cancelFlag);
    checkpoint();
    const { headline, arrays } = await alignTask(order.input, {
      checkpoint,
      progress: (done, total) => void (order.done[0] = total > 0 ? done / total : 0),
    });
    const file = writeArrayFile(order.outFile, arrays);
    return { id: order.id, headline, elapsedMs: performance.now() - started, arrays: file };
  } catch (error) {
    return { failed: toPlainError(error) };
  }
}
