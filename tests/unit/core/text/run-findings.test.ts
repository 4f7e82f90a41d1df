import { expect, it } from 'vitest';
import type { Headline, ResultEntry } from '#core/domain/result.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
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
    entry('mutual-information', { agreementWithCorrelation: 0.4 }),
    entry('sparse-mapping', {
      leastSquaresLoss: 0.1,
      points: [
        { alpha: 0.1, loss: 0.3, sourcesMedian: 3 },
        { alpha: 0.01, loss: 0.13, sourcesMedian: 9 },
        { alpha: 0.001, loss: 0.11, sourcesMedian: 30 },
      ],
    }),
    entry('subspaces', { linearCka: 0.8 }),
    entry('code', { rotatedMean: 0.3 }),
    entry('matching', { matchMean: 0.7 }, 'fc1'),
  ];
  expect(runFindings(results, ['conv1', 'conv2', 'fc1'])).toEqual([
    'conv1: 85 % of units have a one-to-one match above chance, mean r .55 (95 % interval .54 to .56, held out .53, ' +
      'shuffled images .11); mutual information picks the same partner for 40 %; 9 sources explain 74 % of a unit; ' +
      'CKA .80; after random rotations matches correlate .30; 30 % of units are found in all 4 networks.',
    'fc1: one-to-one matches correlate .70.',
  ]);
});

it('says nothing of what was not computed', () => {
  expect(runFindings([entry('correlation', { samples: 5 })], ['conv1'])).toEqual([]);
  expect(runFindings([entry('certainty', { matchMean: 0.5 })], ['conv1'])).toEqual([
    'conv1: one-to-one matches correlate .50.',
  ]);
});
