import { sleepOrThrow, workingMs } from './capture/job-control.ts';
import { toPlainError, type PlainError } from '#core/errors.ts';
import type { AnalysisOutcome } from '#core/ipc/engine.ts';
import type { LassoPath } from '#core/numeric/sparse-mapping/lasso-path.ts';
import { alignTask } from './align/align-task.ts';
import { solveMappingPart, type MappingPart } from './align/sparse-mapping-parts.ts';
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

/** Some targets of a sparse mapping, which other threads solve beside it. */
export interface MappingOrder {
  input: AlignInput<'sparse-mapping'>;
  part: MappingPart;
  cancelFlag: Int32Array;
}

/** What piscina calls in each thread. */
export default async function work(
  order: AlignmentOrder | MappingOrder,
): Promise<AnalysisOutcome | LassoPath | { failed: PlainError }> {
  return 'part' in order ? solve(order) : align(order);
}

function solve({ input, part, cancelFlag }: MappingOrder): LassoPath | { failed: PlainError } {
  try {
    return solveMappingPart(input, part, () => sleepOrThrow(cancelFlag));
  } catch (error) {
    return { failed: toPlainError(error) };
  }
}

/** Computes one result and writes its arrays to their file. */
async function align(order: AlignmentOrder): Promise<AnalysisOutcome | { failed: PlainError }> {
  const started = workingMs();
  try {
    const checkpoint = () => sleepOrThrow(order.cancelFlag);
    checkpoint();
    const { headline, arrays } = await alignTask(order.input, {
      checkpoint,
      progress: (done, total) => void (order.done[0] = total > 0 ? done / total : 0),
    });
    const file = writeArrayFile(order.outFile, arrays);
    return { id: order.id, headline, elapsedMs: workingMs() - started, arrays: file };
  } catch (error) {
    return { failed: toPlainError(error) };
  }
}
