/**
 * A dendrogram to be drawn and cut, from scipy's linkage rows (node 0 .. n - 1 is a leaf, n + i the i-th merge,
 * ascending heights) and the order of its leaves. Every node covers a run of places in that order.
 */
export class LinkageTree {
  /** Leaves. */
  readonly n: number;
  /** [2n - 1] the place of a node's first leaf, and the place after its last one. */
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** [2n - 1] 0 for leaves. */
  readonly height: Float64Array;
  /** [2n - 1] where a node's line stands: midway between its children's; leaves at the middle of their places. */
  readonly middle: Float64Array;
  /** [2n - 1] -1 for the root. */
  readonly parent: Int32Array;
  /** [2n - 1] children from left to right; -1 for leaves. */
  readonly left: Int32Array;
  readonly right: Int32Array;

  /**
   * @param linkage [n - 1 x 4]; @param leaves [n] which leaf stands at each place
   * @throws RangeError where a merge's leaves do not stand side by side, so that no tree could be drawn.
   */
  constructor(linkage: ArrayLike<number>, leaves: ArrayLike<number>) {
    const n = leaves.length;
    const nodes = Math.max(0, 2 * n - 1);
    if (linkage.length !== 4 * Math.max(0, n - 1))
      throw new RangeError(`A dendrogram of ${n} leaves has ${Math.max(0, n - 1)} merges of 4 numbers.`);
    this.n = n;
    this.first = new Int32Array(nodes);
    this.end = new Int32Array(nodes);
    this.height = new Float64Array(nodes);
    this.middle = new Float64Array(nodes);
    this.parent = new Int32Array(nodes).fill(-1);
    this.left = new Int32Array(nodes).fill(-1);
    this.right = new Int32Array(nodes).fill(-1);
    for (let place = 0; place < n; place++) {
      const leaf = leaves[place];
      this.first[leaf] = place;
      this.end[leaf] = place + 1;
      this.middle[leaf] = place + 0.5;
    }
    for (let row = 0; row < n - 1; row++) this.#merge(n + row, linkage, 4 * row);
  }

  get root(): number {
    return 2 * this.n - 2;
  }

  sizeOf(node: number): number {
    return this.end[node] - this.first[node];
  }

  #merge(node: number, linkage: ArrayLike<number>, at: number): void {
    let [x, y] = [linkage[at], linkage[at + 1]];
    if (this.first[x] > this.first[y]) [x, y] = [y, x];
    if (this.end[x] !== this.first[y])
      throw new RangeError('The order of the leaves is not that of the tree.');
    this.left[node] = x;
    this.right[node] = y;
    this.parent[x] = this.parent[y] = node;
    this.first[node] = this.first[x];
    this.end[node] = this.end[y];
    this.height[node] = linkage[at + 2];
    this.middle[node] = (this.middle[x] + this.middle[y]) / 2;
  }
}

/**
 * The k subtrees that are left when the k - 1 highest merges are undone, from first place to last: always k of them
 * (all leaves where there are fewer). Where merges are equally high the later row is undone first.
 */
export function cutNodes(tree: LinkageTree, k: number): number[] {
  if (tree.n === 0) return [];
  const undone = tree.root - (clampCount(tree, k) - 1);
  const nodes: number[] = [];
  const open = [tree.root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node > undone && node >= tree.n) open.push(tree.right[node], tree.left[node]);
    else nodes.push(node);
  }
  return nodes;
}

/** The height at which a line cuts the tree into k: midway between the merges above and below it. */
export function cutHeight(tree: LinkageTree, k: number): number {
  if (tree.n < 2) return 0;
  const count = clampCount(tree, k);
  const below = tree.height[tree.root - (count - 1)];
  const above = count === 1 ? tree.height[tree.root] * 1.05 : tree.height[tree.root - (count - 2)];
  return (below + above) / 2;
}

/** Into how many subtrees a line at this height cuts the tree. */
export function countAtHeight(tree: LinkageTree, height: number): number {
  let [low, high] = [tree.n, Math.max(tree.n, tree.root + 1)];
  // The first merge above the line, by bisection: heights ascend.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tree.height[middle] > height) high = middle;
    else low = middle + 1;
  }
  return tree.n === 0 ? 0 : tree.root + 1 - low + 1;
}

/** The subtree at a place that a line at this height crosses: what a click on a branch means. */
export function branchAt(tree: LinkageTree, place: number, height: number): number {
  let node = tree.root;
  while (node >= tree.n && tree.height[node] > height)
    node = place < tree.end[tree.left[node]] ? tree.left[node] : tree.right[node];
  return node;
}

/** k within what the tree can be cut into. */
export function clampCount(tree: LinkageTree, k: number): number {
  return Math.min(Math.max(1, tree.n), Math.max(1, Math.round(k)));
}
