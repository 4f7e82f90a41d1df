import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { AppError } from '#core/errors.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';

/** The recipe text with these analyses at the end of its list; those it names already keep their options. */
export function addAnalyses(text: string, names: readonly AnalysisName[]): string {
  const document = parseDocument(text);
  const list = document.get('analyses');
  if (document.errors.length > 0 || !isSeq(list)) {
    throw new AppError(
      'bad-project',
      'The recipe stored with this run cannot be read; start a new analysis.',
    );
  }
  const known = new Set(list.items.map(nameOfEntry));
  for (const name of names) if (!known.has(name)) list.add(document.createNode(name));
  return document.toString({ lineWidth: 110 });
}

function nameOfEntry(entry: unknown): string {
  if (isScalar(entry)) return String(entry.value);
  if (!isMap(entry)) return '';
  const [first] = entry.items;
  return isScalar(first?.key) ? String(first.key.value) : '';
}
