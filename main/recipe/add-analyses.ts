import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLSeq } from 'yaml';
import { AppError } from '#core/errors.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';

/**
 * The recipe text with these analyses at the end of its list; those it names already keep their options.
 * @param cuts numbers of groups that spectral clusters are cut into, beside those that the recipe names
 */
export function addAnalyses(
  text: string,
  names: readonly AnalysisName[],
  cuts: readonly number[] = [],
): string {
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
  if (cuts.length > 0) addCuts(document, list, cuts);
  return document.toString({ lineWidth: 110 });
}

function addCuts(document: Document, list: YAMLSeq, cuts: readonly number[]): void {
  list.items.forEach((entry, at) => {
    if (nameOfEntry(entry) !== clusters) return;
    const known: unknown = document.getIn(['analyses', at, clusters, 'k']);
    const named = isSeq(known) ? known.items.map((item) => Number(isScalar(item) ? item.value : item)) : [];
    const k = [...new Set([...named, ...cuts])].sort((p, q) => p - q);
    const options: unknown = isMap(entry) ? document.getIn(['analyses', at, clusters]) : null;
    if (isMap(options)) options.set('k', document.createNode(k, { flow: true }));
    else list.set(at, document.createNode({ [clusters]: { k } }));
  });
}

const clusters: AnalysisName = 'spectral-clusters';

function nameOfEntry(entry: unknown): string {
  if (isScalar(entry)) return String(entry.value);
  if (!isMap(entry)) return '';
  const [first] = entry.items;
  return isScalar(first?.key) ? String(first.key.value) : '';
}
