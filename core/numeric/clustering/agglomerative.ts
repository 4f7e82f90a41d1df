/** One merge of a dendrogram, as scipy's linkage rows: clusters 0 .. n - 1 are units, n + i is the i-th merge. */
export interface Dendrogram {
  /** [n - 1 x 4] the two clusters (smaller index first), their distance, the number of units; ascending distance */
  linkage: Float64Array;
  /** [n] units in the order of the dendrogram's leaves */
  leaves: Int32Array;
}

/**
 * Agglomerative clustering of rows by Ward's criterion, by chains of nearest neighbours (Murtagh 1983; Müllner 2011,
 * arXiv 1109.2378): distance of clusters = sqrt(2 |S| |T| / (|S| + |T|)) |centre_S - centre_T|, as in scipy. O(n^2 d)
 * time, O(n d) memory.
 *
 * @param rows [n x d]
 */
export function wardDendrogram(n: number, d: number, rows: Float64Array): Dendrogram {
  const centres = rows.slice();
  const sizes = new Float64Array(n).fill(1);
  const isActive = new Uint8Array(n).fill(1);
  const merges: { a: number; b: number; distance: number }[] = [];
  const chain: number[] = [];
  while (merges.length < n - 1) {
    if (chain.length === 0) chain.push(isActive.indexOf(1));
    const top = chain[chain.length - 1];
    const before = chain.length > 1 ? chain[chain.length - 2] : -1;
    // The one before wins ties, so that a chain always ends.
    let [nearest, least] = [before, before < 0 ? Infinity : wardDistance(d, centres, sizes, top, before)];
    for (let other = 0; other < n; other++) {
      if (isActive[other] === 0 || other === top) continue;
      const distance = wardDistance(d, centres, sizes, top, other);
      if (distance < least) [nearest, least] = [other, distance];
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    merges.push({ a: top, b: nearest, distance: least });
    mergeInto(d, centres, sizes, nearest, top);
    isActive[top] = 0;
  }
  return labelled(n, merges);
}

function wardDistance(d: number, centres: Float64Array, sizes: Float64Array, a: number, b: number): number {
  let square = 0;
  for (let axis = 0, i = a * d, j = b * d; axis < d; axis++, i++, j++)
    square += (centres[i] - centres[j]) ** 2;
  return Math.sqrt(((2 * sizes[a] * sizes[b]) / (sizes[a] + sizes[b])) * square);
}

function mergeInto(d: number, centres: Float64Array, sizes: Float64Array, into: number, gone: number): void {
  const total = sizes[into] + sizes[gone];
  for (let axis = 0; axis < d; axis++) {
    const [i, j] = [into * d + axis, gone * d + axis];
    centres[i] = (sizes[into] * centres[i] + sizes[gone] * centres[j]) / total;
  }
  sizes[into] = total;
}

/** Merges in order of distance, their clusters named as scipy does. */
function labelled(n: number, merges: { a: number; b: number; distance: number }[]): Dendrogram {
  const order = [...merges.keys()].sort((i, j) => merges[i].distance - merges[j].distance || i - j);
  const parent = Int32Array.from({ length: n }, (_, unit) => unit);
  const root = (unit: number): number => {
    while (parent[unit] !== unit) unit = parent[unit] = parent[parent[unit]];
    return unit;
  };
  const nameOf = Int32Array.from({ length: n }, (_, unit) => unit);
  const size = new Float64Array(2 * Math.max(1, n) - 1).fill(1);
  const linkage = new Float64Array(4 * Math.max(0, n - 1));
  order.forEach((index, row) => {
    const { a, b, distance } = merges[index];
    const [x, y] = [root(a), root(b)];
    const [first, second] = [Math.min(nameOf[x], nameOf[y]), Math.max(nameOf[x], nameOf[y])];
    size[n + row] = size[first] + size[second];
    linkage.set([first, second, distance, size[n + row]], row * 4);
    parent[x] = y;
    nameOf[y] = n + row;
  });
  return { linkage, leaves: leavesOf(n, linkage) };
}

function leavesOf(n: number, linkage: Float64Array): Int32Array {
  if (n === 0) return new Int32Array(0);
  const leaves: number[] = [];
  const open = [2 * n - 2];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next < n) leaves.push(next);
    else open.push(linkage[(next - n) * 4 + 1], linkage[(next - n) * 4]);
  }
  return Int32Array.from(leaves);
}

/** Cuts a dendrogram into k clusters (fewer where there are fewer units), numbered by their first members. */
export function cutDendrogram(n: number, linkage: Float64Array, k: number): Int32Array {
  const parent = Int32Array.from({ length: 2 * Math.max(1, n) - 1 }, (_, node) => node);
  const merges = Math.max(0, n - Math.max(1, k));
  for (let row = 0; row < merges; row++) {
    parent[linkage[row * 4]] = n + row;
    parent[linkage[row * 4 + 1]] = n + row;
  }
  const names = new Map<number, number>();
  return Int32Array.from({ length: n }, (_, unit) => {
    let node = unit;
    while (parent[node] !== node) node = parent[node];
    if (!names.has(node)) names.set(node, names.size);
    return names.get(node) as number;
  });
}
