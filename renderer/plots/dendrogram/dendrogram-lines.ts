import type { LinkageTree } from './linkage-tree.ts';

/** A merge as it is drawn: two lines from its children to its height, and the line across. */
export interface MergeLine {
  node: number;
  height: number;
  /** Of the two children: where they stand, and how high they are. */
  middles: readonly [number, number];
  heights: readonly [number, number];
}

/** A subtree too small to be told apart: one wedge from its places to its height. */
export interface Wedge {
  node: number;
  first: number;
  end: number;
  height: number;
}

export interface DendrogramLines {
  merges: MergeLine[];
  wedges: Wedge[];
}

/**
 * What of a tree can be seen between two places: subtrees of fewer places than `leastPlaces` become wedges, and what
 * lies outside is left out. The number of lines depends on the places shown over `leastPlaces`, not on the leaves.
 */
export function dendrogramLines(
  tree: LinkageTree,
  from: number,
  to: number,
  leastPlaces: number,
): DendrogramLines {
  const lines: DendrogramLines = { merges: [], wedges: [] };
  if (tree.n < 2) return lines;
  const open = [tree.root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { first, end } = { first: tree.first[node], end: tree.end[node] };
    if (node < tree.n || end <= from || first >= to) continue;
    const height = tree.height[node];
    if (end - first < leastPlaces) {
      lines.wedges.push({ node, first, end, height });
      continue;
    }
    const [left, right] = [tree.left[node], tree.right[node]];
    lines.merges.push({
      node,
      height,
      middles: [tree.middle[left], tree.middle[right]],
      heights: [tree.height[left], tree.height[right]],
    });
    open.push(right, left);
  }
  return lines;
}
