import { headlineNumber } from '#core/domain/result.ts';
import type {
  ActivationMeansData,
  CanonicalCorrelationsData,
  CodeRotationsData,
  CodeScoresData,
  ConvergenceData,
  LayerMapData,
  NeighbourhoodCurveData,
} from '#core/figure/panels/panel-data.ts';
import { headlineOf, missing, type PairPlace, type RunSource } from './run-source.ts';

export async function activationMeansData(
  source: RunSource,
  _options: unknown,
  { layer }: PairPlace,
): Promise<ActivationMeansData> {
  const { array, rangeOf } = await source.jointArray(layer, 'train', 'mean');
  return {
    layer,
    networks: source.run.networks.map(({ name }) => ({ name, means: array.data.subarray(...rangeOf(name)) })),
    sampling: await source.sampling(layer),
  };
}

export async function layerMapData(
  source: RunSource,
  _options: unknown,
  { a, b }: PairPlace,
): Promise<LayerMapData> {
  const map = source.find('layer-map', (entry) => entry.a.network === a && entry.b.network === b);
  if (!map) throw missing('layer-map', `${a} and ${b}`);
  const layers = map.params.layers as string[];
  const score = map.params.score as LayerMapData['score'];
  return {
    networkA: a,
    networkB: b,
    score,
    images: headlineOf(map, 'samples'),
    matrix: await source.matrix(map, 'layer-map'),
    rowLabel: `${a} layer`,
    colLabel: `${b} layer`,
    rowNames: layers,
    colNames: layers,
    valueLabel: score === 'cka' ? 'Linear CKA' : 'Mean match r',
    cellDigits: 2,
  };
}

export async function canonicalCorrelationsData(
  source: RunSource,
  _options: unknown,
  place: PairPlace,
): Promise<CanonicalCorrelationsData> {
  const subspaces = source.result('subspaces', place);
  const names = await source.arrayNames(subspaces);
  if (!names.includes('cca-rho'))
    throw missing('subspaces', `${place.a} and ${place.b} by cca, layer ${place.layer}`);
  return {
    ...(await source.pair(subspaces, place)),
    cca: await source.vector(subspaces, 'cca-rho'),
    svcca: names.includes('svcca-rho') ? await source.vector(subspaces, 'svcca-rho') : undefined,
    ccaMean: headlineOf(subspaces, 'ccaMean'),
    svccaMean: headlineNumber(subspaces.headline, 'svccaMean'),
    forced: headlineNumber(subspaces.headline, 'ccaForced') ?? 0,
  };
}

export async function codeScoresData(
  source: RunSource,
  _options: unknown,
  place: PairPlace,
): Promise<CodeScoresData> {
  const code = source.result('code', place);
  return {
    ...(await source.pair(code, place)),
    permutation: headlineOf(code, 'permutationScore'),
    rotation: headlineOf(code, 'rotationScore'),
    linear: headlineOf(code, 'linearScore'),
  };
}

export async function codeRotationsData(
  source: RunSource,
  _options: unknown,
  place: PairPlace,
): Promise<CodeRotationsData> {
  const code = source.result('code', place);
  return {
    ...(await source.pair(code, place)),
    rotated: await source.vector(code, 'rotated-match-mean'),
    matchMean: headlineOf(code, 'matchMean'),
    zScore: headlineOf(code, 'zScore'),
  };
}

export async function convergenceData(source: RunSource): Promise<ConvergenceData> {
  const results = source.all('many-networks');
  const first = results[0];
  return {
    networks: first.params.networks as string[],
    threshold: first.params.threshold as number,
    layers: source.run.layers.flatMap(({ name }) => {
      const found = results.find((entry) => entry.a.layer === name);
      if (!found) return [];
      const count = (key: string) => headlineOf(found, key);
      const [all, some, one] = [count('foundInAll'), count('foundInSome'), count('foundInOne')];
      return [{ layer: name, all, some, one, live: count('liveUnits') }];
    }),
  };
}

export async function neighbourhoodCurveData(
  source: RunSource,
  _options: unknown,
  { a, b }: PairPlace,
): Promise<NeighbourhoodCurveData> {
  const results = source
    .all('neighbourhoods')
    .filter((entry) => entry.a.network === a && entry.b.network === b);
  if (results.length === 0) throw missing('neighbourhoods', `${a} and ${b}`);
  return {
    networkA: a,
    networkB: b,
    layers: source.run.layers.flatMap(({ name }) => {
      const found = results.find((entry) => entry.a.layer === name);
      if (!found) return [];
      const points = (found.headline.points as Record<string, number>[]).map((point) => ({
        epsilon: point.epsilon,
        similarity: point.maximumMatchSimilarity,
      }));
      return [{ layer: name, points: points.sort((x, y) => x.epsilon - y.epsilon) }];
    }),
  };
}
