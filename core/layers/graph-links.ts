import type { ModelNode } from '../domain/network.ts';

/** The nodes of a model with the way back: which nodes read what a node makes. */
export class GraphLinks {
  readonly nodes: readonly ModelNode[];
  readonly #readers: number[][];

  constructor(nodes: readonly ModelNode[]) {
    this.nodes = nodes;
    this.#readers = nodes.map(() => []);
    nodes.forEach(({ from }, index) => from.forEach((source) => this.#readers[source].push(index)));
  }

  op(index: number): string {
    return this.nodes[index]?.op ?? '';
  }

  readers(index: number): readonly number[] {
    return this.#readers[index];
  }

  /** The one node that reads this one, where there is just one; -1 elsewhere. */
  soleReader(index: number): number {
    const readers = this.readers(index);
    return readers.length === 1 ? readers[0] : -1;
  }

  /** The node it reads, where it reads just one (and constants); -1 elsewhere. */
  soleSource(index: number): number {
    const from = this.nodes[index]?.from ?? [];
    return from.length === 1 ? from[0] : -1;
  }

  /** Nodes that a node depends on, itself included, nearest first; at most so many. */
  ancestors(index: number, most: number): Set<number> {
    const found = new Set([index]);
    for (const node of found) {
      if (found.size >= most) break;
      for (const source of this.nodes[node].from) found.add(source);
    }
    return found;
  }
}
