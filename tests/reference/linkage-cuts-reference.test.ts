import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countAtHeight, cutHeight, cutNodes, LinkageTree } from '#renderer/plots/dendrogram/linkage-tree.ts';

interface Case {
  name: string;
  n: number;
  linkage: number[];
  leaves: number[];
  labels: Record<string, number[]>;
}
const { cases } = JSON.parse(
  readFileSync(new URL('linkage-cuts-reference.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

/** Which units stand together, whatever the clusters are called: of every unit the first one of its cluster. */
const together = (labels: ArrayLike<number>) =>
  Array.from(labels, (label) => Array.from(labels).indexOf(label));

function labelsOf({ n, linkage, leaves }: Case, k: number): Int32Array {
  const tree = new LinkageTree(linkage, leaves);
  const labels = new Int32Array(n);
  cutNodes(tree, k).forEach((node, label) => {
    for (let place = tree.first[node]; place < tree.end[node]; place++) labels[leaves[place]] = label;
  });
  return labels;
}

const counts = ({ n }: Case) => Array.from({ length: n }, (_, at) => at + 1);

describe.each(cases.filter(({ name }) => name !== 'ties'))('$name', (one) => {
  it('is cut at every k as scipy’s fcluster does', () => {
    for (const k of counts(one)) expect(together(labelsOf(one, k))).toEqual(together(one.labels[k]));
  });

  it('is cut into k by a line at the height that stands for k', () => {
    const tree = new LinkageTree(one.linkage, one.leaves);
    for (const k of counts(one)) expect(countAtHeight(tree, cutHeight(tree, k))).toBe(k);
  });
});

it('cuts merges of one height one by one, where fcluster can only leave all of them or none', () => {
  const ties = cases.find(({ name }) => name === 'ties') as Case;
  for (const k of counts(ties)) {
    const mine = labelsOf(ties, k);
    expect(new Set(mine).size).toBe(k);
    // Nothing that scipy tells apart stands together here.
    ties.labels[k].forEach((label, i) =>
      ties.labels[k].forEach((other, j) => {
        if (label !== other) expect(mine[i]).not.toBe(mine[j]);
      }),
    );
  }
});
