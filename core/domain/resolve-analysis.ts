import { z } from 'zod';
import { listInWords, nearestNames } from '../text/nearest-names.ts';
import {
  affinityKinds,
  analysisNames,
  scoreKinds,
  subspaceMethods,
  type AnalysisName,
  type RecipeAnalysis,
} from './recipe.ts';

const seed = z.int().nonnegative().default(0);
const increasing = (values: number[]) => new Set(values).size === values.length;
/** The defaults of `subspaces` where no method is named: all that second moments give. */
const usualMethods = subspaceMethods.filter((method) => method !== 'rbf-cka' && method !== 'rsa');

/** Options of every analysis with their defaults; unknown ones are refused. */
const options = {
  correlation: z.strictObject({}),
  matching: z.strictObject({ score: z.enum(scoreKinds).default('correlation') }),
  'mutual-information': z.strictObject({ bins: z.int().min(2).max(16).default(10) }),
  'sparse-mapping': z.strictObject({
    alphas: z
      .array(z.number().positive())
      .min(1)
      .max(64)
      .refine(increasing, 'each alpha once')
      .default([0.3, 0.1, 0.03, 0.01, 0.003, 0.001]),
    mode: z.enum(['exact', 'paper']).default('exact'),
  }),
  'spectral-clusters': z.strictObject({
    affinity: z.enum(affinityKinds).default('abs'),
    k: z.array(z.int().min(2).max(1024)).min(1).max(16).refine(increasing, 'each k once').default([4, 8]),
    group: z.enum(['pair', 'all']).default('pair'),
    seed,
  }),
  subspaces: z.strictObject({
    methods: z
      .array(z.enum(subspaceMethods))
      .min(1)
      .refine((methods) => new Set(methods).size === methods.length, 'each method once')
      .default(usualMethods),
    variance: z.number().gt(0).max(1).default(0.99),
    ridge: z.number().nonnegative().default(0.01),
    seed,
  }),
  code: z.strictObject({ rotations: z.int().min(2).max(1000).default(10), seed }),
  certainty: z.strictObject({
    resamples: z.int().min(100).max(100_000).default(1000),
    level: z.number().gt(0).lt(1).default(0.95),
    fdr: z.number().gt(0).lt(1).default(0.05),
    seed,
  }),
  neighbourhoods: z.strictObject({
    epsilons: z
      .array(z.number().positive().lt(1))
      .min(1)
      .max(32)
      .refine(increasing, 'each epsilon once')
      .default([0.3, 0.4, 0.5, 0.6, 0.7]),
  }),
  'many-networks': z.strictObject({
    threshold: z.number().gt(-1).lt(1).default(0.5),
    fdr: z.number().gt(0).lt(1).default(0.05),
  }),
  'layer-map': z.strictObject({ score: z.enum(['cka', 'matching']).default('cka') }),
} satisfies Record<AnalysisName, z.ZodType>;

type Wrong = (field: string, what: string) => never;

/** The names a person may write, with their options; a list of methods may be given to `subspaces` directly. */
export function resolveAnalysis(entry: unknown, field: string, wrong: Wrong): RecipeAnalysis {
  const pairs: [string, unknown][] =
    typeof entry === 'string' ? [[entry, {}]] : Object.entries(entry as object);
  if (pairs.length !== 1) wrong(field, 'write one analysis per list entry, e.g. "- matching".');
  const [name, given] = pairs[0];
  if (!isAnalysis(name)) {
    return wrong(
      field,
      `there is no analysis "${name}"; nearest names: ${listInWords(nearestNames(name, analysisNames))}.`,
    );
  }
  const value = name === 'subspaces' && Array.isArray(given) ? { methods: given } : (given ?? {});
  const parsed = options[name].safeParse(value);
  if (parsed.success) return { name, ...parsed.data } as RecipeAnalysis;
  return refuse(parsed.error.issues[0], name, `${field}.${name}`, wrong);
}

function isAnalysis(name: string): name is AnalysisName {
  return (analysisNames as readonly string[]).includes(name);
}

function refuse(issue: z.core.$ZodIssue, name: AnalysisName, field: string, wrong: Wrong): never {
  const known = Object.keys(options[name].shape);
  const where = [
    field,
    ...issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)),
  ].join('');
  switch (issue.code) {
    case 'unrecognized_keys':
      return wrong(
        `${where}.${issue.keys[0]}`,
        known.length > 0
          ? `unknown option; ${field} takes ${listInWords(known)}.`
          : 'takes no options; remove it.',
      );
    case 'invalid_value':
      return wrong(where, `is not one of ${listInWords(issue.values.map(String))}.`);
    case 'invalid_type':
      return wrong(
        where,
        issue.path.length === 0 ? 'options are written as key: value.' : `must be a ${issue.expected}.`,
      );
    default:
      return wrong(where, `${issue.message}.`);
  }
}
