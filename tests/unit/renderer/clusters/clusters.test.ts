import { describe, expect, it } from 'vitest';
import { meanScores, networkBalance } from '#core/numeric/clustering/cluster-facts.ts';
import { normalisedCut } from '#core/numeric/clustering/normalised-cut.ts';
import { edgeWeight, HierarchyFacts } from '#renderer/features/clusters/hierarchy-facts.ts';
import {
  hierarchyPartition,
  isOfOneNetwork,
  placesByCluster,
  runsOf,
  shownClusters,
  spectralPartition,
  totalCut,
} from '#renderer/features/clusters/partition.ts';
import { selectedNodes } from '#renderer/features/clusters/selected-nodes.ts';
import { countSelected, groupOfCluster, groupOfOneNetwork } from '#renderer/features/clusters/unit-group.ts';
import { example } from './graph-fixture.ts';

function factsOf({ graph, correlation, n }: ReturnType<typeof example>): HierarchyFacts {
  const facts = new HierarchyFacts(graph.tree, edgeWeight(graph.affinity));
  for (let place = 0; place < n; place++) {
    const row = graph.rowAt[place];
    facts.addRow(
      place,
      row,
      Array.from(graph.rowAt, (other) => correlation[row * n + other]),
    );
  }
  return facts.finish();
}

describe('facts of cuts of the hierarchy', () => {
  it.each(['abs', 'positive', 'squared'] as const)(
    'are those of the kernels on the same labels at every k, with affinity %s (1e-12: other order of sums)',
    (kind) => {
      const one = example(36, kind);
      const facts = factsOf(one);
      for (let k = 1; k <= one.n; k++) {
        const { clusters, labels } = hierarchyPartition(one.graph, k, facts);
        expect(clusters).toHaveLength(k);
        const ncut = normalisedCut(one.n, one.weights, labels, k);
        const { within, between } = meanScores(one.n, one.correlation, labels, k);
        for (const { index, counts, facts: own } of clusters) {
          expect(own.ncut).toBeCloseTo(ncut[index], 12);
          expect(own.meanWithin).toBeCloseTo(within[index], 12);
          expect(own.meanBetween).toBeCloseTo(between[index], 12);
          expect(own.balance).toBe(networkBalance(counts, one.graph.live));
        }
      }
    },
  );

  it('have no cut where the edges are not stored, and none at all before they are read', () => {
    const one = example(12, 'mutual-information');
    const read = hierarchyPartition(one.graph, 3, factsOf(one));
    expect(read.clusters.map(({ facts }) => facts.ncut)).toEqual([null, null, null]);
    expect(read.clusters[0].facts.meanWithin).not.toBeNull();
    expect(totalCut(read)).toBeNull();
    expect(hierarchyPartition(one.graph, 3, null).clusters[0].facts.meanWithin).toBeNull();
  });
});

describe('clusters', () => {
  const one = example(32);
  const stored = spectralPartition(one.graph, one.graph.cuts[0]);

  it('keep the numbers of a stored cut, and their units in the order of the hierarchy', () => {
    expect(stored.clusters.map(({ rows }) => rows.length)).toEqual([8, 8, 8, 8]);
    for (const { index, rows } of stored.clusters) {
      expect(rows.every((row) => row % 4 === index)).toBe(true);
      const places = rows.map((row) => one.graph.placeOf[row]);
      expect(places).toEqual([...places].sort((p, q) => p - q));
    }
  });

  it('of one network are found, filtered, and selected as units', () => {
    expect(stored.clusters.filter(isOfOneNetwork).map(({ index }) => index)).toEqual([3]);
    expect(shownClusters(stored, 'number', 'one').map(({ index }) => index)).toEqual([3]);
    expect(shownClusters(stored, 'number', 'shared').map(({ index }) => index)).toEqual([0, 1, 2]);
    const { members, label } = groupOfOneNetwork(one.graph, stored, 'One');
    expect(label).toBe('8 units of One only');
    expect(members.One).toHaveLength(8);
    expect(members.Two).toEqual([]);
  });

  it('are sorted by what is asked for, unknown values last', () => {
    const sizes = hierarchyPartition(one.graph, 6, factsOf(one));
    const shown = shownClusters(sizes, 'size', 'all').map(({ rows }) => rows.length);
    expect(shown).toEqual([...shown].sort((p, q) => q - p));
    const cuts = shownClusters(sizes, 'ncut', 'all').map(({ facts }) => facts.ncut ?? NaN);
    expect(cuts).toEqual([...cuts].sort((p, q) => p - q));
    expect(shownClusters(stored, 'stability', 'all').map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });

  it('become the group that is selected everywhere: stored ones by their address, all by their units', () => {
    const group = groupOfCluster(one.graph, stored, stored.clusters[2]);
    expect(group).toMatchObject({
      label: 'cluster 3 of 4',
      source: 'cluster',
      cluster: { resultId: 'result', k: 4, index: 2 },
    });
    const units = stored.clusters[2].rows.map(
      (row) => [one.graph.names[one.graph.network[row]], one.graph.unit[row]] as const,
    );
    for (const [network, unit] of units) expect(group.members[network]).toContain(unit);
    const isIn = (network: string, unit: number) => group.members[network].includes(unit);
    expect(stored.clusters.map(({ rows }) => countSelected(one.graph, rows, isIn))).toEqual([0, 0, 8, 0]);
    const cut = hierarchyPartition(one.graph, 4, null);
    expect(groupOfCluster(one.graph, cut, cut.clusters[0]).cluster).toBeUndefined();
  });

  it('stand side by side in the order of groups, and as runs in that of the hierarchy', () => {
    const places = placesByCluster(one.graph, stored);
    expect([...places].sort((p, q) => p - q)).toEqual([...Array(32).keys()]);
    const grouped = runsOf(
      stored.labels,
      places.map((place) => one.graph.rowAt[place]),
    );
    expect(grouped.map(({ label, first, end }) => [label, first, end])).toEqual([
      [0, 0, 8],
      [1, 8, 16],
      [2, 16, 24],
      [3, 24, 32],
    ]);
    const cut = hierarchyPartition(one.graph, 5, null);
    expect(runsOf(cut.labels, one.graph.rowAt).map(({ label }) => label)).toEqual([0, 1, 2, 3, 4]);
  });

  it('mark the largest subtrees that are selected as a whole', () => {
    const { graph } = one;
    const cut = hierarchyPartition(graph, 3, null);
    const selected = new Uint8Array(32);
    for (const row of [...cut.clusters[0].rows, cut.clusters[2].rows[0]]) selected[row] = 1;
    const nodes = [...selectedNodes(graph.tree, graph.rowAt, selected)];
    expect(nodes.map((node) => graph.tree.sizeOf(node))).toEqual([cut.clusters[0].rows.length, 1]);
    expect(selectedNodes(graph.tree, graph.rowAt, new Uint8Array(32)).size).toBe(0);
  });
});

describe('the cut that is shown', () => {
  const { graph } = example(32);

  it('is a stored one where it is wanted and there, else the hierarchy’s', () => {
    expect(graph.chosenCut('spectral', 0).stored?.k).toBe(4);
    expect(graph.chosenCut('spectral', 4).stored?.k).toBe(4);
    expect(graph.chosenCut('hierarchy', 4)).toEqual({ stored: undefined, k: 4 });
    expect(graph.chosenCut('spectral', 7)).toEqual({ stored: undefined, k: 7 });
    expect(graph.chosenCut('hierarchy', 99)).toEqual({ stored: undefined, k: 32 });
  });

  it('names no row for units that are not in the graph', () => {
    expect(graph.rowOf('One', graph.unit[0])).toBe(0);
    expect(graph.rowOf('One', 1)).toBe(-1);
    expect(graph.rowOf('Three', 0)).toBe(-1);
  });
});
