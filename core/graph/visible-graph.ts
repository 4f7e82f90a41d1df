import type { ModelNode } from '../domain/network.ts';
import type { Scope, ScopeTree } from './scopes.ts';

/** What is drawn: a node of the model, or a scope that stands for all nodes in it. */
export interface ShownNode {
  id: string;
  /** Index in the model; null for a scope. */
  node: number | null;
  scope: Scope | null;
  /** Indices of the model's nodes that it stands for. */
  members: number[];
}

export interface ShownGraph {
  nodes: ShownNode[];
  /** Pairs of indices in `nodes`, each once, no loops. */
  edges: [number, number][];
}

/** The graph with these scopes open; every other scope is drawn as one node. */
export function shownGraph(
  nodes: readonly ModelNode[],
  { scopes, ofNode }: ScopeTree,
  open: ReadonlySet<string>,
): ShownGraph {
  const shown: ShownNode[] = [];
  const indexOf = new Map<string, number>();
  const place = nodes.map((_, index) => {
    const scope = outermostClosed(ofNode[index], scopes, open);
    const id = scope ? `scope ${scope.id}` : `node ${index}`;
    let at = indexOf.get(id);
    if (at === undefined) {
      at = shown.length;
      indexOf.set(id, at);
      shown.push({ id, node: scope ? null : index, scope, members: [] });
    }
    shown[at].members.push(index);
    return at;
  });
  const edges = new Map<string, [number, number]>();
  nodes.forEach((node, index) => {
    for (const source of node.from) {
      const [from, to] = [place[source], place[index]];
      if (from !== to) edges.set(`${from} ${to}`, [from, to]);
    }
  });
  return { nodes: shown, edges: [...edges.values()] };
}

function outermostClosed(
  id: string | null,
  scopes: ReadonlyMap<string, Scope>,
  open: ReadonlySet<string>,
): Scope | null {
  let closed: Scope | null = null;
  for (let at = id; at !== null; at = scopes.get(at)?.parent ?? null) {
    if (!open.has(at)) closed = scopes.get(at) ?? closed;
  }
  return closed;
}

/** Scopes to open at first: level by level from the outside, as long as no more than `limit` nodes are drawn. */
export function firstOpen(nodes: readonly ModelNode[], tree: ScopeTree, limit: number): Set<string> {
  let open = new Set<string>();
  for (;;) {
    const next = new Set(open);
    for (const { scope } of shownGraph(nodes, tree, open).nodes) if (scope) next.add(scope.id);
    if (next.size === open.size || shownGraph(nodes, tree, next).nodes.length > limit) return open;
    open = next;
  }
}

/** The scopes that must be open for a node of the model to be drawn by itself. */
export function scopesAround(node: number, { scopes, ofNode }: ScopeTree): string[] {
  const around: string[] = [];
  for (let at = ofNode[node]; at !== null; at = scopes.get(at)?.parent ?? null) around.push(at);
  return around;
}
