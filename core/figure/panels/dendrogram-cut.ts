/** A dendrogram cut into groups of neighbouring leaves. */
export interface DendrogramCut {
  /** Half-open ranges of places in the order of the leaves, from left to right. */
  groups: { from: number; to: number }[];
  /** Half way between the last join that is kept and the first that is cut. */
  height: number;
}

/** The `k` groups that the first joins of a linkage in scipy's form leave: those of the cut at one height. */
export function dendrogramCut(
  linkage: ArrayLike<number>,
  leaves: number,
  leafOrder: ArrayLike<number>,
  k: number,
): DendrogramCut {
  const kept = Math.max(0, leaves - Math.max(1, k));
  const parent = Int32Array.from({ length: leaves + kept }, (_, node) => node);
  for (let step = 0; step < kept; step++) {
    parent[linkage[4 * step]] = leaves + step;
    parent[linkage[4 * step + 1]] = leaves + step;
  }
  const rootOf = (node: number): number => {
    let root = node;
    while (parent[root] !== root) root = parent[root];
    return root;
  };
  const groups: DendrogramCut['groups'] = [];
  let last = -1;
  for (let place = 0; place < leaves; place++) {
    const root = rootOf(leafOrder[place]);
    if (root === last) groups[groups.length - 1].to = place + 1;
    else groups.push({ from: place, to: place + 1 });
    last = root;
  }
  const below = kept > 0 ? linkage[4 * (kept - 1) + 2] : 0;
  const above = kept < leaves - 1 ? linkage[4 * kept + 2] : below;
  return { groups, height: (below + above) / 2 };
}
