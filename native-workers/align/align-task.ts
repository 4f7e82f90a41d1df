import { AppError } from '#core/errors.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import { correlationTask } from './correlation-task.ts';
import { matchingTask } from './matching-task.ts';
import type { AlignInput, AlignOutput, TaskContext } from './task.ts';

type Tasks = {
  [Name in AnalysisName]?: (
    input: AlignInput<Name>,
    context: TaskContext,
  ) => AlignOutput | Promise<AlignOutput>;
};

const tasks: Tasks = { correlation: correlationTask, matching: matchingTask };

/**
 * One analysis of one layer of one network pair, from the joint moments alone. Fitted on the training fold; with a
 * test fold the same partners are scored there too. Bit-equal for any number of threads: a task is one thread's work.
 */
export async function alignTask(input: AlignInput, context: TaskContext): Promise<AlignOutput> {
  const task = tasks[input.analysis.name] as ((input: AlignInput, context: TaskContext) => AlignOutput) | undefined;
  if (!task) throw new AppError('internal', `Analysis ${input.analysis.name} has no task.`);
  return task(input, context);
}
