import type { ResultEntry } from '#core/domain/result.ts';
import type { Choice } from '../../app/choice.svelte.ts';
import type { Session } from '../../app/session.svelte.ts';
import { CanvasPainter } from '../../plots/heatmap/canvas-painter.ts';
import type { Cell } from '../../plots/heatmap/heatmap-content.ts';
import { MatrixSource, TileCache, tileBudgetBytes } from '../../plots/heatmap/matrix-source.ts';
import { Resource } from '../../ui/resource.svelte.ts';
import type { ResultData } from '../analysis/read-result.ts';
import type { ClusterGraph } from './cluster-graph.ts';
import type { HierarchyFacts } from './hierarchy-facts.ts';
import { MatrixViewport } from '../../plots/heatmap/matrix-viewport.ts';
import {
  hierarchyPartition,
  placesByCluster,
  runsOf,
  spectralPartition,
  type Cluster,
  type ClusterFilter,
  type ClusterOrder,
  type Partition,
  type Run,
} from './partition.ts';
import { countSelected } from './unit-group.ts';

/** A result with what is drawn of it; graph and matrix are null where it holds too little. */
export interface ClusterData {
  data: ResultData;
  graph: ClusterGraph | null;
  matrix: MatrixSource | null;
}

const defaults = {
  /** The graph of the chosen pair, or of all networks. */
  graph: 'pair' as 'pair' | 'all',
  /** Which cut: 0 groups stand for what is shown first. */
  method: 'spectral' as 'spectral' | 'hierarchy',
  k: 0,
  order: 'hierarchy' as 'hierarchy' | 'groups',
  limit: 1,
  sort: 'number' as ClusterOrder,
  filter: 'all' as ClusterFilter,
};

/** The results on the chosen layer: of the pair, and of all networks in one graph. */
function clusterEntries(choice: Choice): Record<'pair' | 'all', ResultEntry | undefined> {
  const here = (choice.run?.results ?? []).filter(
    ({ analysis, a }) => analysis === 'spectral-clusters' && a.layer === choice.layer,
  );
  const isGroup = ({ params }: ResultEntry) => Array.isArray(params.networks);
  return {
    pair: here.find(
      (entry) => !isGroup(entry) && entry.a.network === choice.a && entry.b.network === choice.b,
    ),
    all: here.find(isGroup),
  };
}

/** What the Clusters view shows: options are kept, zoom and cursor are not. */
export class ClustersState {
  readonly options;
  readonly read = new Resource<ClusterData>();
  readonly facts = new Resource<HierarchyFacts>();
  readonly painter = new CanvasPainter();
  readonly cache = new TileCache(tileBudgetBytes, (tile) => this.painter.forget(tile));
  readonly #session: Session;
  #viewport = $state.raw(new MatrixViewport(1, 1));
  #hover = $state.raw<{ cell: Cell; value: number | undefined } | null>(null);
  #branch = $state(-1);

  constructor(session: Session) {
    this.#session = session;
    this.options = session.options.of('clusters', { ...defaults });
  }

  readonly #entries = $derived.by(() => clusterEntries(this.#session.choice));
  /** Derived, so that a change of another option does not read the result again. */
  readonly #entry = $derived.by(
    () => this.#entries[this.options.graph] ?? this.#entries.pair ?? this.#entries.all,
  );
  readonly #graph = $derived.by(() => this.read.value?.graph ?? null);
  readonly #cut = $derived.by(() => this.#graph?.chosenCut(this.options.method, this.options.k) ?? null);
  readonly #partition = $derived.by((): Partition | null => {
    const [graph, cut] = [this.#graph, this.#cut];
    if (!graph || !cut) return null;
    if (cut.stored) return spectralPartition(graph, cut.stored);
    return hierarchyPartition(graph, cut.k, this.facts.value ?? null);
  });
  /** Places of the hierarchy in the order that is drawn; null where that is the hierarchy's own. */
  readonly #places = $derived.by(() =>
    this.#graph && this.#partition && this.options.order === 'groups'
      ? placesByCluster(this.#graph, this.#partition)
      : null,
  );
  readonly #rowAt = $derived.by(() => {
    const graph = this.#graph;
    if (!graph) return new Int32Array(0);
    return this.#places ? this.#places.map((place) => graph.rowAt[place]) : graph.rowAt;
  });
  readonly #placeOf = $derived.by(() => {
    const places = new Int32Array(this.#rowAt.length);
    this.#rowAt.forEach((row, place) => (places[row] = place));
    return places;
  });
  readonly #runs = $derived.by((): Run[] =>
    this.#partition ? runsOf(this.#partition.labels, this.#rowAt) : [],
  );
  readonly #source = $derived.by((): MatrixSource | null => {
    const { matrix } = this.read.value ?? {};
    const [places, graph, partition] = [this.#places, this.#graph, this.#partition];
    if (!matrix || !places || !graph || !partition) return matrix ?? null;
    const order = { rows: places, cols: places, name: `${partition.kind} ${partition.k}` };
    return new MatrixSource(this.#session.client, graph.resultId, matrix.info, this.cache, order);
  });
  readonly #selectedRows = $derived.by(() => {
    const graph = this.#graph;
    const selected = new Uint8Array(graph?.n ?? 0);
    const { group } = this.#session.choice;
    if (!graph || !group) return selected;
    for (const [network, units] of Object.entries(group.members))
      for (const unit of units) {
        const row = graph.rowOf(network, unit);
        if (row >= 0) selected[row] = 1;
      }
    return selected;
  });
  readonly #selectedClusters = $derived.by(() => {
    const rows = this.#selectedRows;
    const isWhole = (cluster: Cluster) => cluster.rows.every((row) => rows[row] === 1);
    const found = this.#session.choice.group ? (this.#partition?.clusters ?? []).filter(isWhole) : [];
    return new Set(found.map(({ index }) => index));
  });
  /** Places of the selected pair of units. */
  readonly #marked = $derived.by(() => {
    const { units, a, b } = this.#session.choice;
    const graph = this.#graph;
    if (!units || !graph) return [];
    const rows = [graph.rowOf(a, units.unitA), graph.rowOf(b, units.unitB)];
    return rows.filter((row) => row >= 0).map((row) => this.#placeOf[row]);
  });

  get entries() {
    return this.#entries;
  }
  /** The result that is shown: the one asked for, or the one that there is. */
  get entry(): ResultEntry | undefined {
    return this.#entry;
  }
  get graph(): ClusterGraph | null {
    return this.#graph;
  }
  get partition(): Partition | null {
    return this.#partition;
  }
  get isReordered(): boolean {
    return this.#places !== null;
  }
  get rowAt(): Int32Array {
    return this.#rowAt;
  }
  get runs(): Run[] {
    return this.#runs;
  }
  get source(): MatrixSource | null {
    return this.#source;
  }
  get selectedRows(): Uint8Array {
    return this.#selectedRows;
  }
  get selectedClusters(): Set<number> {
    return this.#selectedClusters;
  }
  get marked(): number[] {
    return this.#marked;
  }
  get viewport(): MatrixViewport {
    return this.#viewport;
  }
  get hover() {
    return this.#hover;
  }
  get branch(): number {
    return this.#branch;
  }

  cutHierarchy(k: number): void {
    this.options.method = 'hierarchy';
    this.options.k = k;
  }

  cutSpectrally(k: number): void {
    this.options.method = 'spectral';
    this.options.k = k;
  }

  /** Another graph is shown from its whole picture on. */
  follow(units: number): void {
    this.#viewport = new MatrixViewport(units, units);
    this.#hover = null;
    this.#branch = -1;
  }

  move(viewport: MatrixViewport): void {
    this.#viewport = viewport;
  }

  point(hover: { cell: Cell; value: number | undefined } | null): void {
    this.#hover = hover;
  }

  pointBranch(node: number): void {
    this.#branch = node;
  }

  /** Units of a cluster that are in the selected group. */
  selectedIn(cluster: Cluster): number {
    const { choice } = this.#session;
    if (!this.#graph || !choice.group) return 0;
    return countSelected(this.#graph, cluster.rows, (network, unit) => choice.isInGroup(network, unit));
  }

  dispose(): void {
    this.cache.clear();
    this.painter.dispose();
  }
}
