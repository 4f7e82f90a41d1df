import type { TermName } from '../../ui/terms.ts';
import type { ResultData } from '../analysis/read-result.ts';
import { formatCount } from '#core/figure/ticks.ts';
import { formatCorrelation, formatPercent } from '../../ui/format.ts';

export interface Meaning {
  term: TermName;
  label: string;
  value: string;
  /** What the number says, in one sentence. */
  sentence: string;
}

/** One line for every number that the result holds, each with what it means here. */
export function meaningsOf(data: ResultData): Meaning[] {
  const n = (key: string) => data.number(key);
  const r = (value: number) => formatCorrelation(value, 3);
  const lines: (Meaning | null)[] = [
    with1(n('matchMean'), (value) => ({
      term: 'matchMean',
      label: 'mean match',
      value: r(value),
      sentence: 'How well matched units correlate on the images they were matched on.',
    })),
    with2(n('matchMeanLow'), n('matchMeanHigh'), (low, high) => ({
      term: 'interval',
      label: `${formatPercent(n('level') ?? 0.95)} interval`,
      value: `${r(low)} to ${r(high)}`,
      sentence: 'Other images of the same kind would give these pairs a mean in this range.',
    })),
    with1(n('heldOutMatchMean'), (value) => ({
      term: 'heldOut',
      label: 'held out',
      value: r(value),
      sentence:
        (n('heldOutDrop') ?? 0) > 0.02
          ? `On images it has not seen the match is worse by ${r(n('heldOutDrop') ?? NaN)}: part of it was chance.`
          : 'On images it has not seen the match holds: choosing partners added next to nothing.',
    })),
    with1(n('splitHalfMatchMean'), (value) => ({
      term: 'splitHalf',
      label: 'split halves',
      value: r(value),
      sentence: `Partners from one half, scored on the other: free of choosing, which adds ${r(n('splitHalfSelection') ?? NaN)}.`,
    })),
    with2(n('nullMatchMean'), n('nullMatchStd'), (mean, std) => ({
      term: 'nullMatch',
      label: 'shuffled images',
      value: `${r(mean)} ± ${r(std)}`,
      sentence:
        'What matching gives where there is nothing to find: the number to compare the mean match with.',
    })),
    with2(n('matchedDiscoveries'), n('matched'), (found, matched) => ({
      term: 'discoveries',
      label: 'matches found',
      value: `${formatCount(found)} of ${formatCount(matched)}`,
      sentence: `Matched pairs that chance does not explain, at a false discovery rate of ${formatPercent(n('fdr') ?? 0.05)}.`,
    })),
    with2(n('discoveries'), n('tested'), (found, tested) => ({
      term: 'discoveries',
      label: 'pairs found',
      value: `${formatCount(found)} of ${formatCount(tested)}`,
      sentence: `Of all pairs of live units; ${formatCount(n('discoveriesAnyDependence') ?? 0)} under any dependence between pairs. More than chance is not yet much.`,
    })),
    with1(n('stabilityMean'), (value) => ({
      term: 'stability',
      label: 'stability',
      value: formatPercent(value),
      sentence: 'How often a unit keeps its partner when the images are drawn again.',
    })),
    with2(n('structureScore'), n('noiseCeiling'), (score, ceiling) => ({
      term: 'noiseCeiling',
      label: 'structure, ceiling',
      value: `${r(score)} of ${r(ceiling)}`,
      sentence:
        'How alike the correlations within both networks are, and the most that the noise of halves allows.',
    })),
    with2(n('effectiveSamples'), n('samples'), (effective, samples) => ({
      term: 'effectiveSamples',
      label: 'effective samples',
      value: `${formatCount(Math.round(effective))} of ${formatCount(samples)}`,
      sentence: `Samples that count as independent${n('images') === undefined ? '' : `, from ${formatCount(n('images') ?? 0)} images`}: neighbouring positions are alike.`,
    })),
  ];
  return lines.filter((line) => line !== null);
}

function with1(value: number | undefined, make: (value: number) => Meaning): Meaning | null {
  return value === undefined ? null : make(value);
}

function with2(
  one: number | undefined,
  other: number | undefined,
  make: (one: number, other: number) => Meaning,
): Meaning | null {
  return one === undefined || other === undefined ? null : make(one, other);
}
