import type { PlainError } from '#core/errors.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { MatrixInfo, PairTable } from '#core/ipc/areas/result.ts';
import type { NamedArray, ResultEntry, UnitStatistics } from '#core/domain/result.ts';
import type { Result } from '#core/result.ts';
import type { Choice } from '../../app/choice.svelte.ts';
import { keyOf } from '../../app/kept.ts';
import type { Session } from '../../app/session.svelte.ts';
import { MatrixSource, type TileCache } from '../../plots/heatmap/matrix-source.ts';
import { panelNames, type PanelName } from '../../plots/heatmap/linked-viewport.ts';
import type { QuadAxes } from './panel-axes.ts';
import { leavesOf, valuesOf, type OrderFacts, type UnitOrder } from '#core/domain/unit-orders.ts';

/** The stored results of one pair and layer that the pictures and their orders are made of. */
interface PairResults {
  correlation: ResultEntry;
  matching?: ResultEntry;
  clusters?: ResultEntry;
  manyNetworks?: ResultEntry;
}

/** What the orders are made from, with all that the view says of units and pairs. */
interface PairFacts extends OrderFacts {
  pairs: PairTable | null;
  statistics: { a: UnitStatistics; b: UnitStatistics } | null;
}

export interface PairMatrices {
  results: PairResults;
  infos: Record<Exclude<PanelName, 'permuted'>, MatrixInfo>;
  /** The stored matrix in matched order, of A in its own order. */
  storedPermuted: MatrixInfo | null;
  facts: PairFacts;
}

const arrayNames = { a: 'within-a', b: 'within-b', between: 'between' } as const;

/** The stored results behind the pictures of the chosen pair and layer; null where none is correlated. */
export function correlationResults(choice: Choice): PairResults | null {
  const { correlation, matching } = choice;
  if (!correlation) return null;
  const [clusters, manyNetworks] = [choice.resultOf('spectral-clusters'), choice.resultOf('many-networks')];
  return { correlation, matching, clusters, manyNetworks };
}

/** The matrices as they are kept, else asked for. */
export function keptMatrices({ kept, client }: Pick<Session, 'kept' | 'client'>, results: PairResults) {
  return kept.of(keyOf('matrices', { ...results }), () => readPairMatrices(client, results));
}

/** Asks for the shapes of the matrices, and for what their orders need. */
async function readPairMatrices(client: Client, results: PairResults): Promise<Result<PairMatrices>> {
  const { correlation, matching } = results;
  const info = (name: keyof typeof arrayNames) =>
    client.result.matrix({ resultId: correlation.id, array: arrayNames[name] });
  const [a, b, between, permuted, pairs, statistics] = await Promise.all([
    info('a'),
    info('b'),
    info('between'),
    matching ? client.result.matrix({ resultId: matching.id, array: 'permuted' }) : null,
    matching ? client.result.pairs({ resultId: matching.id }) : null,
    client.result.units({ resultId: correlation.id }),
  ]);
  const failure = firstError([a, b, between, permuted, pairs]);
  if (failure) return { ok: false, error: failure };
  if (!a.ok) return a;
  if (!b.ok) return b;
  if (!between.ok) return between;
  const { rows: unitsA, cols: unitsB } = between.value;
  const [leaves, convergence] = await Promise.all([
    readLeaves(client, results),
    readConvergence(client, results, unitsA, unitsB),
  ]);
  const facts: PairFacts = {
    ...{ unitsA, unitsB, leaves, convergence },
    pairs: pairs?.ok ? pairs.value : null,
    statistics: statistics.ok ? statistics.value : null,
  };
  const infos = { a: a.value, b: b.value, between: between.value };
  return {
    ok: true,
    value: { results, infos, storedPermuted: permuted?.ok ? permuted.value : null, facts },
  };
}

/** The four matrices in the order of the axes; main makes the tiles of those that are not stored that way. */
export function sourcesOf(
  client: Client,
  cache: TileCache,
  { results, infos, storedPermuted }: PairMatrices,
  order: UnitOrder,
  axes: QuadAxes,
): Partial<Record<PanelName, MatrixSource>> {
  const made = panelNames.flatMap((panel): [PanelName, MatrixSource][] => {
    const own = axes[panel];
    if (!own) return [];
    const isStored = order.name === 'unit';
    if (panel === 'permuted' && isStored && storedPermuted && results.matching)
      return [
        [
          panel,
          new MatrixSource(client, results.matching.id, { ...storedPermuted, name: 'permuted' }, cache),
        ],
      ];
    const base = panel === 'permuted' ? 'between' : panel;
    const info = { ...infos[base], name: arrayNames[base] };
    const places =
      isStored && panel !== 'permuted'
        ? null
        : { rows: own.rows.units, cols: own.cols.units, name: `${panel} by ${order.name}` };
    return [[panel, new MatrixSource(client, results.correlation.id, info, cache, places)]];
  });
  return Object.fromEntries(made);
}

/** Names of the networks whose units a result joins, in its order. */
const networksOf = (entry: ResultEntry): string[] =>
  Array.isArray(entry.params.networks)
    ? (entry.params.networks as string[])
    : [entry.a.network, entry.b.network];

async function readLists(client: Client, entry: ResultEntry, names: readonly string[]) {
  const answers = await Promise.all(names.map((array) => client.result.array({ resultId: entry.id, array })));
  const lists: NamedArray['data'][] = [];
  for (const answer of answers) {
    if (!answer.ok || !answer.value) return null;
    lists.push(answer.value.data);
  }
  return lists;
}

async function readLeaves(client: Client, { correlation, clusters }: PairResults) {
  const lists = clusters && (await readLists(client, clusters, ['leaf-order', 'network', 'unit']));
  if (!lists) return null;
  const names = networksOf(clusters);
  const own = (network: string) =>
    leavesOf(lists[0], { network: lists[1], unit: lists[2] }, names.indexOf(network));
  return { a: own(correlation.a.network), b: own(correlation.b.network) };
}

async function readConvergence(
  client: Client,
  { correlation, manyNetworks }: PairResults,
  unitsA: number,
  unitsB: number,
) {
  const lists = manyNetworks && (await readLists(client, manyNetworks, ['convergence', 'network', 'unit']));
  if (!lists) return null;
  const names = networksOf(manyNetworks);
  const own = (network: string, units: number) =>
    valuesOf(lists[0], { network: lists[1], unit: lists[2] }, names.indexOf(network), units);
  return { a: own(correlation.a.network, unitsA), b: own(correlation.b.network, unitsB) };
}

function firstError(answers: (Result<unknown> | null)[]): PlainError | undefined {
  for (const answer of answers) if (answer && !answer.ok) return answer.error;
  return undefined;
}
