import { layoutChart, roundTicks } from '../layout/chart.ts';
import type { Chart } from '../layout/chart.ts';
import type { FigureStyle } from '../layout/style.ts';
import { formatCount, formatNumber, indexTicks } from '../ticks.ts';
import { samplingWords } from '../words.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { MatchCertaintyData } from './panel-data.ts';

const sorted = ({ units }: MatchCertaintyData) =>
  [...units].sort((x, y) => y.value - x.value || x.unit - y.unit);

function chartOf(title: string, data: MatchCertaintyData, style: FigureStyle): Chart {
  const units = sorted(data);
  const ranks = units.map((_, rank) => rank);
  const lows = units.map(({ nullMean, nullStd }) => nullMean - 2 * nullStd);
  const highs = units.map(({ nullMean, nullStd }) => nullMean + 2 * nullStd);
  // A little below 0 needs no whole step of the axis.
  const least = Math.min(0, ...lows, ...units.map((unit) => unit.low));
  const [low, high] = [Math.floor(10 * least) / 10, 1];
  const found = (isFound: boolean) => ranks.filter((rank) => units[rank].q <= data.fdr === isFound);
  const dots = (which: number[]) => ({ xs: which, ys: which.map((rank) => units[rank].value) });
  const share = 0.36 * (found(true).length / Math.max(1, units.length));
  return {
    title,
    legend: [
      {
        label: `match, ${formatNumber(100 * data.level, 0)} % interval`,
        colour: style.pair.match,
        shape: 'dot',
      },
      ...(found(false).length > 0
        ? [{ label: 'not above chance', colour: style.pair.match, shape: 'ring' as const }]
        : []),
      { label: 'shuffled images', colour: style.ink.quiet, shape: 'line' },
    ],
    x: {
      label: `${data.networkA} unit, sorted`,
      domain: [-0.5, units.length - 0.5],
      ticks: indexTicks(units.length, 6).map((value) => ({ value, label: String(value) })),
    },
    y: {
      label: [{ text: 'Correlation ' }, { text: 'r', italic: true }],
      domain: [low, high],
      ticks: roundTicks([low, high]),
    },
    marks: [
      { kind: 'bars', xs: ranks, lows, highs, width: 0.8, colour: style.ink.band },
      {
        kind: 'dashes',
        xs: ranks,
        ys: units.map(({ nullMean }) => nullMean),
        width: 0.8,
        colour: style.ink.quiet,
      },
      { kind: 'rule', at: data.matchMean, along: 'x', colour: style.pair.match, dashPt: [2, 1.5] },
      { kind: 'rule', at: data.nullMatchMean, along: 'x', colour: style.ink.quiet, dashPt: [2, 1.5] },
      {
        kind: 'intervals',
        xs: ranks,
        lows: units.map((unit) => unit.low),
        highs: units.map((unit) => unit.high),
        colour: style.pair.match,
      },
      { kind: 'dots', ...dots(found(true)), colour: style.pair.match, share },
      { kind: 'dots', ...dots(found(false)), colour: style.pair.match, hollow: true },
    ],
    ends: [
      { y: data.matchMean, text: `mean ${formatNumber(data.matchMean, 2)}`, colour: style.pair.match },
      {
        y: data.nullMatchMean,
        text: `chance ${formatNumber(data.nullMatchMean, 2)}`,
        colour: style.ink.quiet,
      },
    ],
  };
}

/** How sure every match is. */
export const matchCertainty: Panel<'match-certainty'> = {
  label: 'Certainty of the matches',
  layout: (spec, data, style, slot) =>
    layoutChart(chartOf(spec.title ?? pairTitle(data), data, style), style, slot),
  caption(_spec, data) {
    const found = data.units.filter(({ q }) => q <= data.fdr).length;
    return (
      `${data.layer}, ${data.networkA} and ${data.networkB}: ${found} of ${data.units.length} matches are discoveries at a false` +
      ` discovery rate of ${data.fdr}, mean match ${formatNumber(data.matchMean, 3)}, of shuffled images` +
      ` ${formatNumber(data.nullMatchMean, 3)}; ${samplingWords(data.sampling)}. Dots, correlation of the one-to-one match of every unit` +
      ` of ${data.networkA}; bars, its ${formatNumber(100 * data.level, 0)} % interval (${formatCount(data.resamples)} resamples of groups of images).` +
      ` Grey, mean and two standard deviations of the same pair over ${data.shuffles} shuffles of the images. Dashed, the means of the` +
      ` matches and of those of shuffled images.`
    );
  },
  tables: (_spec, data) => [
    {
      name: 'matches',
      header: ['rank', 'unit', 'match', 'low', 'high', 'null_mean', 'null_std', 'q_value'],
      rows: sorted(data).map((unit, rank) => [
        rank,
        unit.unit,
        unit.value,
        unit.low,
        unit.high,
        unit.nullMean,
        unit.nullStd,
        unit.q,
      ]),
    },
  ],
};
