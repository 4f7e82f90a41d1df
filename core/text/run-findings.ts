import { headlineNumber, type ResultEntry } from '../domain/result.ts';

/**
 * What a run found, layer by layer, in sentences: how much is shared one-to-one and how sure that is, then what more
 * than one unit at a time adds. Only what was computed is said; numbers are means over the network pairs.
 */
export function runFindings(results: readonly ResultEntry[], layers: readonly string[]): string[] {
  return layers.flatMap((layer) => {
    const here = results.filter((entry) => entry.a.layer === layer && entry.b.layer === layer);
    const parts = [
      oneToOne(here),
      information(here),
      fewToOne(here),
      shared(here),
      code(here),
      networks(here),
    ];
    const said = parts.filter((part) => part !== null);
    return said.length > 0 ? [`${layer}: ${said.join('; ')}.`] : [];
  });
}

function mean(results: readonly ResultEntry[], analysis: string, key: string): number | null {
  const values = results
    .filter((entry) => entry.analysis === analysis)
    .map((entry) => headlineNumber(entry.headline, key))
    .filter((value) => value !== undefined);
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

const r = (value: number, digits = 2) => value.toFixed(digits).replace(/^(-?)0\./, '$1.');
/** With as many digits as tell the ends apart. */
function interval(low: number, high: number): string {
  const digits = high - low < 0.015 ? 3 : 2;
  return `95 % interval ${r(low, digits)} to ${r(high, digits)}`;
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

function oneToOne(here: readonly ResultEntry[]): string | null {
  const match = mean(here, 'certainty', 'matchMean');
  const found = mean(here, 'certainty', 'matchedDiscoveries');
  const matched = mean(here, 'certainty', 'matched');
  if (match === null) {
    const plain = mean(here, 'matching', 'matchMean');
    return plain === null ? null : `one-to-one matches correlate ${r(plain)}`;
  }
  const low = mean(here, 'many-networks', 'matchMeanLow');
  const high = mean(here, 'many-networks', 'matchMeanHigh');
  const chance = mean(here, 'certainty', 'nullMatchMean');
  const held = mean(here, 'certainty', 'heldOutMatchMean');
  const facts = [
    low !== null && high !== null ? interval(low, high) : null,
    held !== null ? `held out ${r(held)}` : null,
    chance !== null ? `shuffled images ${r(chance)}` : null,
  ].filter((fact) => fact !== null);
  const subject =
    found !== null && matched
      ? `${percent(found / matched)} of units have a one-to-one match above chance, mean r ${r(match)}`
      : `one-to-one matches correlate ${r(match)}`;
  return facts.length > 0 ? `${subject} (${facts.join(', ')})` : subject;
}

function information(here: readonly ResultEntry[]): string | null {
  const agreement = mean(here, 'mutual-information', 'agreementWithCorrelation');
  return agreement === null ? null : `mutual information picks the same partner for ${percent(agreement)}`;
}

/** The smallest number of sources whose mapping is within a tenth of least squares in explained variance. */
function fewToOne(here: readonly ResultEntry[]): string | null {
  const entries = here.filter((entry) => entry.analysis === 'sparse-mapping');
  const points = entries.map((entry) => entry.headline.points).filter((list) => Array.isArray(list));
  if (points.length === 0) return null;
  const best = mean(here, 'sparse-mapping', 'leastSquaresLoss') ?? 0;
  const rows = (points[0] as Record<string, number>[]).map((_, row) => {
    const at = (key: string) =>
      points.reduce((sum, list) => sum + (list as Record<string, number>[])[row][key], 0) / points.length;
    return { explained: 1 - 2 * at('loss'), sources: at('sourcesMedian') };
  });
  const enough = rows.filter((row) => row.explained >= 0.9 * (1 - 2 * best));
  if (enough.length === 0) return null;
  const fewest = enough.reduce((least, row) => (row.sources < least.sources ? row : least));
  return `${fewest.sources.toFixed(0)} sources explain ${percent(fewest.explained)} of a unit`;
}

function shared(here: readonly ResultEntry[]): string | null {
  const cka = mean(here, 'subspaces', 'linearCka');
  return cka === null ? null : `CKA ${r(cka)}`;
}

function code(here: readonly ResultEntry[]): string | null {
  const rotated = mean(here, 'code', 'rotatedMean');
  return rotated === null ? null : `after random rotations matches correlate ${r(rotated)}`;
}

function networks(here: readonly ResultEntry[]): string | null {
  const [all, live] = [mean(here, 'many-networks', 'foundInAll'), mean(here, 'many-networks', 'liveUnits')];
  const count = mean(here, 'many-networks', 'networks');
  if (all === null || !live || count === null || count < 3) return null;
  return `${percent(all / live)} of units are found in all ${count} networks`;
}
