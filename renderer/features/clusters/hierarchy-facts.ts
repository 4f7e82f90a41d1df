import type { LinkageTree } from '../../plots/dendrogram/linkage-tree.ts';

/** Weight of an edge from its correlation; null where the edges are not made of correlations. */
export type EdgeWeight = ((correlation: number) => number) | null;

/** The affinities of methods section 5; mutual information is not stored with the result, so it has none here. */
export function edgeWeight(affinity: unknown): EdgeWeight {
  if (affinity === 'abs') return Math.abs;
  if (affinity === 'positive') return (c) => Math.max(0, c);
  if (affinity === 'squared') return (c) => c * c;
  return null;
}

export interface NodeFacts {
  /** The subtree's part of the normalised cut: cut(S, not S) / vol(S); null where the edges are not known. */
  ncut: number | null;
  /** Mean correlation of its units with each other, and with units outside; 0 where there is no such pair. */
  meanWithin: number;
  meanBetween: number;
}

/**
 * The facts of every subtree of a dendrogram from one pass over the correlations in the order of its leaves: a pair
 * of units is added where its two branches meet, so that all cuts together cost O(n^2) once.
 */
export class HierarchyFacts {
  readonly #tree: LinkageTree;
  readonly #weight: EdgeWeight;
  /** Per node: sums over pairs within (first over pairs that meet at it), and of its units' edges to all others. */
  readonly #within: { c: Float64Array; w: Float64Array };
  readonly #total: { c: Float64Array; w: Float64Array };

  constructor(tree: LinkageTree, weight: EdgeWeight) {
    const sums = () => ({ c: new Float64Array(tree.first.length), w: new Float64Array(tree.first.length) });
    this.#tree = tree;
    this.#weight = weight;
    this.#within = sums();
    this.#total = sums();
  }

  /** Adds the correlations of the unit at `place` with the units at all places. Every place is to be added once. */
  addRow(place: number, leaf: number, row: ArrayLike<number>): void {
    const { end, left, parent, root } = this.#tree;
    const weight = this.#weight;
    let [sumC, sumW] = [0, 0];
    for (let j = 0; j < place; j++) {
      sumC += row[j];
      if (weight) sumW += weight(row[j]);
    }
    let j = place + 1;
    for (let node = leaf; node !== root; node = parent[node]) {
      const meet = parent[node];
      if (left[meet] !== node) continue;
      let [c, w] = [0, 0];
      for (; j < end[meet]; j++) {
        c += row[j];
        if (weight) w += weight(row[j]);
      }
      this.#within.c[meet] += c;
      this.#within.w[meet] += w;
      sumC += c;
      sumW += w;
    }
    this.#total.c[leaf] = sumC;
    this.#total.w[leaf] = sumW;
  }

  /** To be called once all rows are added. */
  finish(): this {
    const { n, left, right, root } = this.#tree;
    for (let node = n; node <= root; node++) {
      for (const sums of [this.#within, this.#total]) {
        sums.c[node] += sums.c[left[node]] + sums.c[right[node]];
        sums.w[node] += sums.w[left[node]] + sums.w[right[node]];
      }
    }
    return this;
  }

  of(node: number): NodeFacts {
    const size = this.#tree.sizeOf(node);
    const others = this.#tree.n - size;
    const cut = this.#total.w[node] - 2 * this.#within.w[node];
    return {
      ncut: this.#weight && (cut > 0 ? cut / this.#total.w[node] : 0),
      meanWithin: size > 1 ? (2 * this.#within.c[node]) / (size * (size - 1)) : 0,
      meanBetween: others > 0 ? (this.#total.c[node] - 2 * this.#within.c[node]) / (size * others) : 0,
    };
  }
}
