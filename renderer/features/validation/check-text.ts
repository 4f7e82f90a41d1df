import type { CheckedMethod, ValidationCheck } from '#core/domain/validation.ts';
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
  rbfCka: 'rbfCka',
  rsa: 'rsa',
  softMatch: 'softMatching',
  clusters: 'ncut',
  neighbours: 'maximumMatch',
  information: 'mutualInformation',
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

/** Every value of a list, as far as a tip can hold them. */
export function allValuesText(value: unknown): string {
  if (!Array.isArray(value)) return publishedText(value);
  const most = 24;
  const shown = value
    .slice(0, most)
    .map((item) => publishedText(item))
    .join(', ');
  return value.length > most ? `${shown}, … (${value.length})` : shown;
}

const groups: { label: string; methods: CheckedMethod[] }[] = [
  { label: 'One-to-one', methods: ['correlation', 'match', 'semiMatch', 'agreement', 'softMatch'] },
  { label: 'Information', methods: ['information'] },
  { label: 'Few-to-one', methods: ['sparseMap'] },
  { label: 'Many-to-many', methods: ['clusters', 'neighbours'] },
  {
    label: 'Subspaces',
    methods: ['linearCka', 'debiasedCka', 'rbfCka', 'canonical', 'svcca', 'pwcca', 'procrustes', 'rsa'],
  },
  { label: 'Other', methods: ['other'] },
];

/** The computed checks rung by rung, those that differ first. */
export function groupsOf(checks: readonly ValidationCheck[]): { label: string; checks: ValidationCheck[] }[] {
  const computed = checks
    .filter(({ verdict }) => verdict !== 'not offered')
    .sort((one, other) => Number(one.verdict === 'pass') - Number(other.verdict === 'pass'));
  return groups
    .map(({ label, methods }) => ({
      label,
      checks: computed.filter(({ method }) => methods.includes(method)),
    }))
    .filter((group) => group.checks.length > 0);
}

/** Checks by where their numbers come from, in the order in which each source comes first. */
export function bySource(
  checks: readonly ValidationCheck[],
): { source: string; checks: ValidationCheck[] }[] {
  const sources = [...new Set(checks.map(({ source }) => source))];
  return sources.map((source) => ({ source, checks: checks.filter((check) => check.source === source) }));
}

export function differenceText(difference: number | null): string {
  if (difference === null) return 'no number';
  return difference === 0 ? '0' : difference.toExponential(1).replace('-', '−');
}

export function toleranceText(tolerance: number | null): string {
  if (tolerance === null) return '–';
  return tolerance === 0 ? 'exact' : tolerance.toExponential(0).replace('-', '−');
}
