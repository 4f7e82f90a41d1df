import type { ProjectLayer, ProjectRun, ProjectSummary } from '#core/domain/project.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import { allLayers, type ResultEntry } from '#core/domain/result.ts';

/** A unit of A and a unit of B, by index; -1: none (a unit without a partner). */
export interface UnitPair {
  unitA: number;
  unitB: number;
}

/** Several units of the chosen layer, selected together: a cluster, a brushed range, a lasso. */
export interface UnitGroup {
  /** As a person would name it: "cluster 3 of 8", "12 units". */
  label: string;
  /** Ascending unit indices of each network by its name. */
  members: Record<string, number[]>;
  source: 'cluster' | 'brush' | 'lasso' | 'row';
  /** Where the group is a cluster of a stored cut. */
  cluster?: { resultId: string; k: number; index: number };
}

/** What is chosen, as plain values: part of the view state that Undo restores. */
export interface ChoiceState {
  runId: string;
  a: string;
  b: string;
  layer: string;
  units: UnitPair | null;
  group: UnitGroup | null;
}

/**
 * What every view looks at: a run, a pair of networks, a layer, and the selected units.
 * Results are stored in one direction; A and B are offered in the direction that is stored.
 */
export class Choice {
  #runs = $state.raw<ProjectRun[]>([]);
  #runId = $state('');
  #a = $state('');
  #b = $state('');
  #layer = $state('');
  #units = $state.raw<UnitPair | null>(null);
  #group = $state.raw<UnitGroup | null>(null);

  readonly #run = $derived(this.#runs.find((run) => run.id === this.#runId) ?? null);
  readonly #memberSets = $derived(
    new Map(Object.entries(this.#group?.members ?? {}).map(([name, units]) => [name, new Set(units)])),
  );

  get runs(): ProjectRun[] {
    return this.#runs;
  }
  get run(): ProjectRun | null {
    return this.#run;
  }
  get a(): string {
    return this.#a;
  }
  get b(): string {
    return this.#b;
  }
  get layer(): string {
    return this.#layer;
  }
  get units(): UnitPair | null {
    return this.#units;
  }
  get group(): UnitGroup | null {
    return this.#group;
  }
  get state(): ChoiceState {
    return {
      runId: this.#runId,
      a: this.#a,
      b: this.#b,
      layer: this.#layer,
      units: this.#units,
      group: this.#group,
    };
  }

  /** Networks that are the A of a stored pair, and the partners of the chosen A. */
  get networksA(): string[] {
    return this.#inRunOrder(new Set(this.#pairs().map((pair) => pair.a.network)));
  }
  get networksB(): string[] {
    return this.partnersOf(this.#a);
  }
  get layers(): string[] {
    return this.#run?.layers.map((layer) => layer.name) ?? [];
  }
  get layerFacts(): ProjectLayer | undefined {
    return this.#run?.layers.find((layer) => layer.name === this.#layer);
  }
  get correlation(): ResultEntry | undefined {
    return this.resultOf('correlation');
  }
  get matching(): ResultEntry | undefined {
    return this.resultOf('matching');
  }
  /** Whether the pair is stored the other way round as well. */
  get canSwap(): boolean {
    return this.#pairs().some((pair) => pair.a.network === this.#b && pair.b.network === this.#a);
  }

  /** The result on the chosen pair and layer; else of all networks at the layer; else of all layers of the pair. */
  resultOf(analysis: AnalysisName): ResultEntry | undefined {
    const results = this.#run?.results.filter((result) => result.analysis === analysis) ?? [];
    const isPair = ({ a, b }: ResultEntry) => a.network === this.#a && b.network === this.#b;
    const isLayer = ({ a, b }: ResultEntry) => a.layer === this.#layer && b.layer === this.#layer;
    return (
      results.find((result) => !isGroup(result) && isPair(result) && isLayer(result)) ??
      results.find((result) => isGroup(result) && isLayer(result)) ??
      results.find((result) => !isGroup(result) && isPair(result) && result.a.layer === allLayers)
    );
  }

  /** Networks that are the B of a stored pair with this A. */
  partnersOf(a: string): string[] {
    const pairs = this.#pairs().filter((pair) => pair.a.network === a);
    return this.#inRunOrder(new Set(pairs.map((pair) => pair.b.network)));
  }

  /** Takes over a project; names that still exist stay chosen. A run that is new is shown. */
  follow(project: ProjectSummary | null): void {
    const known = new Set(this.#runs.map((run) => run.id));
    this.#runs = project?.runs ?? [];
    const newest = this.#runs[0];
    const isNew = newest !== undefined && !known.has(newest.id);
    if (isNew || !this.#runs.some((run) => run.id === this.#runId)) this.chooseRun(newest?.id ?? '');
  }

  chooseRun(id: string): void {
    this.#runId = id;
    this.#units = null;
    this.#group = null;
    if (!this.layers.includes(this.#layer)) this.#layer = this.layers[0] ?? '';
    this.chooseA(this.networksA.includes(this.#a) ? this.#a : (this.networksA[0] ?? ''));
  }

  chooseA(name: string): void {
    this.#a = name;
    if (!this.networksB.includes(this.#b)) this.#b = this.networksB[0] ?? '';
    this.#units = null;
  }

  chooseB(name: string): void {
    this.#b = name;
    this.#units = null;
  }

  choosePair(a: string, b: string): void {
    this.chooseA(a);
    this.chooseB(b);
  }

  chooseLayer(name: string): void {
    this.#layer = name;
    this.#units = null;
    this.#group = null;
  }

  stepLayer(by: 1 | -1): void {
    const next = this.layers[this.layers.indexOf(this.#layer) + by];
    if (next !== undefined) this.chooseLayer(next);
  }

  swap(): void {
    if (this.canSwap) this.choosePair(this.#b, this.#a);
  }

  selectUnits(units: UnitPair | null): void {
    this.#units = units;
  }

  selectGroup(group: UnitGroup | null): void {
    this.#group = group;
  }

  isInGroup(network: string, unit: number): boolean {
    return this.#memberSets.get(network)?.has(unit) ?? false;
  }

  /** Chooses what was chosen before; what no longer exists is left as it is. */
  restore(state: ChoiceState): void {
    if (!this.#runs.some((run) => run.id === state.runId)) return;
    if (state.runId !== this.#runId) this.chooseRun(state.runId);
    if (this.layers.includes(state.layer)) this.#layer = state.layer;
    if (this.networksA.includes(state.a) && this.partnersOf(state.a).includes(state.b))
      this.choosePair(state.a, state.b);
    this.#units = state.units;
    this.#group = state.group;
  }

  /** Each stored pair of different networks on one layer, once a layer. */
  #pairs(): ResultEntry[] {
    return (
      this.#run?.results.filter((result) => !isGroup(result) && result.a.network !== result.b.network) ?? []
    );
  }

  #inRunOrder(names: Set<string>): string[] {
    return this.#run?.networks.map((network) => network.name).filter((name) => names.has(name)) ?? [];
  }
}

/** A result about all networks at once names them; its ends are only the first and the last. */
function isGroup(result: ResultEntry): boolean {
  return Array.isArray(result.params.networks);
}
