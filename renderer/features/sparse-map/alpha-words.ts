import type { SentencePart } from '../../ui/sentence.ts';
import { formatCorrelation, plural } from '../../ui/format.ts';
import { explainedOf, type Mapping, type MappingPoint } from './mapping-model.ts';

/** An alpha as the recipe has it: 0.03, or 1e−4. */
export function alphaNumber(alpha: number): string {
  return String(Number(alpha.toPrecision(3))).replace('e-', 'e−');
}

/** The penalty as it was given: alpha, or in paper mode the decay and what it stands for. */
export function alphaWords(mapping: Mapping, point: MappingPoint): string {
  if (!mapping.isPaper) return alphaNumber(point.alpha);
  return `${alphaNumber(point.penalty)} = q λ = ${Math.round(point.penalty / point.alpha)} × ${alphaNumber(point.alpha)}`;
}

export function mappingFinding(
  mapping: Mapping,
  point: MappingPoint | undefined,
  { a, b }: { a: string; b: string },
): SentencePart[] {
  if (!point) return ['No penalty was tried in this result.'];
  const { data } = mapping;
  const loss = point.heldOutLoss ?? point.loss;
  const from = { test: ' held out', folds: ' cross-validated', none: '' }[mapping.heldOutFrom];
  const number = (key: string) => formatCorrelation(data.number(key) ?? NaN);
  return [
    `${plural(Math.round(point.sourcesMean), 'unit')} of ${a} predict a unit of ${b} on average with `,
    { term: 'loss', label: 'loss' },
    ` ${formatCorrelation(loss)}${from} (`,
    { term: 'explained', label: `R² ${formatCorrelation(explainedOf(loss))}` },
    `); all units give ${number('leastSquaresLoss')}, the best single one ${number('bestSingleLoss')}, none .50 (`,
    { term: 'alpha', label: 'alpha' },
    ` ${alphaWords(mapping, point)}).`,
  ];
}

export function mappingFacts(
  mapping: Mapping,
  { a, b, layer }: { a: string; b: string; layer: string },
): string {
  const live = (key: string) => mapping.data.number(key);
  const [targets, sources] = [live('liveTargets'), live('liveSources')];
  const held = {
    test: 'held out on the test fold',
    folds: 'held out by cross-validation',
    none: 'not held out: the data has one fold',
  }[mapping.heldOutFrom];
  return [
    `targets: ${targets === undefined ? 'units' : plural(targets, 'live unit')} of ${b}`,
    `sources: ${sources === undefined ? 'units' : plural(sources, 'live unit')} of ${a}`,
    layer,
    held,
    ...(mapping.isPaper ? ['penalties as in the paper: alpha = q λ, q the units of B'] : []),
  ].join(' · ');
}
