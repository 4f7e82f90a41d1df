import type { ProjectRun } from '#core/domain/project.ts';
import { headlineNumber, type ResultEntry } from '#core/domain/result.ts';
import { formatCount } from '#core/figure/ticks.ts';
import type { Choice } from '../../app/choice.svelte.ts';
import type { SentencePart } from '../../ui/sentence.ts';
import { formatCorrelation, formatPercent, plural } from '../../ui/format.ts';

export interface LayerMean {
  layer: string;
  semiMean: number;
  matchMean: number;
  pairs: number;
}

/** Matchings of one layer between different networks of a run. */
export function matchingsOf(run: ProjectRun, layer: string): ResultEntry[] {
  return run.results.filter(
    (result) => result.analysis === 'matching' && result.a.layer === layer && result.b.layer === layer,
  );
}

/** Mean over network pairs, layer by layer, in the order of the run; layers without a matching are left out. */
export function layerMeans(run: ProjectRun): LayerMean[] {
  return run.layers.flatMap(({ name }) => {
    const results = matchingsOf(run, name);
    if (results.length === 0) return [];
    const mean = (key: string) =>
      results.reduce((sum, result) => sum + (headlineNumber(result.headline, key) ?? NaN), 0) /
      results.length;
    return [{ layer: name, semiMean: mean('semiMean'), matchMean: mean('matchMean'), pairs: results.length }];
  });
}

const matched = (label: string): SentencePart => ({ term: 'match', label });
const meanR = (isAbsolute = false): SentencePart => ({
  term: 'correlation',
  label: isAbsolute ? 'mean |r|' : 'mean r',
});

/** The finding of a whole run: where most is shared, and where least. */
export function runFinding(run: ProjectRun): SentencePart[] {
  const means = layerMeans(run);
  if (means.length === 0) return ['No matching has been computed in this run.'];
  const pairs = means[0].pairs;
  const over = pairs === 1 ? 'Between the two networks' : `Over ${pairs} network pairs`;
  const most = means.reduce((best, line) => (line.matchMean > best.matchMean ? line : best));
  const least = means.reduce((worst, line) => (line.matchMean < worst.matchMean ? line : worst));
  const r = (line: LayerMean) => formatCorrelation(line.matchMean);
  if (most === least)
    return [
      `${over}, units of ${most.layer} `,
      matched('match one-to-one'),
      ` with `,
      meanR(),
      ` ${r(most)}.`,
    ];
  return [
    `${over}, `,
    matched('one-to-one matches'),
    ` are closest at ${most.layer} (`,
    meanR(),
    ` ${r(most)}) and weakest at ${least.layer} (${r(least)}).`,
  ];
}

export function runFacts(run: ProjectRun): string {
  const held = run.layers.some((layer) => layer.testSamples > 0);
  const basis = held ? 'fitted on the training fold' : 'fitted and scored on the same images';
  return `${plural(run.networks.length, 'network')}, ${plural(run.data.images, 'image')}; ${basis}.`;
}

/** The finding of one pair at one layer. */
export function pairFinding({ a, b, layer, matching }: Choice): SentencePart[] {
  if (!matching) return [`${a} and ${b} at ${layer}: correlations only, no matching in this run.`];
  const number = (key: string) => headlineNumber(matching.headline, key);
  const [agreement = NaN, matchMean = NaN] = [number('agreement'), number('matchMean')];
  const heldOutMatchMean = number('heldOutMatchMean');
  const held: SentencePart[] =
    heldOutMatchMean === undefined
      ? []
      : [` (${formatCorrelation(heldOutMatchMean)} `, { term: 'fold', label: 'held out' }, ')'];
  return [
    `${a} and ${b} `,
    matched('match one-to-one'),
    ` at ${layer} with `,
    meanR(matching.params.score === 'absolute-correlation'),
    ` ${formatCorrelation(matchMean)}`,
    ...held,
    `; ${formatPercent(agreement)} of matches are `,
    { term: 'agreement', label: 'also the unit’s best partner' },
    '.',
  ];
}

/** Units, samples, dead units and score behind a pair's finding. */
export function pairFacts({ a, b, layerFacts, matching }: Choice): string {
  if (!layerFacts) return '';
  const units = [layerFacts.units[a], layerFacts.units[b]].map((count) => formatCount(count ?? 0));
  const dead = [a, b]
    .filter((name) => (layerFacts.deadUnits[name] ?? 0) > 0)
    .map((name) => `${layerFacts.deadUnits[name]} dead in ${name}`);
  const score = matching?.params.score === 'absolute-correlation' ? ['absolute correlation'] : [];
  const held =
    layerFacts.testSamples > 0
      ? `, ${formatCount(layerFacts.testSamples)} held out`
      : ', fitted and scored on the same images';
  return [
    `${units.join(' and ')} units`,
    `${formatCount(layerFacts.samples)} samples${held}`,
    ...dead,
    ...score,
  ].join('; ');
}
