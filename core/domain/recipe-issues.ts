import type { z } from 'zod';
import { listInWords, nearestNames } from '../text/nearest-names.ts';
import { preprocessKeys } from './preprocess-schema.ts';

const preprocessNames = Object.keys(preprocessKeys);

const knownKeys: Record<string, string[]> = {
  '': [
    'title',
    'data',
    'networks',
    'layers',
    'pairs',
    'folds',
    'analyses',
    'provider',
    'threads',
    'batch',
    'memory',
  ],
  data: [
    'images',
    'key',
    'arrays',
    'layout',
    ...preprocessNames,
    'limit',
    'onError',
    'ids',
    'vocabulary',
    'mask',
  ],
  networks: ['name', 'model', 'activations', 'preprocess', 'inputs', 'ids'],
  preprocess: preprocessNames,
  layers: ['name', 'tensors', 'sample', 'axes', 'pair', 'suggest'],
  folds: ['test', 'seed', 'by'],
  sample: ['random', 'seed'],
  mask: ['array', 'padding'],
};

/** The first thing wrong with a recipe as a sentence: file, field, what is wrong, remedy. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], value: unknown, label: string): string {
  const issue = deepest(issues[0]);
  const field = fieldName(issue.path);
  const where = field ? `${label}, ${field}` : label;
  const given = describeValue(valueAt(value, issue.path));
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0];
      const last = String(issue.path.at(-1) ?? '');
      const section = ['sample', 'preprocess', 'mask'].includes(last) ? last : String(issue.path[0] ?? '');
      const near = nearestNames(key, knownKeys[section] ?? [], 3);
      const hint = near.length > 0 ? `known keys close to it: ${listInWords(near)}` : 'remove it';
      return `${where ? `${where}: ` : ''}unknown key "${key}"; ${hint}.`;
    }
    case 'invalid_type':
      if (valueAt(value, issue.path) === undefined)
        return `${where}: is missing; add it (${wanted(issue.expected)}).`;
      return `${where}: must be ${wanted(issue.expected)}, not ${given}.`;
    case 'invalid_value':
      return `${where}: ${given} is not allowed; use ${listInWords(issue.values.map(String))}.`;
    case 'too_small':
      return `${where}: ${given} is too ${issue.origin === 'number' || issue.origin === 'int' ? 'small' : 'short'}; it must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}.`;
    case 'too_big':
      return `${where}: ${given} is too large; it must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}.`;
    default:
      return `${where}: ${given} is not understood (${issue.message}); see the recipe format in docs/recipe.md.`;
  }
}

/** The most specific issue of a union: the alternative that got furthest. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const alternatives = issue.errors
    .filter((errors) => errors.length > 0)
    .map((errors) => deepest({ ...errors[0], path: [...issue.path, ...errors[0].path] }));
  const ranked = alternatives.sort((x, y) => y.path.length - x.path.length || rank(y) - rank(x));
  return ranked[0] ?? issue;
}

function rank(issue: z.core.$ZodIssue): number {
  return issue.code === 'unrecognized_keys' ? 2 : issue.code === 'invalid_value' ? 1 : 0;
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
    '',
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  );
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function wanted(expected: string): string {
  const words: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    array: 'a list',
    object: 'a section with keys',
    record: 'a section with keys',
    tuple: 'a list of two names',
  };
  return words[expected] ?? expected;
}
