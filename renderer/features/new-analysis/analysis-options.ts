import {
  affinityKinds,
  analysisNames,
  scoreKinds,
  subspaceMethods,
  type AnalysisName,
} from '#core/domain/recipe.ts';
import { resolveAnalysis } from '#core/domain/resolve-analysis.ts';
import type { TermName } from '../../ui/terms.ts';
import { parseNumbers } from './guess-data.ts';

/** One option of an analysis, as a recipe has it. */
export interface OptionField {
  key: string;
  label: string;
  kind: 'number' | 'numbers' | 'choice' | 'choices';
  choices?: readonly { value: string; label: string }[];
  term?: TermName;
  hint?: string;
}

const choices = (values: readonly string[], words: Record<string, string> = {}) =>
  values.map((value) => ({ value, label: words[value] ?? value.replaceAll('-', ' ') }));
const seed: OptionField = {
  key: 'seed',
  label: 'Seed',
  kind: 'number',
  hint: 'What random choices start from: the same seed gives the same result.',
};
const fdr: OptionField = {
  key: 'fdr',
  label: 'False discovery rate',
  kind: 'number',
  hint: 'The share of chance findings among those that are called found.',
};

/** Options of every analysis, in the order of the recipe's documentation. */
export const optionFields: Record<AnalysisName, readonly OptionField[]> = {
  correlation: [],
  matching: [{ key: 'score', label: 'Score', kind: 'choice', choices: choices(scoreKinds), term: 'score' }],
  'mutual-information': [
    { key: 'bins', label: 'Bins', kind: 'number', hint: 'Of the histogram of each unit: 2 to 16.' },
  ],
  'sparse-mapping': [
    {
      key: 'alphas',
      label: 'Penalties (alpha)',
      kind: 'numbers',
      term: 'alpha',
    },
    {
      key: 'mode',
      label: 'Penalty',
      kind: 'choice',
      choices: choices(['exact', 'paper'], { exact: 'exact, per target', paper: 'as in the paper (lambda)' }),
    },
  ],
  'spectral-clusters': [
    { key: 'k', label: 'Numbers of groups', kind: 'numbers' },
    {
      key: 'affinity',
      label: 'Likeness of units',
      kind: 'choice',
      choices: choices(affinityKinds, { abs: '|r|', positive: 'r where above 0', squared: 'r²' }),
    },
    {
      key: 'group',
      label: 'Graph of',
      kind: 'choice',
      choices: choices(['pair', 'all'], { pair: 'each pair of networks', all: 'all networks' }),
    },
    seed,
  ],
  subspaces: [
    { key: 'methods', label: 'Methods', kind: 'choices', choices: choices(subspaceMethods) },
    { key: 'variance', label: 'Variance kept', kind: 'number', hint: 'By SVCCA and the principal angles.' },
    { key: 'ridge', label: 'Ridge', kind: 'number', hint: 'Penalty as a share of the mean eigenvalue.' },
    seed,
  ],
  code: [{ key: 'rotations', label: 'Random rotations', kind: 'number' }, seed],
  certainty: [
    { key: 'resamples', label: 'Resamples', kind: 'number', hint: 'Of the images, for the intervals.' },
    { key: 'level', label: 'Level of intervals', kind: 'number', hint: '.95: 95 % intervals.' },
    fdr,
    seed,
  ],
  neighbourhoods: [{ key: 'epsilons', label: 'Tolerances', kind: 'numbers', term: 'epsilon' }],
  'many-networks': [
    {
      key: 'threshold',
      label: 'Found from r',
      kind: 'number',
      hint: 'A unit counts as found from this correlation.',
    },
    fdr,
  ],
  'layer-map': [
    {
      key: 'score',
      label: 'Score',
      kind: 'choice',
      choices: choices(['cka', 'matching'], { cka: 'linear CKA', matching: 'mean match' }),
    },
  ],
};

/** An analysis as a recipe lists it: its name, or its name with the options that are not the defaults. */
export type AnalysisEntry = AnalysisName | Record<string, Record<string, unknown>>;

type Wrong = (field: string, what: string) => never;

/** The text of every option's default, by `analysis.option`. */
export const defaultTexts: Readonly<Record<string, string>> = Object.fromEntries(
  analysisNames.flatMap((name) => {
    const resolved = resolveAnalysis(name, name, (field, what) => {
      throw new Error(`${field}: ${what}`);
    });
    return textsOf(resolved);
  }),
);

/** An analysis with its options as texts of the form's fields. */
export function textsOf({ name, ...options }: { name: AnalysisName } & object): [string, string][] {
  return Object.entries(options).map(([key, value]) => [
    `${name}.${key}`,
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
}

/** The recipe's entry for an analysis whose options have these texts. */
export function entryOf(name: AnalysisName, texts: Readonly<Record<string, string>>): AnalysisEntry {
  const changed = optionFields[name].flatMap(({ key, kind }) => {
    const text = texts[`${name}.${key}`];
    if (text === undefined || text === defaultTexts[`${name}.${key}`]) return [];
    return [[key, valueOf(text, kind)] as const];
  });
  return changed.length === 0 ? name : { [name]: Object.fromEntries(changed) };
}

/** What is wrong with an entry: its option (`analysis.option`) and a sentence; null where nothing is. */
export function entryProblem(entry: AnalysisEntry): { field: string; what: string } | null {
  const wrong: Wrong = (field, what) => {
    throw new OptionProblem(field, what);
  };
  try {
    resolveAnalysis(entry, '', wrong);
    return null;
  } catch (problem) {
    if (!(problem instanceof OptionProblem)) throw problem;
    return { field: problem.field.replace(/^\./, '').replace(/\[\d+\]$/, ''), what: problem.message };
  }
}

class OptionProblem extends Error {
  readonly field: string;
  constructor(field: string, what: string) {
    super(what);
    this.field = field;
  }
}

/** What cannot be read stays a text, which the recipe refuses. */
function valueOf(text: string, kind: OptionField['kind']): unknown {
  if (kind === 'choice') return text;
  if (kind === 'choices') return text.split(', ').filter(Boolean);
  const numbers = parseNumbers(text);
  if (kind === 'numbers') return numbers ?? text;
  return numbers?.length === 1 ? numbers[0] : text;
}
