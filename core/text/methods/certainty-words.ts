import type { ResultEntry } from '../../domain/result.ts';
import { cite, type Inline } from './document.ts';
import { percentOf, plainNumber, rangeOf, seedWords } from './words.ts';

/** The words of section 8 of the methods, as far as the results hold it. */
export function certaintyParagraphs(results: readonly ResultEntry[]): Inline[][] {
  const { params } = results[0];
  return [
    [...heldOutWords(results), ...intervalWords(results, Number(params.level))],
    nullWords(results, Number(params.fdr)),
  ].filter((paragraph) => paragraph.length > 0);
}

function heldOutWords(results: readonly ResultEntry[]): Inline[] {
  return rangeOf(results, 'heldOutMatchMean') === null
    ? []
    : ['Matches were chosen on one part of the inputs and scored on the part held out. '];
}

function intervalWords(results: readonly ResultEntry[], level: number): Inline[] {
  const blocks = rangeOf(results, 'blocks');
  const resamples = rangeOf(results, 'resamples');
  if (!blocks || !resamples) return [];
  const seed = seedWords(results);
  return [
    `Intervals (${percentOf(level)}) are percentiles of ${resamples} bootstrap resamples of ${blocks} random groups of whole inputs `,
    cite('kunsch1989jackknife', 'efron1993introduction'),
    `${seed ? ` (${seed})` : ''}, with partners kept. The stability of a match is the share of ${rangeOf(results, 'rematchedResamples') ?? 'the'} resamples, each `,
    'matched anew, in which the unit keeps its partner. ',
    ...(rangeOf(results, 'noiseCeiling')
      ? [
          `The noise ceiling of the correlations within networks comes from ${rangeOf(results, 'splits') ?? 'random'} random splits of the groups into halves `,
          cite('spearman1904proof'),
          '.',
        ]
      : []),
  ];
}

function nullWords(results: readonly ResultEntry[], fdr: number): Inline[] {
  const shuffles = rangeOf(results, 'shuffles');
  if (!shuffles || shuffles === '0') return [];
  const isTested = rangeOf(results, 'tested') !== null;
  return [
    `The level of chance is that of the same matching with the inputs of the networks shuffled against each other (${shuffles} shuffles, `,
    'positions kept). ',
    ...(isTested
      ? [
          'Every pair of live units was tested one-sided against its own null by a t statistic with moderated variance ',
          cite('smyth2004linear'),
          `; discoveries are at a false discovery rate of ${percentOf(fdr)} over all ${rangeOf(results, 'tested')} pairs `,
          cite('benjamini1995controlling'),
          ', and under any dependence between pairs ',
          cite('benjamini2001control'),
          '. The effective number of samples is one over the mean null variance of r.',
        ]
      : []),
  ];
}

export function manyNetworksParagraph(results: readonly ResultEntry[]): Inline[] {
  const { threshold, fdr } = results[0].params;
  const shuffles = rangeOf(results, 'shuffles');
  const isCalibrated = rangeOf(results, 'calibratedFoundInAll') !== null;
  return [
    'Every two networks were matched one-to-one. The convergence of a unit is the share of the other networks whose match of ',
    `it has r ≥ ${plainNumber(Number(threshold))}`,
    isCalibrated
      ? ` and, calibrated, the share whose match is a discovery against ${shuffles} shuffles of the inputs at a false discovery rate of ${percentOf(Number(fdr))} `
      : '',
    ...(isCalibrated ? [cite('benjamini1995controlling')] : []),
    '; units are found in all, some or one of the networks. ',
    ...(rangeOf(results, 'cycleConsistency')
      ? [
          'Cycle consistency is the share of paths along matches from one network through two others that return to the unit ',
          'they left, over all triples of networks. ',
        ]
      : []),
    ...(rangeOf(results, 'matchMeanLow')
      ? [
          `Intervals (${percentOf(Number(rangeOf(results, 'level') ?? 0.95))}) of the mean match over all pairs are percentiles of bootstrap resamples of ${rangeOf(results, 'blocks')} groups of whole inputs `,
          cite('kunsch1989jackknife', 'efron1993introduction'),
          ', the same resamples for every pair, with partners kept.',
        ]
      : []),
  ];
}
