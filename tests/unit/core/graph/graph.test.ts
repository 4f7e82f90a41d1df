import { describe, expect, it } from 'vitest';
import type { ModelNode } from '#core/domain/network.ts';
import { layeredLayout } from '#core/graph/layered-layout.ts';
import { scopeTree } from '#core/graph/scopes.ts';
import { firstOpen, scopesAround, shownGraph } from '#core/graph/visible-graph.ts';

const node = (op: string, name: string, ...from: number[]): ModelNode => ({
  op,
  name,
  from,
  tensors: [`${name || op}`],
});

/** Residual blocks: every block adds what it was given to what it made of it. */
function residual(blocks: number, named = true): ModelNode[] {
  const nodes = [node('Input', 'x')];
  for (let block = 0; block < blocks; block++) {
    const start = nodes.length - 1;
    const name = (what: string) => (named ? `/layer/${block}/${what}` : '');
    nodes.push(
      node('Conv', name('Conv'), start),
      node('Relu', name('Relu'), start + 1),
      node('Add', name('Add'), start, start + 2),
    );
  }
  return nodes;
}

describe('layered layout', () => {
  it('puts a chain on one line, every node a rank below the one before', () => {
    const { nodes, ranks, width } = layeredLayout(4, [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(nodes.map((placed) => placed.rank)).toEqual([0, 1, 2, 3]);
    expect(new Set(nodes.map((placed) => placed.slot)).size).toBe(1);
    expect({ ranks, width }).toEqual({ ranks: 4, width: 1 });
  });

  it('leads an edge over several ranks past the nodes between its ends', () => {
    const { nodes, edges } = layeredLayout(4, [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
    ]);
    const skip = edges[3];
    expect(skip.bends).toHaveLength(2);
    for (const [at, bend] of skip.bends.entries())
      expect(Math.abs(bend - nodes[at + 1].slot)).toBeGreaterThanOrEqual(1);
  });

  it('keeps nodes of a rank apart', () => {
    const edges: [number, number][] = [];
    for (let branch = 1; branch <= 5; branch++) edges.push([0, branch], [branch, 6]);
    const slots = layeredLayout(7, edges)
      .nodes.slice(1, 6)
      .map((placed) => placed.slot)
      .sort((a, b) => a - b);
    for (let at = 1; at < slots.length; at++) expect(slots[at] - slots[at - 1]).toBeCloseTo(1, 12);
  });

  it('takes cycles and no nodes at all', () => {
    expect(
      layeredLayout(2, [
        [0, 1],
        [1, 0],
      ]).nodes.map((placed) => placed.rank),
    ).toEqual([0, 1]);
    expect(layeredLayout(0, [])).toEqual({ nodes: [], edges: [], ranks: 0, width: 0 });
  });

  it('lays thousands of nodes out in a moment', () => {
    const nodes = residual(2000);
    const edges = nodes.flatMap(({ from }, to) => from.map((source): [number, number] => [source, to]));
    const started = performance.now();
    const layout = layeredLayout(nodes.length, edges);
    expect(layout.ranks).toBe(6001);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('scopes', () => {
  it('are those of the names, without ones that say nothing', () => {
    const { scopes } = scopeTree(residual(3));
    expect([...scopes.keys()]).toEqual(['layer', 'layer/0', 'layer/1', 'layer/2']);
    expect(scopes.get('layer/1')).toMatchObject({ label: '1', parent: 'layer', size: 3 });
    expect(scopeTree([node('Conv', '/conv1/Conv'), node('Relu', '/Relu', 0)]).scopes.size).toBe(0);
  });

  it('are repeated blocks where nodes have no names', () => {
    const { scopes, ofNode } = scopeTree(residual(4, false));
    expect([...scopes.keys()]).toEqual(['block 1', 'block 2', 'block 3', 'block 4']);
    expect(ofNode.slice(0, 5)).toEqual([null, 'block 1', 'block 1', 'block 1', 'block 2']);
  });

  it('closed, stand for their nodes, and edges within them vanish', () => {
    const nodes = residual(3);
    const tree = scopeTree(nodes);
    const closed = shownGraph(nodes, tree, new Set(['layer']));
    expect(closed.nodes.map((shown) => shown.id)).toEqual([
      'node 0',
      'scope layer/0',
      'scope layer/1',
      'scope layer/2',
    ]);
    expect(closed.edges).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(closed.nodes[1].members).toEqual([1, 2, 3]);
    const all = shownGraph(nodes, tree, new Set(scopesAround(4, tree)));
    expect(all.nodes.filter((shown) => shown.node !== null).map((shown) => shown.node)).toEqual([0, 4, 5, 6]);
  });

  it('open at first as far as the limit allows', () => {
    const nodes = residual(1000);
    const tree = scopeTree(nodes);
    const few = firstOpen(nodes, tree, 200);
    expect(shownGraph(nodes, tree, few).nodes.length).toBeLessThanOrEqual(200);
    const small = residual(5);
    expect(shownGraph(small, scopeTree(small), firstOpen(small, scopeTree(small), 200)).nodes).toHaveLength(
      16,
    );
  });
});
