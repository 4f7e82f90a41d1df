import { clusterColumns, networkBalance } from '#core/numeric/clustering/cluster-facts.ts';
import { clampCount, cutNodes } from '../../plots/dendrogram/linkage-tree.ts';
import type { ClusterGraph, StoredCut } from './cluster-graph.ts';
import type { GroupInputs } from './cluster-model.ts';
import type { HierarchyFacts } from './hierarchy-facts.ts';

/** What is said of one cluster; null where it is not known. */
export interface ClusterFacts {
  ncut: number | null;
  balance: number;
  meanWithin: number | null;
  meanBetween: number | null;
  stability: number | null;
}

export interface Cluster {
  index: number;
  /** Rows of the graph, in the order of the hierarchy. */
  rows: number[];
  /** Units of each network. */
  counts: number[];
  facts: ClusterFacts;
  /** Average input in each network; null where the cut has none. */
  pictures: (Float32Array | null)[] | null;
}

/** All units in groups: a stored normalised cut, or a cut of the hierarchy. */
export interface Partition {
  kind: 'spectral' | 'hierarchy';
  /** How many groups were asked for; there may be fewer units. */
  k: number;
  clusters: Cluster[];
  /** [rows] */
  labels: Int32Array;
  /** What the pictures of the clusters have in common. */
  inputs: GroupInputs | null;
}

/** A stored cut, its clusters numbered as they are stored. */
export function spectralPartition(graph: ClusterGraph, cut: StoredCut): Partition {
  const labels = Int32Array.from(cut.labels);
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const clusters = emptyClusters(graph, count);
  for (const row of graph.rowAt) addRow(graph, clusters[labels[row]], row);
  const { table } = cut;
  for (const cluster of clusters) {
    const fact = (name: (typeof clusterColumns)[number]) =>
      table ? table.data[cluster.index * table.cols + clusterColumns.indexOf(name)] : null;
    cluster.facts = {
      ncut: fact('ncut'),
      balance: networkBalance(cluster.counts, graph.live),
      meanWithin: fact('meanWithin'),
      meanBetween: fact('meanBetween'),
      stability: cut.facts.stability === undefined ? null : fact('stability'),
    };
    cluster.pictures = cut.inputs?.pictures[cluster.index] ?? null;
  }
  return { kind: 'spectral', k: cut.k, clusters, labels, inputs: cut.inputs };
}

/** The hierarchy cut into k, its clusters numbered from top to bottom. `facts` may still be on the way. */
export function hierarchyPartition(graph: ClusterGraph, k: number, facts: HierarchyFacts | null): Partition {
  const { tree } = graph;
  const nodes = cutNodes(tree, k);
  const clusters = emptyClusters(graph, nodes.length);
  const labels = new Int32Array(graph.n);
  nodes.forEach((node, index) => {
    for (let place = tree.first[node]; place < tree.end[node]; place++) {
      labels[graph.rowAt[place]] = index;
      addRow(graph, clusters[index], graph.rowAt[place]);
    }
    const { ncut = null, meanWithin = null, meanBetween = null } = facts?.of(node) ?? {};
    const balance = networkBalance(clusters[index].counts, graph.live);
    clusters[index].facts = { ncut, balance, meanWithin, meanBetween, stability: null };
  });
  return { kind: 'hierarchy', k: clampCount(tree, k), clusters, labels, inputs: null };
}

/** Sum of the clusters' parts; null while one is not known. */
export function totalCut({ clusters }: Partition): number | null {
  let sum = 0;
  for (const { facts } of clusters) {
    if (facts.ncut === null) return null;
    sum += facts.ncut;
  }
  return sum;
}

/** Whether all of its units are of one network: learned by one, not by the other. */
export function isOfOneNetwork({ counts }: Cluster): boolean {
  return counts.filter((count) => count > 0).length === 1;
}

export const clusterOrders = ['number', 'size', 'ncut', 'balance', 'meanWithin', 'stability'] as const;
export type ClusterOrder = (typeof clusterOrders)[number];
export const clusterFilters = ['all', 'shared', 'one'] as const;
export type ClusterFilter = (typeof clusterFilters)[number];

/** Those that pass, best first (lowest cut, highest of everything else); without a value last, then by number. */
export function shownClusters(
  { clusters }: Partition,
  order: ClusterOrder,
  filter: ClusterFilter,
): Cluster[] {
  const passes = (cluster: Cluster) => filter === 'all' || isOfOneNetwork(cluster) === (filter === 'one');
  const value = (cluster: Cluster): number => {
    if (order === 'number') return -cluster.index;
    if (order === 'size') return cluster.rows.length;
    const fact = cluster.facts[order] ?? -Infinity;
    return order === 'ncut' && Number.isFinite(fact) ? -fact : fact;
  };
  return clusters
    .filter(passes)
    .sort((p, q) => (value(p) === value(q) ? p.index - q.index : value(q) - value(p)));
}

/** Places of the hierarchy in the order of the clusters, each in the hierarchy's own order. */
export function placesByCluster(graph: ClusterGraph, { clusters }: Partition): Int32Array {
  return Int32Array.from(clusters.flatMap(({ rows }) => rows.map((row) => graph.placeOf[row])));
}

/** Neighbouring places of one cluster, in the order that is drawn. */
export interface Run {
  label: number;
  first: number;
  end: number;
}

export function runsOf(labels: ArrayLike<number>, rowAt: ArrayLike<number>): Run[] {
  const runs: Run[] = [];
  for (let place = 0; place < rowAt.length; place++) {
    const label = labels[rowAt[place]];
    const last = runs.at(-1);
    if (last?.label === label) last.end = place + 1;
    else runs.push({ label, first: place, end: place + 1 });
  }
  return runs;
}

function emptyClusters(graph: ClusterGraph, count: number): Cluster[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    rows: [],
    counts: graph.names.map(() => 0),
    facts: { ncut: null, balance: 0, meanWithin: null, meanBetween: null, stability: null },
    pictures: null,
  }));
}

function addRow(graph: ClusterGraph, cluster: Cluster, row: number): void {
  cluster.rows.push(row);
  cluster.counts[graph.network[row]]++;
}
