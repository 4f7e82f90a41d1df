import { clusterColumns } from '#core/numeric/clustering/cluster-facts.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { clampCount, LinkageTree } from '../../plots/dendrogram/linkage-tree.ts';
import type { ResultData } from '../analysis/read-result.ts';
import { groupInputs, type GroupInputs } from './cluster-model.ts';

/** A normalised cut that the result holds. */
export interface StoredCut {
  k: number;
  /** [rows] cluster of every row. */
  labels: ArrayLike<number>;
  /** [clusters x columns] of `clusterColumns`; absent in results of old versions. */
  table: NamedArray | undefined;
  inputs: GroupInputs | null;
  facts: Record<string, number>;
}

/** The units of one spectral result: a row each, where it stands in the hierarchy, and the cuts that are stored. */
export class ClusterGraph {
  readonly resultId: string;
  readonly layer: string;
  readonly affinity: unknown;
  /** Networks in the order of the graph. */
  readonly names: readonly string[];
  /** [rows] place of the unit's network in `names`, and the unit's number in it. */
  readonly network: ArrayLike<number>;
  readonly unit: ArrayLike<number>;
  /** Live units of each network. */
  readonly live: readonly number[];
  readonly tree: LinkageTree;
  /** [places] the row at each place of the hierarchy, and back. */
  readonly rowAt: Int32Array;
  readonly placeOf: Int32Array;
  readonly cuts: readonly StoredCut[];
  readonly suggestedK: number;
  readonly eigenvalues: readonly number[];
  readonly #rows = new Map<string, number>();

  /** Use `clusterGraph`, which knows whether the result holds enough. */
  constructor(data: ResultData, parts: Record<'network' | 'unit' | 'leaves' | 'linkage', NamedArray>) {
    this.resultId = data.entry.id;
    this.layer = data.entry.a.layer;
    this.affinity = data.entry.params.affinity;
    this.names = networkNames(data);
    this.network = parts.network.data;
    this.unit = parts.unit.data;
    this.live = liveUnits(this.network, this.names.length);
    this.rowAt = Int32Array.from(parts.leaves.data);
    this.placeOf = new Int32Array(this.n);
    this.rowAt.forEach((row, place) => (this.placeOf[row] = place));
    this.tree = new LinkageTree(parts.linkage.data, this.rowAt);
    this.cuts = data.records('cuts').flatMap((facts) => storedCut(data, facts));
    this.suggestedK = data.number('suggestedK') ?? 2;
    this.eigenvalues = data.numbers('eigenvalues');
    for (let row = 0; row < this.n; row++)
      this.#rows.set(`${this.names[this.network[row]]} ${this.unit[row]}`, row);
  }

  get n(): number {
    return this.network.length;
  }

  /** The row of a unit; -1 where it is dead or of a network that is not in the graph. */
  rowOf(network: string, unit: number): number {
    return this.#rows.get(`${network} ${unit}`) ?? -1;
  }

  /** A stored cut of k groups where there is one and it is wanted; else the hierarchy's. k = 0: what is shown first. */
  chosenCut(method: string, k: number): { stored: StoredCut | undefined; k: number } {
    const stored = k === 0 ? this.firstCut : this.cuts.find((cut) => cut.k === k);
    if (stored && (k === 0 || method === 'spectral')) return { stored, k: stored.k };
    return { stored: undefined, k: clampCount(this.tree, k || this.suggestedK) };
  }

  /** The stored cut that is shown first: of as many groups as the gap suggests, or the nearest to it. */
  get firstCut(): StoredCut | undefined {
    const distance = ({ k }: StoredCut) => Math.abs(k - this.suggestedK);
    return [...this.cuts].sort((p, q) => distance(p) - distance(q) || p.k - q.k)[0];
  }
}

/** Null where the result is of a version that did not store the units' places and the tree. */
export function clusterGraph(data: ResultData): ClusterGraph | null {
  const [network, unit, leaves, linkage] = ['network', 'unit', 'leaf-order', 'linkage'].map((name) =>
    data.array(name),
  );
  if (!network || !unit || !leaves || leaves.data.length === 0) return null;
  // Of a single unit there is no merge to store.
  const none: NamedArray = { name: 'linkage', dtype: 'float64', rows: 0, cols: 4, data: new Float64Array(0) };
  if (!linkage && leaves.data.length > 1) return null;
  return new ClusterGraph(data, { network, unit, leaves, linkage: linkage ?? none });
}

export const isClusterArray = (name: string): boolean =>
  ['network', 'unit', 'leaf-order', 'linkage'].includes(name) ||
  /^(labels|members|cluster-table|average-input)-\d/.test(name);

export function networkNames({ entry }: ResultData): string[] {
  const { networks } = entry.params;
  return Array.isArray(networks) ? networks.map(String) : [entry.a.network, entry.b.network];
}

function liveUnits(network: ArrayLike<number>, networks: number): number[] {
  const counts = new Array<number>(networks).fill(0);
  for (let row = 0; row < network.length; row++) counts[network[row]]++;
  return counts;
}

function storedCut(data: ResultData, facts: Record<string, number>): StoredCut[] {
  const labels = data.array(`labels-${facts.k}`);
  const members = data.array(`members-${facts.k}`);
  if (!labels) return [];
  const table = data.array(`cluster-table-${facts.k}`);
  const isKnown = table?.cols === clusterColumns.length;
  return [
    {
      k: facts.k,
      labels: labels.data,
      table: isKnown ? table : undefined,
      inputs: members ? groupInputs(data, facts.k, members) : null,
      facts,
    },
  ];
}
