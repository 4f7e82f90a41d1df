import type { SubspaceMethod } from '../../domain/recipe.ts';
import { headlineNumber, type ResultEntry } from '../../domain/result.ts';
import { cite, type Inline } from './document.ts';
import { percentOf, plainNumber, powerOfTen, rangeOf, seedWords } from './words.ts';

/** One clause for every measure that was asked for. */
export function subspaceWords(results: readonly ResultEntry[], methods: readonly SubspaceMethod[]): Inline[] {
  const { variance, ridge } = results[0].params;
  const share = percentOf(Number(variance));
  const sampled = `a seeded sample of ${rangeOf(results, 'sampleRows') ?? 'the'} samples${seedWords(results) ? ` (${seedWords(results)})` : ''}`;
  const clauses: Record<SubspaceMethod, Inline[]> = {
    cca: ['canonical correlations ', cite('hotelling1936relations')],
    svcca: [`SVCCA with components of ${share} of the variance `, cite('raghu2017svcca')],
    pwcca: ['projection-weighted CCA both ways ', cite('morcos2018insights')],
    cka: [
      'linear centred kernel alignment (CKA) ',
      cite('kornblith2019similarity'),
      ...(rangeOf(results, 'debiasedCka') ? [', also debiased ', cite('szekely2014partial')] : []),
    ],
    procrustes: ['the angular Procrustes distance ', cite('williams2021generalized')],
    regression: [
      `R² of least squares and of ridge regression (penalty ${plainNumber(Number(ridge))} times the mean second moment of a unit) in both directions`,
    ],
    'soft-matching': ['soft matching ', cite('khosla2023soft')],
    'principal-angles': [`principal angles between the subspaces of ${share} of the variance`],
    dimensionality: ['participation ratio and number of components for 90, 95 and 99 % of the variance'],
    'shared-dimensions': ['correlations of units with the shared canonical dimensions'],
    'rbf-cka': [`CKA with a Gaussian kernel of median width, on ${sampled}`],
    rsa: [
      'representational similarity analysis ',
      cite('kriegeskorte2008representational'),
      ` of dissimilarities 1 − r, on ${sampled}`,
    ],
  };
  const said = methods.map((method) => clauses[method]);
  const tolerance = headlineNumber(results[0].headline, 'rankTolerance');
  return [
    'From the centred second moments of live units we computed ',
    ...said.flatMap((clause, at) => (at === 0 ? clause : ['; ', ...clause])),
    '. ',
    tolerance
      ? `Directions with less than ${powerOfTen(tolerance)} of the largest variance count as absent; nothing else was regularised${methods.includes('regression') ? ' but the ridge regression' : ''}.`
      : '',
  ];
}
