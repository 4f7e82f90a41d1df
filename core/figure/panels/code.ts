import { layoutChart, roundTicks } from '../layout/chart.ts';
import type { Chart } from '../layout/chart.ts';
import type { FigureStyle } from '../layout/style.ts';
import { formatNumber, niceDomain } from '../ticks.ts';
import { samplingWords } from '../words.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { CodeRotationsData, CodeScoresData } from './panel-data.ts';

function scoresChart(title: string, data: CodeScoresData, style: FigureStyle): Chart {
  const bars = [
    { name: 'permutation', value: data.permutation },
    { name: 'rotation', value: data.rotation },
    { name: 'linear', value: data.linear },
  ];
  return {
    title,
    x: {
      label: 'Best map between the units',
      domain: [-0.5, 2.5],
      ticks: bars.map(({ name }, value) => ({ value, label: name })),
      tickRules: false,
    },
    y: { label: 'Likeness', domain: [0, 1], ticks: roundTicks([0, 1]) },
    marks: [
      {
        kind: 'bars',
        xs: [0, 1, 2],
        lows: [0, 0, 0],
        highs: bars.map(({ value }) => value),
        width: 0.55,
        colour: style.pair.match,
      },
      ...bars.map(({ value }, x) => ({
        kind: 'note' as const,
        x,
        y: value,
        text: formatNumber(value, 2),
        anchor: 'middle' as const,
        above: true,
      })),
    ],
  };
}

/** Aligned units, aligned subspaces, or only linearly related. */
export const codeScores: Panel<'code-scores'> = {
  label: 'Local or distributed code: three likenesses',
  layout: (spec, data, style, slot) =>
    layoutChart(scoresChart(spec.title ?? pairTitle(data), data, style), style, slot),
  caption: (_spec, data) =>
    `Likeness of ${data.layer} of ${data.networkA} and ${data.networkB} after the best permutation of units` +
    ` (${formatNumber(data.permutation, 3)}), the best rotation (${formatNumber(data.rotation, 3)}) and the best invertible` +
    ` maps (${formatNumber(data.linear, 3)}): sums of matched, singular and canonical correlations over the number of units.` +
    ` Permutation near rotation speaks for a local code; ${samplingWords(data.sampling)}.`,
  tables: (_spec, data) => [
    {
      name: 'scores',
      header: ['map', 'score'],
      rows: [
        ['permutation', data.permutation],
        ['rotation', data.rotation],
        ['linear', data.linear],
      ],
    },
  ],
};

function rotationsChart(title: string, data: CodeRotationsData, style: FigureStyle): Chart {
  const rotated = Array.from(data.rotated);
  const [low, high] = niceDomain(0, Math.max(data.matchMean, ...rotated), 6);
  // Placed by rank across the width, so that equal values do not cover each other.
  const xs = rotated.map((_, at) => (at + 0.5) / rotated.length);
  const mean = rotated.reduce((sum, value) => sum + value, 0) / Math.max(1, rotated.length);
  return {
    title,
    x: { label: 'Random rotations, sorted', domain: [0, 1], ticks: [] },
    y: { label: 'Mean match', domain: [low, high], ticks: roundTicks([low, high]) },
    marks: [
      { kind: 'rule', at: data.matchMean, along: 'x', colour: style.pair.match },
      { kind: 'rule', at: mean, along: 'x', colour: style.ink.quiet, dashPt: [2, 1.5] },
      { kind: 'dots', xs, ys: rotated.sort((x, y) => x - y), colour: style.ink.quiet, share: 0.2 },
    ],
    ends: [
      { y: data.matchMean, text: `units ${formatNumber(data.matchMean, 2)}`, colour: style.pair.match },
      { y: mean, text: `rotated ${formatNumber(mean, 2)}`, colour: style.ink.quiet },
    ],
  };
}

/** Are the units' own axes better than any other? */
export const codeRotations: Panel<'code-rotations'> = {
  label: 'Local or distributed code: random rotations',
  layout: (spec, data, style, slot) =>
    layoutChart(rotationsChart(spec.title ?? pairTitle(data), data, style), style, slot),
  caption: (_spec, data) =>
    `Mean correlation of one-to-one matches of ${data.layer}, ${data.networkA} and ${data.networkB}, of the units themselves` +
    ` (line, ${formatNumber(data.matchMean, 3)}) and after ${data.rotated.length} random rotations of the units of` +
    ` ${data.networkB} (dots; dashed, their mean). z = ${formatNumber(data.zScore, 1)}; ${samplingWords(data.sampling)}.`,
  tables: (_spec, data) => [
    {
      name: 'rotations',
      header: ['rotation', 'match_mean'],
      rows: Array.from(data.rotated, (value, at) => [at, value]),
    },
  ],
};
