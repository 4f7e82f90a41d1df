import type { AnalysisName } from '../domain/recipe.ts';
import { headlineNumber, type ResultEntry } from '../domain/result.ts';

/** The rungs of the ladder, in the paper's order. */
export const rungs = [
  'one-to-one',
  'information',
  'few-to-one',
  'many-to-many',
  'subspaces',
  'code',
  'networks',
] as const;
export type Rung = (typeof rungs)[number];

/** Analyses that a rung's sentence is made of, the one it cannot do without first. */
export const rungAnalyses: Record<Rung, AnalysisName> = {
  'one-to-one': 'matching',
  information: 'mutual-information',
  'few-to-one': 'sparse-mapping',
  'many-to-many': 'spectral-clusters',
  subspaces: 'subspaces',
  code: 'code',
  networks: 'many-networks',
};

/** Names of the definitions that the window shows where a number is pointed at. */
export type FindingTerm =
  | 'matchMean'
  | 'match'
  | 'interval'
  | 'heldOut'
  | 'nullMatch'
  | 'discoveries'
  | 'mutualInformation'
  | 'withCorrelation'
  | 'sources'
  | 'loss'
  | 'ncut'
  | 'groupStability'
  | 'cka'
  | 'debiasedCka'
  | 'cca'
  | 'rotatedMatch'
  | 'foundIn'
  | 'cycle';

/** A piece of a sentence: plain words, or a number (or term of art) with the name of its definition. */
export type FindingPart = string | { text: string; term: FindingTerm };

/** What one rung says of one layer. */
export interface RungFinding {
  rung: Rung;
  parts: FindingPart[];
}

export function plainText(parts: readonly FindingPart[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

/** What a run found at one layer, rung by rung; means over the network pairs. Only what was computed is said. */
export function rungFindings(results: readonly ResultEntry[], layer: string): RungFinding[] {
  const here = results.filter((entry) => entry.a.layer === layer && entry.b.layer === layer);
  const say: Record<Rung, (here: readonly ResultEntry[]) => FindingPart[] | null> = {
    'one-to-one': oneToOne,
    information,
    'few-to-one': fewToOne,
    'many-to-many': manyToMany,
    subspaces: shared,
    code,
    networks,
  };
  return rungs.flatMap((rung) => {
    const parts = say[rung](here);
    return parts ? [{ rung, parts }] : [];
  });
}

const number = (text: string, term: FindingTerm): FindingPart => ({ text, term });

/** Mean of a headline number over the results of one analysis; null where none has it. */
export function mean(results: readonly ResultEntry[], analysis: AnalysisName, key: string): number | null {
  const values = results
    .filter((entry) => entry.analysis === analysis)
    .map((entry) => headlineNumber(entry.headline, key))
    .filter((value) => value !== undefined);
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

const r = (value: number, digits = 2) =>
  value
    .toFixed(digits)
    .replace('-', '−')
    .replace(/^(−?)0\./, '$1.');

/** With as many digits as tell the ends apart. */
function interval(low: number, high: number): string {
  const digits = high - low < 0.015 ? 3 : 2;
  return `95 % interval ${r(low, digits)} to ${r(high, digits)}`;
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** ` (one, two)`; nothing where there are no facts. */
function inBrackets(facts: readonly (FindingPart | null)[]): FindingPart[] {
  const said = facts.filter((fact) => fact !== null);
  return said.length === 0
    ? []
    : [' (', ...said.flatMap((fact, at) => (at > 0 ? [', ', fact] : [fact])), ')'];
}

function oneToOne(here: readonly ResultEntry[]): FindingPart[] | null {
  const match = mean(here, 'certainty', 'matchMean');
  if (match === null) {
    const plain = mean(here, 'matching', 'matchMean');
    return plain === null ? null : ['one-to-one matches correlate ', number(r(plain), 'matchMean')];
  }
  const found = mean(here, 'certainty', 'matchedDiscoveries');
  const matched = mean(here, 'certainty', 'matched');
  const low = mean(here, 'many-networks', 'matchMeanLow') ?? mean(here, 'certainty', 'matchMeanLow');
  const high = mean(here, 'many-networks', 'matchMeanHigh') ?? mean(here, 'certainty', 'matchMeanHigh');
  const chance = mean(here, 'certainty', 'nullMatchMean');
  const held = mean(here, 'certainty', 'heldOutMatchMean');
  const facts = inBrackets([
    low !== null && high !== null ? number(interval(low, high), 'interval') : null,
    held !== null ? number(`held out ${r(held)}`, 'heldOut') : null,
    chance !== null ? number(`shuffled images ${r(chance)}`, 'nullMatch') : null,
  ]);
  return found !== null && matched
    ? [
        number(percent(found / matched), 'discoveries'),
        ' of units have a ',
        number('one-to-one match', 'match'),
        ' above chance, ',
        number(`mean r ${r(match)}`, 'matchMean'),
        ...facts,
      ]
    : ['one-to-one matches correlate ', number(r(match), 'matchMean'), ...facts];
}

function information(here: readonly ResultEntry[]): FindingPart[] | null {
  const agreement = mean(here, 'mutual-information', 'agreementWithCorrelation');
  if (agreement === null) return null;
  const value = mean(here, 'mutual-information', 'matchMean');
  const chance = mean(here, 'mutual-information', 'nullMatchMean');
  return [
    number('mutual information', 'mutualInformation'),
    ' picks the same partner for ',
    number(percent(agreement), 'withCorrelation'),
    ...inBrackets([
      value !== null ? number(`${r(value)} nats a match`, 'mutualInformation') : null,
      chance !== null ? number(`shuffled images ${r(chance)}`, 'nullMatch') : null,
    ]),
  ];
}

type Row = Record<string, number>;

/** Means over the pairs of a list of records, row by row; as many rows as the shortest list has. */
function meanRows(results: readonly ResultEntry[], analysis: AnalysisName, key: string): Row[] {
  const lists = results
    .filter((entry) => entry.analysis === analysis)
    .map((entry) => entry.headline[key])
    .filter((list): list is Row[] => Array.isArray(list) && list.every((row) => typeof row === 'object'));
  if (lists.length === 0) return [];
  const count = Math.min(...lists.map((list) => list.length));
  return lists[0].slice(0, count).map((first, at) => {
    const names = Object.keys(first).filter((name) =>
      lists.every((list) => typeof list[at][name] === 'number'),
    );
    const average = (name: string) => lists.reduce((sum, list) => sum + list[at][name], 0) / lists.length;
    return Object.fromEntries(names.map((name) => [name, average(name)]));
  });
}

/** The smallest number of sources whose mapping is within a tenth of least squares in explained variance. */
function fewToOne(here: readonly ResultEntry[]): FindingPart[] | null {
  const best = mean(here, 'sparse-mapping', 'leastSquaresLoss') ?? 0;
  const enough = meanRows(here, 'sparse-mapping', 'points').filter(
    ({ loss }) => 1 - 2 * loss >= 0.9 * (1 - 2 * best),
  );
  if (enough.length === 0) return null;
  const fewest = enough.reduce((least, row) => (row.sourcesMedian < least.sourcesMedian ? row : least));
  const single = mean(here, 'sparse-mapping', 'bestSingleLoss');
  return [
    number(`${fewest.sourcesMedian.toFixed(0)} sources`, 'sources'),
    ' explain ',
    number(percent(1 - 2 * fewest.loss), 'loss'),
    ' of a unit',
    ...inBrackets([
      'heldOutLoss' in fewest ? number(`held out ${percent(1 - 2 * fewest.heldOutLoss)}`, 'loss') : null,
      single !== null ? number(`the best one alone ${percent(1 - 2 * single)}`, 'loss') : null,
    ]),
  ];
}

/** The steadiest of the stored cuts of the graphs of pairs, or of the graph of all networks where there is no other. */
function manyToMany(here: readonly ResultEntry[]): FindingPart[] | null {
  const ofPairs = here.filter(({ params }) => params.group !== 'all');
  const rows = [ofPairs, here]
    .map((some) => meanRows(some, 'spectral-clusters', 'cuts'))
    .find((list) => list.length > 0);
  if (!rows) return null;
  const cut = rows.reduce((best, row) => ((row.stability ?? 0) > (best.stability ?? 0) ? row : best));
  const apart = 'clustersOfOneNetwork' in cut ? cut.clustersOfOneNetwork : null;
  return [
    'units fall into ',
    number(`${cut.k.toFixed(0)} clusters`, 'ncut'),
    ...inBrackets([
      'stability' in cut ? number(`stability ${r(cut.stability)}`, 'groupStability') : null,
      apart !== null ? `${apart.toFixed(apart % 1 === 0 ? 0 : 1)} of one network alone` : null,
    ]),
  ];
}

function shared(here: readonly ResultEntry[]): FindingPart[] | null {
  const cka = mean(here, 'subspaces', 'linearCka');
  const cca = mean(here, 'subspaces', 'ccaMean');
  const debiased = mean(here, 'subspaces', 'debiasedCka');
  if (cka === null) return null;
  return [
    number(`CKA ${r(cka)}`, 'cka'),
    ...inBrackets([
      debiased !== null ? number(`debiased ${r(debiased)}`, 'debiasedCka') : null,
      cca !== null ? number(`mean canonical correlation ${r(cca)}`, 'cca') : null,
    ]),
  ];
}

function code(here: readonly ResultEntry[]): FindingPart[] | null {
  const rotated = mean(here, 'code', 'rotatedMean');
  if (rotated === null) return null;
  const spread = mean(here, 'code', 'rotatedStd');
  const own = mean(here, 'code', 'matchMean');
  return [
    'after random rotations matches correlate ',
    number(spread === null ? r(rotated) : `${r(rotated)} ± ${r(spread)}`, 'rotatedMatch'),
    ...inBrackets([own !== null ? number(`the units themselves ${r(own)}`, 'matchMean') : null]),
  ];
}

function networks(here: readonly ResultEntry[]): FindingPart[] | null {
  const [all, live] = [mean(here, 'many-networks', 'foundInAll'), mean(here, 'many-networks', 'liveUnits')];
  const count = mean(here, 'many-networks', 'networks');
  if (all === null || !live || count === null || count < 3) return null;
  const one = mean(here, 'many-networks', 'foundInOne');
  const cycle = mean(here, 'many-networks', 'cycleConsistency');
  const chance = mean(here, 'many-networks', 'cycleChance');
  return [
    number(percent(all / live), 'foundIn'),
    ` of units are found in all ${count} networks`,
    ...inBrackets([
      one !== null ? number(`${percent(one / live)} in one alone`, 'foundIn') : null,
      cycle !== null
        ? number(
            `${percent(cycle)} of cycles return${chance === null ? '' : `, by chance ${percent(chance)}`}`,
            'cycle',
          )
        : null,
    ]),
  ];
}
