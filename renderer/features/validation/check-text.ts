import type { CheckedMethod } from '#core/domain/validation.ts';
import type { TermName } from '../../ui/terms.ts';

const terms: Partial<Record<CheckedMethod, TermName>> = {
  linearCka: 'cka',
  debiasedCka: 'debiasedCka',
  canonical: 'cca',
  svcca: 'svcca',
  pwcca: 'pwcca',
  procrustes: 'procrustes',
  correlation: 'correlation',
  match: 'match',
  semiMatch: 'semiMatch',
  agreement: 'agreement',
  sparseMap: 'loss',
};

/** The term that explains a kind of quantity, where there is one. */
export function termOf(method: CheckedMethod): TermName | undefined {
  return terms[method];
}

/** Six decimals; of a list the first value and how many there are. */
export function publishedText(value: unknown): string {
  const text = (item: unknown) =>
    typeof item !== 'number' ? '–' : Number.isInteger(item) ? String(item) : item.toFixed(6);
  if (!Array.isArray(value)) return text(value);
  return value.length === 0 ? 'none' : `${text(value[0])}, … (${value.length})`;
}

export function differenceText(difference: number | null): string {
  if (difference === null) return 'no number';
  return difference === 0 ? '0' : difference.toExponential(1).replace('-', '−');
}

export function toleranceText(tolerance: number | null): string {
  if (tolerance === null) return '–';
  return tolerance === 0 ? 'exact' : tolerance.toExponential(0).replace('-', '−');
}
