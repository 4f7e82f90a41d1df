import { analysisNames, type AnalysisName, type RecipeAnalysis } from '#core/domain/recipe.ts';
import { analysisWords, defaultAnalyses } from '../../ui/analyses.ts';
import {
  defaultTexts,
  entryOf,
  entryProblem,
  optionFields,
  textsOf,
  type AnalysisEntry,
} from './analysis-options.ts';
import type { FormProblem } from './problems.ts';

/** Which analyses are run, and with which options. */
export class AnalysesPart {
  #ticked = $state<AnalysisName[]>([...defaultAnalyses]);
  #texts = $state<Record<string, string>>({ ...defaultTexts });

  get ticked(): readonly AnalysisName[] {
    return this.#ticked;
  }

  /** In the order of the paper, however they were ticked. */
  tick(name: AnalysisName, isTicked: boolean): void {
    this.#ticked = analysisNames.filter((other) =>
      other === name ? isTicked : this.#ticked.includes(other),
    );
  }

  textOf(name: AnalysisName, key: string): string {
    return this.#texts[`${name}.${key}`] ?? '';
  }
  setText(name: AnalysisName, key: string, text: string): void {
    this.#texts[`${name}.${key}`] = text;
  }
  hasOptions(name: AnalysisName): boolean {
    return typeof entryOf(name, this.#texts) !== 'string';
  }

  adopt(analyses: readonly RecipeAnalysis[]): void {
    this.#ticked = analysisNames.filter((name) => analyses.some((analysis) => analysis.name === name));
    this.#texts = { ...defaultTexts, ...Object.fromEntries(analyses.flatMap(textsOf)) };
  }

  draft(): AnalysisEntry[] {
    return this.#ticked.map((name) => entryOf(name, this.#texts));
  }

  problems(): FormProblem[] {
    if (this.#ticked.length === 0)
      return [{ at: 'analyses', says: 'Tick at least one analysis.', isMissing: true }];
    return this.#ticked.flatMap((name) => {
      const problem = entryProblem(entryOf(name, this.#texts));
      if (!problem) return [];
      const field = optionFields[name].find(({ key }) => problem.field === `${name}.${key}`);
      const label = field ? `${analysisWords[name].label}, ${field.label}` : analysisWords[name].label;
      return [{ at: `analyses.${problem.field}`, says: `${label}: ${problem.what}` }];
    });
  }
}
