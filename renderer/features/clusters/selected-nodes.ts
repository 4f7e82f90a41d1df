import type { LinkageTree } from '../../plots/dendrogram/linkage-tree.ts';
import type { ClusterGraph } from './cluster-graph.ts';

/** The largest subtrees all of whose units are selected. O(n). */
export function selectedNodes(
  tree: LinkageTree,
  rowAt: ArrayLike<number>,
  selectedRows: Uint8Array,
): Set<number> {
  const before = new Int32Array(tree.n + 1);
  for (let place = 0; place < tree.n; place++) before[place + 1] = before[place] + selectedRows[rowAt[place]];
  const nodes = new Set<number>();
  const open = tree.n > 0 ? [tree.root] : [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const count = before[tree.end[node]] - before[tree.first[node]];
    if (count === tree.sizeOf(node)) nodes.add(node);
    else if (count > 0 && node >= tree.n) open.push(tree.right[node], tree.left[node]);
  }
  return nodes;
}

/** Rows of the graph under a node, in the order of the hierarchy. */
export function rowsOfNode({ tree, rowAt }: ClusterGraph, node: number): number[] {
  return Array.from(rowAt.subarray(tree.first[node], tree.end[node]));
}
