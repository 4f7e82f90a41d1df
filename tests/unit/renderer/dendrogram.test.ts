import { describe, expect, it } from 'vitest';
import { wardDendrogram } from '#core/numeric/clustering/agglomerative.ts';
import { createRandom } from '#core/random.ts';
import { dendrogramLines } from '#renderer/plots/dendrogram/dendrogram-lines.ts';
import {
  branchAt,
  countAtHeight,
  cutHeight,
  cutNodes,
  LinkageTree,
} from '#renderer/plots/dendrogram/linkage-tree.ts';

function randomTree(n: number): LinkageTree {
  const random = createRandom(n);
  const { linkage, leaves } = wardDendrogram(
    n,
    3,
    Float64Array.from({ length: 3 * n }, () => random.nextFloat()),
  );
  return new LinkageTree(linkage, leaves);
}

describe('a tree', () => {
  const tree = randomTree(50);

  it('covers runs of places, children within parents', () => {
    expect([tree.first[tree.root], tree.end[tree.root]]).toEqual([0, 50]);
    for (let node = tree.n; node <= tree.root; node++) {
      const [left, right] = [tree.left[node], tree.right[node]];
      expect(tree.end[left]).toBe(tree.first[right]);
      expect(tree.first[node]).toBe(tree.first[left]);
      expect(tree.end[node]).toBe(tree.end[right]);
      expect(tree.height[node]).toBeGreaterThanOrEqual(Math.max(tree.height[left], tree.height[right]));
      expect(tree.middle[node]).toBeGreaterThan(tree.first[node]);
      expect(tree.middle[node]).toBeLessThan(tree.end[node]);
    }
  });

  it('is refused where its leaves stand in another order, or merges are missing', () => {
    const { linkage, leaves } = wardDendrogram(6, 1, Float64Array.from([0, 1, 10, 11, 30, 31]));
    expect(() => new LinkageTree(linkage, [0, 2, 1, 3, 4, 5])).toThrow(/order of the leaves/);
    expect(() => new LinkageTree(linkage.subarray(4), leaves)).toThrow(/merges of 4 numbers/);
  });

  it('of no unit or one has no merges and one cut', () => {
    expect(cutNodes(new LinkageTree([], []), 3)).toEqual([]);
    expect(cutNodes(new LinkageTree([], [0]), 3)).toEqual([0]);
    expect(countAtHeight(new LinkageTree([], [0]), 0)).toBe(1);
    expect(dendrogramLines(new LinkageTree([], [0]), 0, 1, 1)).toEqual({ merges: [], wedges: [] });
  });

  it('has one branch under each place and height: the one that the cut there would have', () => {
    for (const k of [1, 2, 7, 50]) {
      const nodes = cutNodes(tree, k);
      for (let place = 0; place < 50; place++) {
        const node = branchAt(tree, place, cutHeight(tree, k));
        expect(nodes).toContain(node);
        expect(tree.first[node] <= place && place < tree.end[node]).toBe(true);
      }
    }
  });
});

describe('lines of a tree', () => {
  const large = randomTree(4096);

  it('are all of its merges where there is room for them', () => {
    const { merges, wedges } = dendrogramLines(randomTree(50), 0, 50, 0.5);
    expect(merges).toHaveLength(49);
    expect(wedges).toEqual([]);
  });

  it('do not grow with the leaves: what is too small is a wedge, and every place is under a line or a wedge', () => {
    const tree = large;
    const pixels = 500;
    const { merges, wedges } = dendrogramLines(tree, 0, 4096, (1.5 * 4096) / pixels);
    expect(merges.length + wedges.length).toBeLessThan(2 * pixels);
    expect(wedges.length).toBeGreaterThan(50);
    const covered = new Uint8Array(4096);
    for (const { first, end } of wedges) covered.fill(1, first, end);
    // What no wedge covers is a leaf that hangs on a drawn merge.
    const hanging = new Set(merges.flatMap(({ node }) => [tree.left[node], tree.right[node]]));
    for (let leaf = 0; leaf < 4096; leaf++)
      if (!covered[tree.first[leaf]]) expect(hanging.has(leaf)).toBe(true);
  });

  it('are those that can be seen when zoomed in', () => {
    const tree = large;
    const { merges, wedges } = dendrogramLines(tree, 1000, 1030, 0.1);
    expect(wedges).toEqual([]);
    expect(merges.length).toBeLessThan(120);
    for (const { node } of merges) expect(tree.end[node] > 1000 && tree.first[node] < 1030).toBe(true);
  });
});
