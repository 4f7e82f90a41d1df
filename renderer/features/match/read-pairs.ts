import type { Client } from '#core/ipc/contract.ts';
import { headlineNumber, type ResultEntry } from '#core/domain/result.ts';
import { percentileInterval } from '#core/numeric/certainty/percentile.ts';
import type { Result } from '#core/result.ts';
import type { Choice } from '../../app/choice.svelte.ts';
import { keyOf } from '../../app/kept.ts';
import type { Session } from '../../app/session.svelte.ts';
import { PairColumns, type PairExtras } from './pairs-model.ts';

/** What the mean match of shuffled images was: mean, and the range that holds 90 % of the shuffles. */
export interface NullBand {
  mean: number;
  low: number;
  high: number;
}

export interface MatchData {
  pairs: PairColumns;
  band: NullBand | null;
}

interface MatchResults {
  matching: ResultEntry;
  correlation?: ResultEntry;
  certainty?: ResultEntry;
  information?: ResultEntry;
}

/** The stored results that the pairs of the chosen networks and layer are read from; null where none are matched. */
export function matchResults(choice: Choice): MatchResults | null {
  const { matching, correlation } = choice;
  if (!matching) return null;
  const [certainty, information] = [choice.resultOf('certainty'), choice.resultOf('mutual-information')];
  return { matching, correlation, certainty, information };
}

/** The pairs as they are kept, else read. */
export function keptPairs({ kept, client }: Pick<Session, 'kept' | 'client'>, results: MatchResults) {
  return kept.of(keyOf('pairs', { ...results }), () => readPairs(client, results));
}

/** Reads the pairs, and beside them what the run knows of their certainty and information. */
async function readPairs(client: Client, results: MatchResults): Promise<Result<MatchData>> {
  const { matching } = results;
  const [table, certainty, information, heldOut] = await Promise.all([
    client.result.pairs({ resultId: matching.id }),
    readCertainty(client, results),
    readInformation(client, results),
    readList(client, matching, 'match-value-test'),
  ]);
  if (!table.ok) return table;
  const { match, band, ...lists } = certainty;
  // Certainty is of the matching by correlation: where this one has another partner, it says nothing of it.
  const isSame = (row: number) => match?.[row] === table.value.matchB[row];
  const ofSame = (values?: ArrayLike<number>) =>
    values && Float64Array.from(values, (value, row) => (isSame(row) ? value : NaN));
  const extras: PairExtras = {
    ...information,
    heldOut,
    stability: ofSame(lists.stability),
    q: ofSame(lists.q),
    low: ofSame(lists.low),
    high: ofSame(lists.high),
  };
  return { ok: true, value: { pairs: new PairColumns(table.value, extras), band } };
}

async function readList(client: Client, entry: ResultEntry, array: string) {
  const answer = await client.result.array({ resultId: entry.id, array });
  return answer.ok && answer.value ? answer.value.data : undefined;
}

async function readCertainty(client: Client, { certainty }: MatchResults) {
  if (!certainty) return { band: null };
  const list = (array: string) => readList(client, certainty, array);
  const [match, stability, q, low, high, means] = await Promise.all(
    ['match', 'stability', 'q-value', 'match-low', 'match-high', 'null-match-mean'].map(list),
  );
  return { match, stability, q, low, high, band: bandOf(certainty, means) };
}

function bandOf(certainty: ResultEntry, means?: ArrayLike<number>): NullBand | null {
  const mean = headlineNumber(certainty.headline, 'nullMatchMean');
  if (mean === undefined) return null;
  if (!means || means.length === 0) return { mean, low: mean, high: mean };
  return { mean, ...percentileInterval(Float64Array.from(means), 0.9) };
}

async function readInformation(
  client: Client,
  { matching, correlation, information }: MatchResults,
): Promise<PairExtras> {
  if (!information) return {};
  const along = async (entry: ResultEntry | undefined, array: string, partners: ResultEntry) => {
    if (!entry) return undefined;
    const answer = await client.result.partnerValues({
      resultId: entry.id,
      array,
      partners: { resultId: partners.id, array: 'match' },
    });
    return answer.ok ? answer.value.values : undefined;
  };
  const [mi, miPartner, miPartnerMi, miPartnerR] = await Promise.all([
    along(information, 'mi', matching),
    readList(client, information, 'match'),
    readList(client, information, 'match-value'),
    along(correlation, 'between', information),
  ]);
  return { mi, miPartner, miPartnerMi, miPartnerR };
}
