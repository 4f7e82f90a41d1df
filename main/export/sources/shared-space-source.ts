import { AppError } from '#core/errors.ts';
import type { NamedArray, ResultEntry } from '#core/domain/result.ts';
import type { SharedSpaceData } from '#core/figure/panels/panel-data.ts';
import { joined, makeSpace, type SpaceParts } from '#core/space/space-data.ts';
import type { PanelOf } from '#core/figure/spec.ts';
import type { PairPlace, RunSource } from './run-source.ts';

type Spec = PanelOf<'shared-space'>;

const storedNames: Record<Spec['frame'], string> = { aligned: 'shared', own: 'own', profile: 'profile' };

/** The units of a pair in the frames that its result of subspaces holds. */
export async function sharedSpaceData(
  source: RunSource,
  spec: Spec,
  place: PairPlace,
): Promise<SharedSpaceData> {
  const subspaces = source.result('subspaces', place);
  const names = new Set(await source.arrayNames(subspaces));
  const name = storedNames[spec.frame];
  if (!names.has(`${name}-a`)) {
    throw new AppError(
      'not-found',
      `The subspaces of ${place.a} and ${place.b}, layer ${place.layer}, hold no units in the frame "${spec.frame}": add shared-dimensions to their methods and run the recipe again.`,
    );
  }
  const list = async (array: string) =>
    names.has(array) ? [...(await source.vector(subspaces, array))] : [];
  const both = async (frame: string) =>
    names.has(`${frame}-a`)
      ? joined(await source.array(subspaces.id, `${frame}-a`), await source.array(subspaces.id, `${frame}-b`))
      : null;
  const [aligned, own, profile] = [await both('shared'), await both('own'), await both('profile')];
  const matching = source.result('matching', place);
  const match = await source.vector(matching, 'match');
  const clusters = await clustersOf(source, spec, place);
  const space = makeSpace({
    key: subspaces.id,
    ...(await unitsOf(source, place)),
    ...(aligned ? { aligned: { values: aligned, worth: await list('shared-rho') } } : {}),
    ...(own
      ? { own: { values: own, worth: await list('own-share-a'), otherWorth: await list('own-share-b') } }
      : {}),
    ...(profile ? { profile: { values: profile, worth: await list('profile-share') } } : {}),
    tables: [
      {
        ...{ a: place.a, b: place.b },
        table: {
          unitA: Int32Array.from(match, (_, unit) => unit),
          matchB: Int32Array.from(match),
          matchValue: Float64Array.from(await source.vector(matching, 'match-value')),
        },
      },
    ],
    clusters,
    many: spec.colouring === 'convergence' ? await manyOf(source, place) : null,
  });
  return { ...(await source.pair(subspaces, place)), space, cut: cutOf(space.cuts, spec) };
}

async function unitsOf(
  source: RunSource,
  { a, b, layer }: PairPlace,
): Promise<Pick<SpaceParts, 'networks' | 'dead' | 'means'>> {
  const dead = await source.jointArray(layer, 'train', 'dead');
  const mean = await source.jointArray(layer, 'train', 'mean');
  const sides = [a, b].map((name) => {
    const look = source.run.networks.findIndex((network) => network.name === name);
    const [start, end] = dead.rangeOf(name);
    return {
      network: { name, look, units: end - start },
      dead: Uint8Array.from(dead.array.data.subarray(start, end)),
      mean: Float64Array.from(mean.array.data.subarray(start, end)),
    };
  });
  return {
    networks: sides.map(({ network }) => network),
    dead: sides.map((side) => side.dead),
    means: sides.map((side) => side.mean),
  };
}

/** Clusters are needed where they are shown; a figure that asks for them and finds none says so. */
async function clustersOf(source: RunSource, spec: Spec, place: PairPlace): Promise<SpaceParts['clusters']> {
  if (spec.colouring !== 'cluster' && !spec.hulls) return null;
  const entry = source.result('spectral-clusters', place);
  const names = await source.arrayNames(entry);
  const wanted = names.filter((name) => name === 'network' || name === 'unit' || name.startsWith('labels-'));
  return { entry, names: namesOf(entry), arrays: await arraysOf(source, entry, wanted) };
}

/** The result about all networks at a layer. */
export function manyNetworksAt(source: RunSource, layer: string): ResultEntry {
  const entry = source.find('many-networks', ({ a }) => a.layer === layer);
  if (!entry) {
    throw new AppError(
      'not-found',
      `Convergence at ${layer} is not in this run; add many-networks to the recipe and run again.`,
    );
  }
  return entry;
}

async function manyOf(source: RunSource, { layer }: PairPlace): Promise<SpaceParts['many']> {
  const entry = manyNetworksAt(source, layer);
  return {
    names: entry.params.networks as string[],
    arrays: await arraysOf(source, entry, ['network', 'unit', 'convergence']),
  };
}

const arraysOf = async (source: RunSource, { id }: ResultEntry, names: string[]): Promise<NamedArray[]> =>
  Promise.all(names.map((name) => source.array(id, name)));

/** Networks of a clustering: the pair, or the group that it was made of. */
function namesOf({ params, a, b }: ResultEntry): string[] {
  return Array.isArray(params.networks) ? params.networks.map(String) : [a.network, b.network];
}

function cutOf(cuts: SharedSpaceData['space']['cuts'], { k }: Spec): SharedSpaceData['cut'] {
  if (cuts.length === 0) return null;
  if (k === undefined) return cuts[0];
  const found = cuts.find((cut) => cut.k === k);
  if (found) return found;
  throw new AppError(
    'bad-request',
    `The clusters were cut into ${cuts.map((cut) => cut.k).join(' or ')}, not into ${k}.`,
  );
}
