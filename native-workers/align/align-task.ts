import type { AnalysisName } from '#core/domain/recipe.ts';
import type { AlignInput, AlignOutput, TaskContext } from './task.ts';

/** What a thread gives to any task. */
export type ThreadContext = Omit<TaskContext, 'algebra'>;

type Tasks = {
  [Name in AnalysisName]: (
    input: AlignInput<Name>,
    context: ThreadContext,
  ) => Promise<AlignOutput> | AlignOutput;
};

/** Loaded when first asked for: a thread that only matches units loads neither the rest nor linear algebra. */
const tasks: Tasks = {
  correlation: async (input) => (await import('./correlation-task.ts')).correlationTask(input),
  matching: async (input, context) => (await import('./matching-task.ts')).matchingTask(input, context),
  'mutual-information': async (input, context) =>
    (await import('./mutual-information-task.ts')).mutualInformationTask(input, context),
  'sparse-mapping': async (input, context) =>
    (await import('./sparse-mapping-task.ts')).sparseMappingTask(input, await withAlgebra(context)),
  'spectral-clusters': async (input, context) =>
    (await import('./spectral-clusters-task.ts')).spectralClustersTask(input, await withAlgebra(context)),
  subspaces: async (input, context) =>
    (await import('./subspaces-task.ts')).subspacesTask(input, await withAlgebra(context)),
  code: async (input, context) =>
    (await import('./code-task.ts')).codeTask(input, await withAlgebra(context)),
  certainty: async (input, context) =>
    (await import('./certainty-task.ts')).certaintyTask(input, await withAlgebra(context)),
  neighbourhoods: async (input, context) =>
    (await import('./neighbourhoods-task.ts')).neighbourhoodsTask(input, await withAlgebra(context)),
  'many-networks': async (input, context) =>
    (await import('./many-networks-task.ts')).manyNetworksTask(input, await withAlgebra(context)),
  'layer-map': async (input, context) =>
    (await import('./layer-map-task.ts')).layerMapTask(input, await withAlgebra(context)),
};

async function withAlgebra(context: ThreadContext): Promise<TaskContext> {
  const { openLinearAlgebra } = await import('../linalg/choose-algebra.ts');
  return { ...context, algebra: await openLinearAlgebra() };
}

/**
 * One analysis of one layer of one network pair or group, from what the passes over the data left. Fitted on the
 * training fold; with a test fold it is scored there too. Bit-equal for any number of threads: a task is one thread's
 * work.
 */
export async function alignTask(input: AlignInput, context: ThreadContext): Promise<AlignOutput> {
  const task = tasks[input.analysis.name] as
    ((input: AlignInput, context: ThreadContext) => Promise<AlignOutput>) | undefined;
  if (!task) throw new Error(`Analysis ${input.analysis.name} has no task.`);
  return task(input, context);
}
