import { untrack } from 'svelte';
import type { UnitGroup } from '../../app/choice.svelte.ts';
import type { Session } from '../../app/session.svelte.ts';
import { isSameCamera, type Camera } from '#core/scene3d/camera.ts';
import { Resource, type PaneState } from '../../ui/resource.svelte.ts';
import { plural } from '../../ui/format.ts';
import type { ResultData } from '../analysis/read-result.ts';
import { buildScene, type BuiltScene, type SceneSelection } from '#core/space/build-scene.ts';
import { dimensionsOf } from '#core/space/frames.ts';
import { readAllSpace, readPairSpace } from './read-space.ts';
import type { SubspaceViewSpec } from './render-subspace-view.ts';
import type { Cut, FrameName, SpaceData } from '#core/space/space-data.ts';
import { cameraOf, choicesOf, roundedCamera, spaceDefaults, type SpaceOptions } from './space-options.ts';
import { UmapState } from './umap-state.svelte.ts';

/** Where the units lie, what of them is shown, and what a person does with it. */
export class SpaceState {
  readonly options: SpaceOptions;
  readonly umap = new UmapState();
  readonly #session: Session;
  readonly #pair = new Resource<SpaceData>();
  readonly #all = new Resource<SpaceData>();
  #pointed = $state(-1);
  #tool = $state<'orbit' | 'lasso'>('orbit');

  readonly #choices = $derived.by(() => choicesOf(this.options));
  readonly #camera = $derived.by(() => cameraOf(this.options));
  readonly #byR = $derived(this.space ? orderByR(this.space) : []);
  readonly #built = $derived.by(() => this.#build());

  constructor(session: Session) {
    this.#session = session;
    this.options = session.options.of('subspaces', spaceDefaults);
  }

  /** The scope and frame that can be shown: all networks have no frame of a pair. */
  get isAll(): boolean {
    return this.options.scope === 'all' && this.canShowAll && !this.isPairFrame;
  }
  get isPairFrame(): boolean {
    return this.frame === 'aligned' || this.frame === 'own';
  }
  get canShowAll(): boolean {
    const networks = this.#session.choice.resultOf('many-networks')?.params.networks;
    return Array.isArray(networks) && networks.length > 2;
  }
  get frame(): FrameName {
    return this.#choices.frame;
  }
  /** The frame that the units can be shown on the way from: of the same units, and another one. */
  get mixFrom(): FrameName | null {
    const { from, frame } = this.#choices;
    const isPair = (name: FrameName) => name === 'aligned' || name === 'own';
    if (!from || from === frame || !this.has(from)) return null;
    // All networks have places in some frames only.
    const isOfSameUnits = this.options.scope !== 'all' || !this.canShowAll || isPair(from) === isPair(frame);
    return isOfSameUnits ? from : null;
  }
  get mix(): number {
    return this.mixFrom ? this.#choices.mix : 1;
  }
  get state(): PaneState<SpaceData> {
    return this.isAll ? this.#all.state : this.#pair.state;
  }
  get space(): SpaceData | undefined {
    return this.isAll ? this.#all.value : this.#pair.value;
  }
  get built(): BuiltScene | null {
    return this.#built;
  }
  get camera(): Camera {
    return this.#camera;
  }
  get dimensions(): number {
    return this.space ? dimensionsOf(this.space, this.frame) : 0;
  }
  get cut(): Cut | null {
    const cuts = this.space?.cuts ?? [];
    return cuts.find(({ k }) => k === this.options.k) ?? cuts[0] ?? null;
  }
  /** The row under the pointer or the keyboard's cursor; -1: none. */
  get pointed(): number {
    return this.#pointed;
  }
  get tool(): 'orbit' | 'lasso' {
    return this.#tool;
  }
  /** Rows of the selected pair. */
  get selected(): number[] {
    const { units, a, b } = this.#session.choice;
    const { space } = this;
    return units && space ? [space.rowOf(a, units.unitA), space.rowOf(b, units.unitB)] : [];
  }
  /** Rows by r of their match, strongest first; those without one last. */
  get byR(): readonly number[] {
    return this.#byR;
  }

  readPair(data: ResultData): void {
    void this.#pair.load(() => readPairSpace(this.#session.client, this.#session.choice, data));
  }

  readAll(): void {
    const { choice, client } = this.#session;
    const entry = choice.resultOf('many-networks');
    if (!entry) return this.#all.clear();
    void this.#all.load(() => readAllSpace(client, choice, entry));
  }

  retry(): void {
    void (this.isAll ? this.#all : this.#pair).retry();
  }

  /** Works the layout out where the frame asks for one. */
  followFrame(): void {
    const { space } = this;
    if (this.frame === 'umap' && space) untrack(() => this.umap.ask(space));
  }

  /** Which frames the shown units have places in. */
  has(frame: FrameName): boolean {
    const space = frame === 'aligned' || frame === 'own' ? this.#pair.value : this.space;
    if (!space) return true;
    return frame === 'umap' ? space.neighbours !== null : space[frame] !== null;
  }

  /** Shows another frame, and remembers which one the units come from. */
  goTo(frame: FrameName): void {
    if (frame === this.frame) return;
    this.options.mixFrom = this.frame;
    this.options.mix = 1;
    this.options.frame = frame;
  }

  point(row: number): void {
    if (row !== this.#pointed) this.#pointed = row;
  }

  useTool(tool: 'orbit' | 'lasso'): void {
    this.#tool = tool;
  }

  look(camera: Camera): void {
    const next = roundedCamera(camera);
    if (!isSameCamera(next, this.camera)) Object.assign(this.options, next);
  }

  select(row: number): void {
    const { space } = this;
    if (space && row >= 0) void this.#session.selectUnit(this.nameOf(row), space.unit[row]);
  }

  /** Steps through the units, strongest match first. */
  step(by: 1 | -1): void {
    const order = this.byR;
    if (order.length === 0) return;
    const from = this.#pointed >= 0 ? this.#pointed : this.selected.find((row) => row >= 0);
    const at = from === undefined ? (by > 0 ? -1 : 0) : order.indexOf(from);
    this.point(order[(at + by + order.length) % order.length]);
  }

  isInGroup(row: number): boolean {
    const { space } = this;
    return space ? this.#session.choice.isInGroup(this.nameOf(row), space.unit[row]) : false;
  }

  toggle(row: number): void {
    const rows = this.#groupRows();
    this.#group(rows.includes(row) ? rows.filter((other) => other !== row) : [...rows, row]);
  }

  /** Takes the rows as the group, or adds them to it. */
  lasso(rows: readonly number[], isAdding: boolean): void {
    this.#group(isAdding ? [...new Set([...this.#groupRows(), ...rows])] : rows);
  }

  /** Adds to the group (or to the pointed or selected unit) the nearest profile of each of its units. */
  grow(): void {
    const neighbours = this.space?.neighbours;
    const group = this.#groupRows();
    const start = group.length > 0 ? group : [this.#pointed, ...this.selected].filter((row) => row >= 0);
    if (!neighbours || start.length === 0) return;
    const within = new Set(start);
    for (const row of start) {
      const next = neighbours.nearest.subarray(row * neighbours.count, (row + 1) * neighbours.count);
      const found = next.find((other) => !within.has(other));
      if (found !== undefined) within.add(found);
    }
    this.#group([...within]);
  }

  clearGroup(): void {
    this.#session.choice.selectGroup(null);
  }

  selectCluster(index: number): void {
    const { space, cut } = this;
    if (!space || !cut) return;
    const rows = [...cut.labels.keys()].filter((row) => cut.labels[row] === index);
    const cluster = { resultId: cut.resultId, k: cut.k, index };
    this.#session.choice.selectGroup({
      ...this.#asGroup(rows, `cluster ${index + 1} of ${cut.k}`),
      source: 'cluster',
      cluster,
    });
  }

  nameOf(row: number): string {
    const { space } = this;
    return space?.networks[space.network[row]]?.name ?? '';
  }

  /** Everything that the picture on the screen depends on; null while there is none. */
  spec(designWidth: number, hasLabels: boolean): SubspaceViewSpec | null {
    const { space, cut } = this;
    if (!space || !this.built) return null;
    return {
      ...{ space, cut, designWidth, hasLabels },
      choices: { ...this.#choices, from: this.mixFrom },
      umap: this.umap.coordinates,
      selection: this.#selection(),
      camera: this.camera,
      theme: this.#session.theme.current,
    };
  }

  dispose(): void {
    this.umap.dispose();
  }

  #build(): BuiltScene | null {
    const { space } = this;
    if (!space) return null;
    const umap = this.umap.key === space.key ? this.umap.coordinates : null;
    const choices = { ...this.#choices, from: this.mixFrom };
    return buildScene(space, choices, this.cut, umap, this.#selection(), this.#session.theme.current);
  }

  #selection(): SceneSelection {
    const { group } = this.#session.choice;
    const cluster = group?.cluster?.k === this.cut?.k ? (group?.cluster?.index ?? null) : null;
    return {
      selected: this.selected,
      isInGroup: group ? (row) => this.isInGroup(row) : null,
      cluster,
    };
  }

  #groupRows(): number[] {
    const { space } = this;
    const members = this.#session.choice.group?.members ?? {};
    return Object.entries(members).flatMap(([name, units]) =>
      units.map((unit) => space?.rowOf(name, unit) ?? -1).filter((row) => row >= 0),
    );
  }

  #group(rows: readonly number[]): void {
    if (rows.length === 0) return this.clearGroup();
    this.#session.choice.selectGroup({
      ...this.#asGroup(rows, plural(rows.length, 'unit')),
      source: 'lasso',
    });
  }

  #asGroup(rows: readonly number[], label: string): Pick<UnitGroup, 'label' | 'members'> {
    const members: Record<string, number[]> = {};
    for (const row of rows) (members[this.nameOf(row)] ??= []).push(this.space?.unit[row] ?? -1);
    for (const units of Object.values(members)) units.sort((p, q) => p - q);
    return { label, members };
  }
}

function orderByR({ count, matchR }: SpaceData): number[] {
  const worth = (row: number) => (Number.isFinite(matchR[row]) ? matchR[row] : -Infinity);
  return Array.from({ length: count }, (_, row) => row).sort((p, q) => worth(q) - worth(p) || p - q);
}
