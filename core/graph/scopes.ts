import type { ModelNode } from '../domain/network.ts';

/** A group of nodes that may be shown as one. */
export interface Scope {
  /** Unique: the scope's path. */
  id: string;
  label: string;
  parent: string | null;
  /** Nodes in it and in the scopes below it. */
  size: number;
}

/** Scopes of a model, and the one that every node is directly in; null: in none. */
export interface ScopeTree {
  scopes: Map<string, Scope>;
  ofNode: (string | null)[];
}

/**
 * Groups nodes by the scopes that exporters write into their names (`/layer1/layer1.0/conv1/Conv`), and nodes that have
 * none by blocks of operators that follow each other again and again.
 */
export function scopeTree(nodes: readonly ModelNode[]): ScopeTree {
  const paths = nodes.map(({ name }) => scopePath(name));
  const hasNames = paths.filter((path) => path.length > 0).length >= nodes.length / 4;
  const grouped = hasNames ? paths : repeatedBlocks(nodes);
  const scopes = new Map<string, Scope>();
  const ofNode = grouped.map((path) => {
    let parent: string | null = null;
    for (let depth = 1; depth <= path.length; depth++) {
      const id = path.slice(0, depth).join('/');
      const scope: Scope = scopes.get(id) ?? { id, label: path[depth - 1], parent, size: 0 };
      scope.size++;
      scopes.set(id, scope);
      parent = id;
    }
    return parent;
  });
  return dropTrivial({ scopes, ofNode });
}

function scopePath(name: string): string[] {
  return name.split(/[/]/).filter(Boolean).slice(0, -1);
}

/** A scope of one node, or one that holds nothing but another scope, says nothing: its parent stands for it. */
function dropTrivial({ scopes, ofNode }: ScopeTree): ScopeTree {
  const onlyChild = new Set(
    [...scopes.values()]
      .filter((scope) => scope.parent !== null && scopes.get(scope.parent)?.size === scope.size)
      .map((scope) => scope.id),
  );
  const isKept = (id: string) => (scopes.get(id)?.size ?? 0) > 1 && !onlyChild.has(id);
  const kept = (id: string | null): string | null => {
    let at = id;
    while (at !== null && !isKept(at)) at = scopes.get(at)?.parent ?? null;
    return at;
  };
  const result = new Map<string, Scope>();
  for (const scope of scopes.values()) {
    if (isKept(scope.id)) result.set(scope.id, { ...scope, parent: kept(scope.parent) });
  }
  return { scopes: result, ofNode: ofNode.map(kept) };
}

const shortestBlock = 2;
const longestBlock = 64;
const leastRepeats = 3;

/** The run of equal blocks of operators that covers most nodes; every block is a scope. */
function repeatedBlocks(nodes: readonly ModelNode[]): string[][] {
  const ops = nodes.map((node) => node.op);
  let best = { start: 0, length: 0, repeats: 0 };
  for (let length = shortestBlock; length <= Math.min(longestBlock, ops.length / leastRepeats); length++) {
    // Longest stretch in which every operator equals the one a block before it.
    let start = length;
    for (let at = length; at <= ops.length; at++) {
      if (at < ops.length && ops[at] === ops[at - length]) continue;
      const repeats = Math.floor((at - start) / length) + 1;
      if (repeats >= leastRepeats && repeats * length > best.repeats * best.length)
        best = { start: start - length, length, repeats };
      start = at + 1;
    }
  }
  return nodes.map((_, at) => {
    const block = Math.floor((at - best.start) / best.length);
    const isIn = best.repeats > 0 && at >= best.start && block < best.repeats;
    return isIn ? [`block ${block + 1}`] : [];
  });
}
