import type { UnitGroup } from '../../app/choice.svelte.ts';
import type { ClusterGraph } from './cluster-graph.ts';
import { isOfOneNetwork, type Cluster, type Partition } from './partition.ts';

/** Rows of the graph as units of their networks, ascending. */
function membersOf(graph: ClusterGraph, rows: Iterable<number>): Record<string, number[]> {
  const members: Record<string, number[]> = Object.fromEntries(graph.names.map((name) => [name, []]));
  for (const row of rows) members[graph.names[graph.network[row]]].push(graph.unit[row]);
  for (const units of Object.values(members)) units.sort((p, q) => p - q);
  return members;
}

/** A cluster as the group that is selected in every view. Only clusters of a stored cut can be found again by others. */
export function groupOfCluster(graph: ClusterGraph, partition: Partition, cluster: Cluster): UnitGroup {
  const { kind, clusters } = partition;
  const group: UnitGroup = {
    label: `cluster ${cluster.index + 1} of ${clusters.length}`,
    members: membersOf(graph, cluster.rows),
    source: 'cluster',
  };
  if (kind === 'spectral') group.cluster = { resultId: graph.resultId, k: partition.k, index: cluster.index };
  return group;
}

/** A subtree of the hierarchy that no shown cut has as a cluster. */
export function groupOfRows(graph: ClusterGraph, rows: readonly number[]): UnitGroup {
  return {
    label: `branch of ${rows.length} units`,
    members: membersOf(graph, rows),
    source: 'cluster',
  };
}

/** The units of clusters that one network has alone; of all networks, or of the one named. */
export function groupOfOneNetwork(graph: ClusterGraph, partition: Partition, network?: string): UnitGroup {
  const rows = partition.clusters.filter(isOfOneNetwork).flatMap((cluster) => cluster.rows);
  const own = rows.filter((row) => network === undefined || graph.names[graph.network[row]] === network);
  return {
    label: `${own.length} units of ${network ?? 'one network'} only`,
    members: membersOf(graph, own),
    source: 'cluster',
  };
}

/** How many of the rows are in the selected group. */
export function countSelected(
  graph: ClusterGraph,
  rows: readonly number[],
  isInGroup: (network: string, unit: number) => boolean,
): number {
  return rows.reduce(
    (count, row) => count + Number(isInGroup(graph.names[graph.network[row]], graph.unit[row])),
    0,
  );
}
