import { expect, it } from 'vitest';
import type { Headline, ResultEntry } from '#core/domain/result.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import { plainText, rungFindings } from '#core/text/rung-findings.ts';
import { runFindings } from '#core/text/run-findings.ts';

function entry(analysis: AnalysisName, headline: Headline, layer = 'conv1'): ResultEntry {
  const side = (network: string) => ({ network, layer });
  return { id: analysis, analysis, a: side('Net1'), b: side('Net2'), params: {}, headline };
}

it('says how much is shared, how sure that is, and what other methods add', () => {
  const results = [
    entry('certainty', {
      matchMean: 0.5,
      matched: 20,
      matchedDiscoveries: 16,
      nullMatchMean: 0.1,
      heldOutMatchMean: 0.49,
    }),
    entry('certainty', {
      matchMean: 0.6,
      matched: 20,
      matchedDiscoveries: 18,
      nullMatchMean: 0.12,
      heldOutMatchMean: 0.57,
    }),
    entry('many-networks', {
      networks: 4,
      foundInAll: 30,
      liveUnits: 100,
      matchMeanLow: 0.54,
      matchMeanHigh: 0.56,
    }),
    entry('mutual-information', { agreementWithCorrelation: 0.4, matchMean: 0.61, nullMatchMean: 0.08 }),
    entry('sparse-mapping', {
      leastSquaresLoss: 0.1,
      points: [
        { alpha: 0.1, loss: 0.3, sourcesMedian: 3 },
        { alpha: 0.01, loss: 0.13, heldOutLoss: 0.135, sourcesMedian: 9 },
        { alpha: 0.001, loss: 0.11, sourcesMedian: 30 },
      ],
    }),
    entry('spectral-clusters', {
      cuts: [
        { k: 4, stability: 0.6, clustersOfOneNetwork: 0 },
        { k: 8, stability: 0.7, clustersOfOneNetwork: 1 },
      ],
    }),
    entry('spectral-clusters', {
      cuts: [
        { k: 4, stability: 0.6, clustersOfOneNetwork: 0 },
        { k: 8, stability: 0.8, clustersOfOneNetwork: 2 },
      ],
    }),
    { ...entry('spectral-clusters', { cuts: [{ k: 3, stability: 1 }] }), params: { group: 'all' } },
    entry('subspaces', { linearCka: 0.8, ccaMean: 0.7 }),
    entry('code', { rotatedMean: 0.3, rotatedStd: 0.02, matchMean: 0.55 }),
    entry('matching', { matchMean: 0.7 }, 'fc1'),
  ];
  expect(runFindings(results, ['conv1', 'conv2', 'fc1'])).toEqual([
    'conv1: 85 % of units have a one-to-one match above chance, mean r .55 (95 % interval .54 to .56, held out .53, ' +
      'shuffled images .11); mutual information picks the same partner for 40 % (.61 nats a match, shuffled images ' +
      '.08); 9 sources explain 74 % of a unit (held out 73 %); units fall into 8 clusters (stability .75, 1.5 of one ' +
      'network alone); CKA .80 (mean canonical correlation .70); after random rotations matches correlate .30 ± .02 ' +
      '(the units themselves .55); 30 % of units are found in all 4 networks.',
    'fc1: one-to-one matches correlate .70.',
  ]);
});

it('says nothing of what was not computed', () => {
  expect(runFindings([entry('correlation', { samples: 5 })], ['conv1'])).toEqual([]);
  expect(runFindings([entry('certainty', { matchMean: 0.5 })], ['conv1'])).toEqual([
    'conv1: one-to-one matches correlate .50.',
  ]);
});

it('gives every number its definition, rung by rung', () => {
  const [found] = rungFindings(
    [
      entry('code', { rotatedMean: -0.3, rotatedStd: 0.02, matchMean: 0.55 }),
      entry('code', { rotatedMean: 9 }, 'fc1'),
    ],
    'conv1',
  );
  expect(found.rung).toBe('code');
  expect(found.parts.filter((part) => typeof part !== 'string')).toEqual([
    { text: '−.30 ± .02', term: 'rotatedMatch' },
    { text: 'the units themselves .55', term: 'matchMean' },
  ]);
  expect(plainText(found.parts)).toBe(
    'after random rotations matches correlate −.30 ± .02 (the units themselves .55)',
  );
});

it('averages only rows that every pair has', () => {
  const points = (count: number) =>
    [3, 9].slice(0, count).map((sourcesMedian) => ({ loss: 0.1, sourcesMedian }));
  const found = rungFindings(
    [
      entry('sparse-mapping', { leastSquaresLoss: 0.1, points: points(1) }),
      entry('sparse-mapping', { leastSquaresLoss: 0.1, points: points(2) }),
    ],
    'conv1',
  );
  expect(found.map(({ parts }) => plainText(parts))).toEqual(['3 sources explain 80 % of a unit']);
});
