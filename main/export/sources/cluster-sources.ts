import { AppError } from '#core/errors.ts';
import type { ResultEntry } from '#core/domain/result.ts';
import type { ClusterAveragesData, ClusterJointData } from '#core/figure/panels/panel-data.ts';
import type { ValueRange } from '#core/figure/spec.ts';
import { headlineNumber } from '#core/domain/result.ts';
import { headlineOf, type PairPlace, type RunSource } from './run-source.ts';

/** Networks of a clustering: the pair, or the group it was made of. */
function networksOf(source: RunSource, result: ResultEntry, place: PairPlace): string[] {
  return result.params.group === 'all' ? source.run.networks.map(({ name }) => name) : [place.a, place.b];
}

export async function clusterAveragesData(
  source: RunSource,
  options: { k?: number },
  place: PairPlace,
): Promise<ClusterAveragesData> {
  const clusters = source.result('spectral-clusters', place);
  const networks = networksOf(source, clusters, place);
  const names = await source.arrayNames(clusters);
  const cuts = names.flatMap((name) => Number(/^average-input-(\d+)$/.exec(name)?.[1] ?? []));
  if (cuts.length === 0) {
    throw new AppError(
      'not-found',
      `No average inputs are stored with the clusters of ${place.a} and ${place.b}, layer ${place.layer}: the data are no pictures, or the run is of an older version. Run the recipe again.`,
    );
  }
  const k = options.k ?? Math.max(...cuts);
  if (!cuts.includes(k)) {
    throw new AppError('bad-request', `The clusters were cut into ${cuts.join(' or ')}, not into ${k}.`);
  }
  const averages = await source.matrix(clusters, `average-input-${k}`);
  const members = await source.vector(clusters, `members-${k}`);
  const rowOf = (cluster: number, network: number): number => cluster * networks.length + network;
  const count = averages.rows / networks.length;
  const memberOf = (cluster: number, network: number): number => members[rowOf(cluster, network)];
  return {
    ...(await source.pair(clusters, place)),
    networks,
    clusters: Array.from({ length: count }, (_, cluster) => ({
      cluster,
      size: networks.reduce((sum, _, network) => sum + memberOf(cluster, network), 0),
      pictures: networks.map((_, network) => {
        const row = rowOf(cluster, network);
        const values = averages.values.slice(row * averages.cols, (row + 1) * averages.cols);
        return memberOf(cluster, network) > 0 ? Float32Array.from(values) : null;
      }),
    })),
    channels: headlineOf(clusters, 'averageInputChannels'),
    rows: headlineOf(clusters, 'averageInputRows'),
    cols: headlineOf(clusters, 'averageInputCols'),
    images: headlineNumber(clusters.headline, 'averageInputImages') ?? 0,
  };
}

export async function clusterJointData(
  source: RunSource,
  options: { colours: 'diverging' | 'paper-grey'; range?: ValueRange; k?: number },
  place: PairPlace,
): Promise<ClusterJointData> {
  const clusters = source.result('spectral-clusters', place);
  const leafOrder = await source.vector(clusters, 'leaf-order');
  return {
    ...(await source.pair(clusters, place)),
    networks: networksOf(source, clusters, place),
    linkage: await source.vector(clusters, 'linkage'),
    leafOrder,
    k: Math.min(options.k ?? Math.max(1, ...(clusters.params.k as number[])), leafOrder.length),
    network: await source.vector(clusters, 'network'),
    unit: await source.vector(clusters, 'unit'),
    joint: await source.matrix(
      clusters,
      'joint-ordered',
      (stats) => options.range ?? (options.colours === 'diverging' ? { min: -1, max: 1 } : stats),
    ),
  };
}
