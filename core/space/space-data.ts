import type { NamedArray, ResultEntry } from '../domain/result.ts';
import type { PairTable } from '../ipc/areas/result.ts';

/** The frames that units can be placed in. */
export const frameNames = ['aligned', 'own', 'profile', 'umap'] as const;
export type FrameName = (typeof frameNames)[number];

export interface SpaceNetwork {
  name: string;
  /** Place in the run: fixes colour and shape. */
  look: number;
  units: number;
}

/** Coordinates of every row in some dimensions, and what each dimension is worth (a correlation, a share). */
export interface Coordinates {
  dimensions: number;
  /** [rows x dimensions] */
  values: Float64Array;
  worth: readonly number[];
}

export interface Neighbours {
  count: number;
  /** [rows x count] rows of nearest profile, nearest first. */
  nearest: Int32Array;
  distance: Float64Array;
}

export interface Cut {
  k: number;
  resultId: string;
  /** Cluster of every row; -1: the units of this network were not clustered. */
  labels: Int32Array;
}

/** The live units of two networks, or of all, with everything that is known about where they lie. */
export interface SpaceData {
  /** Changes when rows do: marks of one key are the same marks. */
  key: string;
  networks: readonly SpaceNetwork[];
  count: number;
  /** Place in `networks`, and index in it, of every row. */
  network: Uint8Array;
  unit: Int32Array;
  /** Row of a unit; -1: dead, or of another network. */
  rowOf: (network: string, unit: number) => number;
  deadUnits: number;
  aligned: Coordinates | null;
  /** Each network in its own components: worth holds the first network's shares, then the second's. */
  own: (Coordinates & { otherWorth: readonly number[] }) | null;
  profile: Coordinates | null;
  neighbours: Neighbours | null;
  /** Matched pairs as rows, strongest first. */
  matches: { from: Int32Array; to: Int32Array; r: Float64Array };
  /** The strongest match of every row: r (NaN: none) and the partner's row. */
  matchR: Float64Array;
  partner: Int32Array;
  convergence: Float64Array | null;
  mean: Float64Array | null;
  cuts: readonly Cut[];
}

/** The matches of two networks: unit and partner by row. */
export type MatchTable = Pick<PairTable, 'unitA' | 'matchB' | 'matchValue'>;

/** What a space is made from, as read. */
export interface SpaceParts {
  key: string;
  networks: readonly SpaceNetwork[];
  /** 1: dead, of every unit of every network. */
  dead: readonly Uint8Array[];
  means: readonly (Float64Array | null)[];
  /** Arrays over all units of the networks, one after the other. */
  aligned?: { values: Float64Array; worth: readonly number[] };
  own?: { values: Float64Array; worth: readonly number[]; otherWorth: readonly number[] };
  profile?: { values: Float64Array; worth: readonly number[] };
  nearest?: { neighbours: NamedArray; distances: NamedArray };
  tables: readonly { a: string; b: string; table: MatchTable }[];
  clusters: { entry: ResultEntry; names: readonly string[]; arrays: readonly NamedArray[] } | null;
  many: { names: readonly string[]; arrays: readonly NamedArray[] } | null;
}

const numbers = (array: NamedArray | undefined): Float64Array => Float64Array.from(array?.data ?? []);

export function makeSpace(parts: SpaceParts): SpaceData {
  const { networks, dead } = parts;
  const starts = networks.map((_, at) => networks.slice(0, at).reduce((sum, { units }) => sum + units, 0));
  const joint = networks.reduce((sum, { units }) => sum + units, 0);
  const rowOfJoint = new Int32Array(joint).fill(-1);
  const places: [network: number, unit: number][] = [];
  networks.forEach(({ units }, at) => {
    for (let unit = 0; unit < units; unit++) {
      if (dead[at][unit] === 1) continue;
      rowOfJoint[starts[at] + unit] = places.length;
      places.push([at, unit]);
    }
  });
  const count = places.length;
  const jointOf = Int32Array.from(places, ([at, unit]) => starts[at] + unit);
  const placeOf = new Map(networks.map(({ name }, at) => [name, at]));
  const rowOf = (name: string, unit: number) => {
    const at = placeOf.get(name);
    return at === undefined || unit < 0 || unit >= networks[at].units ? -1 : rowOfJoint[starts[at] + unit];
  };
  const space: SpaceData = {
    key: parts.key,
    networks,
    count,
    network: Uint8Array.from(places, ([at]) => at),
    unit: Int32Array.from(places, ([, unit]) => unit),
    rowOf,
    deadUnits: joint - count,
    aligned: coordinates(parts.aligned, joint, jointOf),
    own: null,
    profile: coordinates(parts.profile, joint, jointOf),
    neighbours: neighboursOf(parts.nearest, rowOfJoint, jointOf),
    matches: matchesOf(parts.tables, rowOf),
    ...{ matchR: new Float64Array(count).fill(NaN), partner: new Int32Array(count).fill(-1) },
    convergence: convergenceOf(parts.many, rowOf, count),
    mean: parts.means.every((mean) => mean !== null)
      ? Float64Array.from(places, ([at, unit]) => parts.means[at]?.[unit] ?? NaN)
      : null,
    cuts: cutsOf(parts.clusters, rowOf, count),
  };
  const own = coordinates(parts.own, joint, jointOf);
  if (own && parts.own) space.own = { ...own, otherWorth: parts.own.otherWorth };
  noteBestMatches(space);
  return space;
}

function coordinates(
  given: { values: Float64Array; worth: readonly number[] } | undefined,
  joint: number,
  jointOf: Int32Array,
): Coordinates | null {
  if (!given || joint === 0) return null;
  const dimensions = given.values.length / joint;
  if (!Number.isInteger(dimensions) || dimensions < 1) return null;
  const values = new Float64Array(jointOf.length * dimensions);
  jointOf.forEach((unit, row) =>
    values.set(given.values.subarray(unit * dimensions, (unit + 1) * dimensions), row * dimensions),
  );
  return { dimensions, values, worth: given.worth };
}

function neighboursOf(
  given: SpaceParts['nearest'],
  rowOfJoint: Int32Array,
  jointOf: Int32Array,
): Neighbours | null {
  if (!given || given.neighbours.cols === 0) return null;
  const count = given.neighbours.cols;
  const nearest = new Int32Array(jointOf.length * count);
  const distance = new Float64Array(jointOf.length * count);
  jointOf.forEach((unit, row) => {
    for (let at = 0; at < count; at++) {
      nearest[row * count + at] = rowOfJoint[given.neighbours.data[unit * count + at]] ?? -1;
      distance[row * count + at] = given.distances.data[unit * count + at];
    }
  });
  return nearest.every((row) => row >= 0) ? { count, nearest, distance } : null;
}

function matchesOf(tables: SpaceParts['tables'], rowOf: SpaceData['rowOf']): SpaceData['matches'] {
  const found: [from: number, to: number, r: number][] = [];
  for (const { a, b, table } of tables) {
    table.unitA.forEach((unit, at) => {
      const [from, to] = [rowOf(a, unit), rowOf(b, table.matchB[at])];
      if (from >= 0 && to >= 0 && Number.isFinite(table.matchValue[at]))
        found.push([from, to, table.matchValue[at]]);
    });
  }
  found.sort((p, q) => q[2] - p[2]);
  return {
    from: Int32Array.from(found, ([from]) => from),
    to: Int32Array.from(found, ([, to]) => to),
    r: Float64Array.from(found, ([, , r]) => r),
  };
}

function noteBestMatches({ matches, matchR, partner }: SpaceData): void {
  const { from, to, r } = matches;
  for (let at = 0; at < r.length; at++) {
    for (const [row, other] of [
      [from[at], to[at]],
      [to[at], from[at]],
    ]) {
      if (partner[row] >= 0) continue;
      partner[row] = other;
      matchR[row] = r[at];
    }
  }
}

function convergenceOf(
  many: SpaceParts['many'],
  rowOf: SpaceData['rowOf'],
  count: number,
): Float64Array | null {
  const of = (name: string) => many?.arrays.find((array) => array.name === name)?.data;
  const [network, unit, share] = [of('network'), of('unit'), of('convergence')];
  if (!many || !network || !unit || !share) return null;
  const values = new Float64Array(count).fill(NaN);
  for (let at = 0; at < share.length; at++) {
    const row = network[at] < 0 ? -1 : rowOf(many.names[network[at]], unit[at]);
    if (row >= 0) values[row] = share[at];
  }
  return values;
}

function cutsOf(clusters: SpaceParts['clusters'], rowOf: SpaceData['rowOf'], count: number): Cut[] {
  const of = (name: string) => clusters?.arrays.find((array) => array.name === name)?.data;
  const [network, unit] = [of('network'), of('unit')];
  if (!clusters || !network || !unit) return [];
  return clusters.arrays
    .flatMap(({ name, data }): Cut[] => {
      const k = Number(/^labels-(\d+)$/.exec(name)?.[1]);
      if (!(k > 0)) return [];
      const labels = new Int32Array(count).fill(-1);
      for (let at = 0; at < data.length; at++) {
        const row = rowOf(clusters.names[network[at]], unit[at]);
        if (row >= 0) labels[row] = data[at];
      }
      return [{ k, resultId: clusters.entry.id, labels }];
    })
    .sort((p, q) => p.k - q.k);
}

/** Arrays of either side of a pair, one after the other. */
export function joined(a: NamedArray | undefined, b: NamedArray | undefined): Float64Array | null {
  if (!a || !b || a.cols !== b.cols) return null;
  const all = new Float64Array(a.data.length + b.data.length);
  all.set(numbers(a));
  all.set(numbers(b), a.data.length);
  return all;
}
