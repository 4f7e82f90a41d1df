import type { Client } from '#core/ipc/contract.ts';
import type { NamedArray, ResultEntry, UnitStatistics } from '#core/domain/result.ts';
import type { Result } from '#core/result.ts';
import type { Choice } from '../../app/choice.svelte.ts';
import { readResult, type ResultData } from '../analysis/read-result.ts';
import {
  joined,
  makeSpace,
  type SpaceData,
  type SpaceNetwork,
  type SpaceParts,
} from '#core/space/space-data.ts';

/** Pairs of networks whose matches are read for a picture of all networks: those of nine. */
const mostTables = 36;

/** A failed question ends the reading; its answer is given on. */
class Refused extends Error {
  readonly answer: Result<never>;

  constructor(answer: Result<never>) {
    super('refused');
    this.answer = answer;
  }
}

async function required<T>(question: Promise<Result<T>>): Promise<T> {
  const answer = await question;
  if (!answer.ok) throw new Refused(answer);
  return answer.value;
}

async function answered<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

/** The units of the chosen pair. @param data the pair's result of subspaces, with its arrays of frames */
export function readPairSpace(client: Client, choice: Choice, data: ResultData): Promise<Result<SpaceData>> {
  return answered(async () => {
    const { a, b, matching } = choice;
    const [clusters, many, units, table] = await Promise.all([
      readClusters(client, choice),
      readMany(client, choice),
      required(client.result.units({ resultId: data.entry.id })),
      matching ? required(client.result.pairs({ resultId: matching.id })) : null,
    ]);
    const values = (name: string) => data.list(name);
    const both = (name: string) => joined(data.array(`${name}-a`), data.array(`${name}-b`));
    const [aligned, own, profile] = [both('shared'), both('own'), both('profile')];
    const [neighbours, distances] = [data.array('profile-neighbours'), data.array('profile-distances')];
    return makeSpace({
      key: `${data.entry.id} pair`,
      networks: [network(choice, a, units.a), network(choice, b, units.b)],
      dead: [units.a.dead, units.b.dead],
      means: [units.a.mean, units.b.mean],
      ...(aligned ? { aligned: { values: aligned, worth: values('shared-rho') } } : {}),
      ...(own
        ? { own: { values: own, worth: values('own-share-a'), otherWorth: values('own-share-b') } }
        : {}),
      ...(profile ? { profile: { values: profile, worth: values('profile-share') } } : {}),
      ...(neighbours && distances ? { nearest: { neighbours, distances } } : {}),
      tables: table ? [{ a, b, table }] : [],
      clusters,
      many,
    });
  });
}

/** The units of all networks of the layer, as far as the result about all of them goes. */
export function readAllSpace(client: Client, choice: Choice, entry: ResultEntry): Promise<Result<SpaceData>> {
  return answered(async () => {
    const many = await readMany(client, choice);
    const of = (name: string) => many?.arrays.find((array) => array.name === name);
    const [owner, unit, dead, profile, share] = ['network', 'unit', 'dead', 'profile', 'profile-share'].map(
      of,
    );
    if (!many || !owner || !unit || !dead || !profile)
      throw new Refused({
        ok: false,
        error: {
          code: 'not-found',
          message: `The result about all networks at ${entry.a.layer} was made by an earlier version and holds no profiles. Run "Many networks" again.`,
          details: {},
        },
      });
    const matchings = matchingsOf(choice, many.names).slice(0, mostTables);
    const [clusters, tables, means] = await Promise.all([
      readClusters(client, choice),
      Promise.all(
        matchings.map(async ({ id, a, b }) => ({
          a: a.network,
          b: b.network,
          table: await required(client.result.pairs({ resultId: id })),
        })),
      ),
      readMeans(client, matchings, many.names),
    ]);
    const sizes = many.names.map((_, at) => owner.data.filter((value: number) => value === at).length);
    const arrange = jointOrder(owner, unit, sizes);
    const flags = arrange(dead, 1);
    const [neighbours, distances] = [of('profile-neighbours'), of('profile-distances')];
    const isPlain = owner.data.every((value: number) => value >= 0);
    return makeSpace({
      key: `${entry.id} all`,
      networks: many.names.map((name, at) => ({ name, look: lookOf(choice, name), units: sizes[at] })),
      dead: sizes.map((size, at) => Uint8Array.from(flags.subarray(sum(sizes, at), sum(sizes, at) + size))),
      means,
      profile: { values: arrange(profile, profile.cols), worth: [...(share?.data ?? [])] },
      ...(neighbours && distances && isPlain ? { nearest: { neighbours, distances } } : {}),
      tables,
      clusters,
      many,
    });
  });
}

function network(choice: Choice, name: string, units: UnitStatistics): SpaceNetwork {
  return { name, look: lookOf(choice, name), units: units.dead.length };
}

function lookOf(choice: Choice, name: string): number {
  return Math.max(0, choice.run?.networks.findIndex((candidate) => candidate.name === name) ?? 0);
}

async function readClusters(client: Client, choice: Choice): Promise<SpaceParts['clusters']> {
  const entry = choice.resultOf('spectral-clusters');
  if (!entry) return null;
  const wanted = (name: string) => name === 'network' || name === 'unit' || name.startsWith('labels-');
  const arrays = await readArrays(client, entry, wanted);
  return { entry, names: namesOf(entry), arrays };
}

async function readMany(client: Client, choice: Choice): Promise<SpaceParts['many']> {
  const entry = choice.resultOf('many-networks');
  if (!entry) return null;
  const wanted = (name: string) =>
    ['network', 'unit', 'dead', 'convergence'].includes(name) || name.startsWith('profile');
  return { names: namesOf(entry), arrays: await readArrays(client, entry, wanted) };
}

async function readArrays(
  client: Client,
  entry: ResultEntry,
  wanted: (name: string) => boolean,
): Promise<NamedArray[]> {
  const data = await required(readResult(client, entry, wanted));
  return data.infos.flatMap(({ name }) => data.array(name) ?? []);
}

function namesOf(entry: ResultEntry): string[] {
  const { networks } = entry.params;
  return Array.isArray(networks) ? networks.map(String) : [entry.a.network, entry.b.network];
}

/** The stored matchings of every two of the networks at the chosen layer. */
function matchingsOf(choice: Choice, names: readonly string[]): ResultEntry[] {
  return (choice.run?.results ?? []).filter(
    ({ analysis, a, b }) =>
      analysis === 'matching' &&
      a.layer === choice.layer &&
      b.layer === choice.layer &&
      a.network !== b.network &&
      names.includes(a.network) &&
      names.includes(b.network),
  );
}

async function readMeans(
  client: Client,
  matchings: readonly ResultEntry[],
  names: readonly string[],
): Promise<(Float64Array | null)[]> {
  const means = new Map<string, Float64Array>();
  for (const { id, a, b } of matchings) {
    if (means.has(a.network) && means.has(b.network)) continue;
    const units = await required(client.result.units({ resultId: id }));
    means.set(a.network, units.a.mean);
    means.set(b.network, units.b.mean);
  }
  return names.map((name) => means.get(name) ?? null);
}

/** Rows of joint arrays put in the order of networks, then units. */
function jointOrder(owner: NamedArray, unit: NamedArray, sizes: readonly number[]) {
  return (array: NamedArray, cols: number): Float64Array => {
    const rows = new Float64Array(sum(sizes, sizes.length) * cols);
    for (let at = 0; at < owner.data.length; at++) {
      if (owner.data[at] < 0) continue;
      const row = sum(sizes, owner.data[at]) + unit.data[at];
      for (let k = 0; k < cols; k++) rows[row * cols + k] = array.data[at * cols + k];
    }
    return rows;
  };
}

function sum(values: readonly number[], count: number): number {
  let total = 0;
  for (let at = 0; at < count; at++) total += values[at];
  return total;
}
