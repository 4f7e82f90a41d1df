import { analysisNames, type AnalysisName } from '#core/domain/recipe.ts';
import type { ProjectRun } from '#core/domain/project.ts';

/** Analyses of which the run holds no result at all, in the order of the ladder. */
export function missingAnalyses(run: ProjectRun): AnalysisName[] {
  const has = new Set(run.results.map(({ analysis }) => analysis));
  return analysisNames.filter((name) => !has.has(name));
}
