/** Where a node lies: its rank from the top, and its middle from the left, in slots. */
export interface Placed {
  rank: number;
  slot: number;
}

export interface GraphLayout {
  nodes: Placed[];
  /** Every edge with the slots it passes at the ranks between its ends. */
  edges: { from: number; to: number; bends: number[] }[];
  ranks: number;
  /** Slots of the widest rank. */
  width: number;
}

const sweeps = 4;

/**
 * Layered layout of a directed graph, top to bottom (after Sugiyama): ranks by the longest path from the sources, edges
 * over several ranks as chains of bends, order within a rank by the mean position of neighbours, swept down and up.
 * Edges that close a cycle, which grouping may make, are drawn but take no part in the ranks. O(sweeps (V + E)).
 */
export function layeredLayout(count: number, edges: readonly (readonly [number, number])[]): GraphLayout {
  const forward = withoutCycles(count, edges);
  const rank = longestPaths(count, forward);
  const ranks = count === 0 ? 0 : Math.max(...rank) + 1;
  // Nodes first, then the bends of long edges, all as vertices of a graph whose edges span one rank.
  const rankOf = [...rank];
  const chains = edges.map(([from, to]) => {
    const chain: number[] = [];
    for (let between = rank[from] + 1; between < rank[to]; between++) {
      chain.push(rankOf.length);
      rankOf.push(between);
    }
    return chain;
  });
  const above: number[][] = rankOf.map(() => []);
  const below: number[][] = rankOf.map(() => []);
  edges.forEach(([from, to], index) => {
    if (rank[to] <= rank[from]) return;
    const path = [from, ...chains[index], to];
    for (let at = 1; at < path.length; at++) {
      below[path[at - 1]].push(path[at]);
      above[path[at]].push(path[at - 1]);
    }
  });
  const rows: number[][] = Array.from({ length: ranks }, () => []);
  rankOf.forEach((at, vertex) => rows[at].push(vertex));
  const slot = orderRows(rows, above, below);
  return {
    nodes: rank.map((at, node) => ({ rank: at, slot: slot[node] })),
    edges: edges.map(([from, to], index) => ({
      from,
      to,
      bends: chains[index].map((vertex) => slot[vertex]),
    })),
    ranks,
    width: Math.max(0, ...rows.map((row) => row.length)),
  };
}

/** Edges without those that lead back to a node on the path to them. */
function withoutCycles(
  count: number,
  edges: readonly (readonly [number, number])[],
): (readonly [number, number])[] {
  const out: number[][] = Array.from({ length: count }, () => []);
  edges.forEach(([from], index) => out[from].push(index));
  const state = new Uint8Array(count);
  const kept = new Uint8Array(edges.length);
  for (let root = 0; root < count; root++) {
    if (state[root] !== 0) continue;
    // Depth first without recursion: graphs are thousands of nodes deep.
    const path = [{ node: root, next: 0 }];
    state[root] = 1;
    while (path.length > 0) {
      const top = path[path.length - 1];
      if (top.next >= out[top.node].length) {
        state[top.node] = 2;
        path.pop();
        continue;
      }
      const index = out[top.node][top.next++];
      const [, to] = edges[index];
      if (state[to] === 1) continue;
      kept[index] = 1;
      if (state[to] === 0) {
        state[to] = 1;
        path.push({ node: to, next: 0 });
      }
    }
  }
  return edges.filter((_, index) => kept[index] === 1);
}

function longestPaths(count: number, edges: readonly (readonly [number, number])[]): number[] {
  const rank = new Array<number>(count).fill(0);
  const waiting = new Array<number>(count).fill(0);
  const out: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) {
    out[from].push(to);
    waiting[to]++;
  }
  const ready = waiting.flatMap((edgesIn, node) => (edgesIn === 0 ? [node] : []));
  for (let at = 0; at < ready.length; at++) {
    for (const to of out[ready[at]]) {
      rank[to] = Math.max(rank[to], rank[ready[at]] + 1);
      if (--waiting[to] === 0) ready.push(to);
    }
  }
  return rank;
}

/** Orders every row by the mean slot of its neighbours; slots of a row are a unit apart, rows centred on 0. */
function orderRows(rows: number[][], above: readonly number[][], below: readonly number[][]): Float64Array {
  const slot = new Float64Array(above.length);
  const place = (row: number[]) => row.forEach((vertex, at) => (slot[vertex] = at - (row.length - 1) / 2));
  rows.forEach(place);
  const settle = (row: number[], neighbours: readonly number[][]) => {
    const wish = new Map(row.map((vertex) => [vertex, meanSlot(neighbours[vertex], slot) ?? slot[vertex]]));
    row.sort((one, other) => (wish.get(one) ?? 0) - (wish.get(other) ?? 0) || one - other);
    place(row);
    nudge(row, wish, slot);
  };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let rank = 1; rank < rows.length; rank++) settle(rows[rank], above);
    for (let rank = rows.length - 2; rank >= 0; rank--) settle(rows[rank], below);
  }
  for (let rank = 1; rank < rows.length; rank++) settle(rows[rank], above);
  return slot;
}

/** Moves a row as a whole to where its vertices wish to be, so that chains run straight. */
function nudge(row: readonly number[], wish: ReadonlyMap<number, number>, slot: Float64Array): void {
  const shift =
    row.reduce((sum, vertex) => sum + (wish.get(vertex) ?? 0) - slot[vertex], 0) / Math.max(1, row.length);
  for (const vertex of row) slot[vertex] += shift;
}

function meanSlot(vertices: readonly number[], slot: Float64Array): number | null {
  if (vertices.length === 0) return null;
  return vertices.reduce((sum, vertex) => sum + slot[vertex], 0) / vertices.length;
}
