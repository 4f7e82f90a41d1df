import { sayFailed } from '../../ui/notice.ts';
import type { PlainError } from '#core/errors.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { AnalysisDraft, RunInputs } from '#core/ipc/areas/analysis.ts';
import type { DataChoice } from '#core/ipc/areas/dataset.ts';
import type { PickedFile } from '#core/ipc/areas/network.ts';
import type { DataInspection, DataLayout, DataPreview } from '#core/domain/dataset.ts';
import type { CapturableTensor, ModelInspection } from '#core/domain/network.ts';
import { resolvePreprocess } from '#core/domain/preprocess.ts';
import type { ProviderName } from '#core/domain/provider.ts';
import type { AnalysisName, SampleKind, ScoreKind } from '#core/domain/recipe.ts';
import { analysisNames } from '#core/domain/recipe.ts';
import { Resource } from '../../ui/resource.svelte.ts';
import { defaultAnalyses } from '../../ui/analyses.ts';
import { guessArray, guessLayout, guessScale, parseNumbers } from './guess-data.ts';
import { Reading } from './reading.svelte.ts';
import { problemsOf } from './problems.ts';
import type { LayerRole } from '#core/layers/layer-roles.ts';
import {
  rolesInAll,
  suggestLayers,
  type LayerDraft,
  type NetworkTensors,
} from '#core/layers/suggest-layers.ts';
import { layerOfTensor } from './suggest-layers.ts';

/** One chosen model file and what is known of it. */
export class NetworkRow {
  readonly file: PickedFile;
  readonly inspection = new Resource<ModelInspection>();
  /** Of inputs, where it differs from that of the others. */
  readonly reading = new Reading();
  hasOwnReading = $state(false);
  #name = $state('');

  constructor(file: PickedFile, name: string) {
    this.file = file;
    this.#name = name;
  }
  get name(): string {
    return this.#name;
  }
  set name(name: string) {
    this.#name = name;
  }
}

/** One line of the layers column. */
export class LayerRow {
  readonly isSuggested: boolean;
  isTicked = $state(true);
  name = $state('');
  sample = $state<SampleKind>('position');
  /** By file token, so that renaming a network changes nothing. */
  tensors = $state<Record<string, string>>({});

  constructor(draft: LayerDraft, isSuggested: boolean) {
    this.isSuggested = isSuggested;
    this.name = draft.name;
    this.sample = draft.sample;
    this.tensors = { ...draft.tensors };
  }
}

/** The new-analysis page as the person fills it in. */
export class AnalysisForm {
  title = $state('New analysis');
  key = $state('');
  layout = $state<DataLayout | undefined>();
  /** For all networks but those that read in a way of their own. */
  readonly reading = new Reading();
  limitText = $state('');
  onError = $state<'stop' | 'skip'>('stop');
  /** Token of the network whose view of the inputs is previewed; empty: that of all. */
  previewedFor = $state('');
  testShare = $state(0);
  foldSeed = $state(0);
  analyses = $state<AnalysisName[]>([...defaultAnalyses]);
  score = $state<ScoreKind>('correlation');
  provider = $state<ProviderName>('auto');
  threads = $state<number | null>(null);
  readonly data = new Resource<DataInspection>();
  readonly preview = new Resource<DataPreview>();
  #networks = $state.raw<NetworkRow[]>([]);
  #layers = $state.raw<LayerRow[]>([]);
  #file = $state.raw<PickedFile | null>(null);
  #role = $state<LayerRole | ''>('');
  #repeatNote = $state('');
  #refusal = $state.raw<PlainError | null>(null);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  get networks(): NetworkRow[] {
    return this.#networks;
  }
  get layers(): LayerRow[] {
    return this.#layers;
  }
  get file(): PickedFile | null {
    return this.#file;
  }
  /** Which picked files were in the list already; empty when none was. */
  get repeatNote(): string {
    return this.#repeatNote;
  }
  /** Why main refused the draft, where it found what this page cannot see. */
  get refusal(): PlainError | null {
    return this.#refusal;
  }
  get array() {
    const arrays = this.data.value?.arrays ?? [];
    return arrays.find((entry) => entry.key === this.key) ?? arrays[0];
  }
  /** Of a folder or archive of images, or of the chosen column of them. */
  get images() {
    return this.data.value?.images ?? this.array?.images;
  }
  /** Whether inputs can be resized and cropped. */
  get arePictures(): boolean {
    return this.images !== undefined || (this.layout?.includes('H') ?? false);
  }
  /** Where every network is saved activations, inputs are only there to be looked at. */
  get needsNoData(): boolean {
    return this.#networks.length > 0 && this.#networks.every((row) => row.inspection.value?.activations);
  }
  get isInspecting(): boolean {
    return this.#networks.some((row) => row.inspection.state.status === 'loading');
  }

  /** In the order of the paper, however they were ticked. */
  tickAnalysis(name: AnalysisName, isTicked: boolean): void {
    this.analyses = analysisNames.filter((other) =>
      other === name ? isTicked : this.analyses.includes(other),
    );
  }

  readonly #problems = $derived.by(() => {
    const unread = this.#networks.filter((row) => row.inspection.state.status === 'error');
    const found = [
      ...(this.analyses.length === 0 ? ['Tick at least one analysis.'] : []),
      ...unread.map((row) => `${row.file.fileName} cannot be used. Remove it, or choose another file.`),
      ...problemsOf({
        title: this.title,
        networks: this.#networks.map((row) => ({
          name: row.name,
          fileName: row.file.fileName,
          // One that reads in its own way is checked when it runs.
          inputs: row.hasOwnReading ? [] : (row.inspection.value?.inputs ?? []),
          tensors: row.inspection.value?.tensors ?? [],
        })),
        data: this.#file && {
          fileName: this.#file.fileName,
          shape: this.array?.shape ?? [],
          layout: this.layout,
          isSized:
            this.images !== undefined ||
            this.reading.keys()?.resize !== undefined ||
            this.reading.keys()?.crop !== undefined,
        },
        layers: this.#tickedLayers(),
        mean: parseNumbers(this.reading.meanText),
        std: parseNumbers(this.reading.stdText),
        limit: this.#limit(),
      }),
      ...this.reading.problems('The'),
      ...this.#networks.flatMap((row) => (row.hasOwnReading ? row.reading.problems(`${row.name}: the`) : [])),
    ];
    return [...new Set(found)];
  });
  get problems(): string[] {
    return this.#problems;
  }
  get canRun(): boolean {
    return (
      this.problems.length === 0 &&
      this.analyses.length > 0 &&
      !this.isInspecting &&
      (this.data.state.status === 'ready' || (!this.#file && this.needsNoData))
    );
  }

  async addNetworks(): Promise<void> {
    const answer = await this.#client.network.pick({});
    if (!answer.ok) {
      sayFailed(answer.error.message);
      return;
    }
    await this.takeNetworks(answer.value.files);
  }

  async takeNetworks(files: readonly PickedFile[]): Promise<void> {
    const added = this.#addFiles(files);
    if (added.length === 0) return;
    this.#refusal = null;
    await Promise.all(added.map((row) => this.inspectNetwork(row)));
  }

  /** Rows for the files that are not in the list yet; a file has one token however often it is picked. */
  #addFiles(files: readonly PickedFile[]): NetworkRow[] {
    const added: NetworkRow[] = [];
    const repeated: string[] = [];
    for (const file of files) {
      if (this.#networks.some((row) => row.file.token === file.token)) repeated.push(file.fileName);
      else {
        const row = new NetworkRow(file, this.#freeName(file.fileName));
        this.#networks = [...this.#networks, row];
        added.push(row);
      }
    }
    this.#repeatNote = repeated.length === 0 ? '' : repeatWords(repeated);
    return added;
  }

  /** Takes over the networks and data of a stored run, and nothing else of what was filled in before. */
  async adopt({ title, networks, data, more }: RunInputs): Promise<void> {
    this.title = title;
    this.#networks = networks.map(({ name, file, preprocess }) => {
      const row = new NetworkRow(file, name);
      row.hasOwnReading = preprocess !== undefined;
      if (preprocess) row.reading.take(preprocess);
      return row;
    });
    this.previewedFor = '';
    this.#layers = [];
    this.#refusal = null;
    this.#repeatNote = '';
    this.#file = data?.file ?? null;
    this.data.clear();
    const inspected = this.#networks.map((row) =>
      row.inspection.load(() => this.#client.network.inspect({ token: row.file.token })),
    );
    await Promise.all([...inspected, this.inspectData()]);
    if (data) this.#readAs(data);
    this.suggest();
    if (more) this.#takeRest(more);
    void this.showPreview();
  }

  #readAs(data: NonNullable<RunInputs['data']>): void {
    const { key, layout, limit, onError } = data;
    if (key !== undefined) this.chooseArray(key);
    if (layout) this.layout = layout;
    this.reading.take(data);
    this.onError = onError ?? 'stop';
    this.limitText = limit === undefined ? '' : String(limit);
  }

  /** Layers, analyses and options of a recipe; its layers take the place of the suggested ones. */
  #takeRest({ layers, analyses, folds, provider, threads }: NonNullable<RunInputs['more']>): void {
    const tokenOf = new Map(this.#networks.map((row) => [row.name, row.file.token]));
    this.#layers = layers.map(({ name, tensors, sample }) => {
      const byToken = Object.entries(tensors).flatMap(([network, tensor]) => {
        const token = tokenOf.get(network);
        return token === undefined ? [] : [[token, tensor] as const];
      });
      return new LayerRow({ name, sample, tensors: Object.fromEntries(byToken) }, false);
    });
    this.analyses = analysisNames.filter((name) => analyses.includes(name));
    this.testShare = folds?.test ?? 0;
    this.foldSeed = folds?.seed ?? 0;
    Object.assign(this, { provider, threads });
  }

  /** Adds the layer of a tensor of the network of this name; false where neither is known. */
  addLayerOf(network: string, tensor: string): boolean {
    const row = this.#networks.find((candidate) => candidate.name === network);
    const tensors = row?.inspection.value?.tensors ?? [];
    const found = tensors.find((candidate) => candidate.name === tensor);
    if (!row || !found) return false;
    const known = this.#layers.find((layer) => layer.tensors[row.file.token] === tensor);
    if (known) known.isTicked = true;
    else this.addLayer({ name: row.file.token, tensors }, found);
    return true;
  }

  async inspectNetwork(row: NetworkRow): Promise<void> {
    await row.inspection.load(() => this.#client.network.inspect({ token: row.file.token }));
    this.suggest();
  }

  removeNetwork(row: NetworkRow): void {
    this.#networks = this.#networks.filter((other) => other !== row);
    this.#refusal = null;
    this.#repeatNote = '';
    this.suggest();
  }

  async chooseData(folder = false): Promise<void> {
    const answer = await this.#client.dataset.pick({ folder });
    if (!answer.ok) {
      sayFailed(answer.error.message);
      return;
    }
    if (answer.value.file) await this.takeData(answer.value.file);
  }

  async takeData(file: PickedFile): Promise<void> {
    this.#file = file;
    this.#refusal = null;
    this.preview.clear();
    await this.inspectData();
  }

  async inspectData(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    await this.data.load(() => this.#client.dataset.inspect({ token: file.token }));
    const array = guessArray(this.data.value?.arrays ?? []);
    if (array) this.chooseArray(array.key);
    else if (this.images) this.#chooseImages();
  }

  /** Pictures larger than what ImageNet's networks take are prepared as those do, small ones become 0..1. */
  #chooseImages(key = ''): void {
    this.key = key;
    this.layout = undefined;
    const { width = 0, height = 0 } = this.images ?? {};
    if (Math.min(width, height) >= 128) this.reading.takePreset('imagenet');
    else this.reading.take({ scale: 1 / 255 });
    void this.showPreview();
  }

  chooseArray(key: string): void {
    this.key = key;
    if (this.array?.images) {
      this.#chooseImages(key);
      return;
    }
    const array = this.array;
    this.layout = array && guessLayout(array.shape);
    this.reading.take({ scale: array ? guessScale(array.dtype) : 1 });
    void this.showPreview();
  }

  /** Begins with what the other networks read, and shows what changes. */
  giveOwnReading(row: NetworkRow, hasOwn: boolean): void {
    const keys = this.reading.keys();
    if (hasOwn && !row.hasOwnReading && keys) row.reading.take(resolvePreprocess(keys));
    row.hasOwnReading = hasOwn;
    this.previewedFor = hasOwn ? row.file.token : '';
    void this.showPreview();
  }

  async showPreview(): Promise<void> {
    const data = this.#dataChoice();
    const own = this.#networks.find((row) => row.hasOwnReading && row.file.token === this.previewedFor);
    const keys = own?.reading.keys();
    if (!data || keys === null) {
      this.preview.clear();
      return;
    }
    const of = { data, count: 12, ...(keys && { own: keys }) };
    await this.preview.load(() => this.#client.dataset.preview(of));
  }

  /** Fresh suggestions; layers that the person added by hand stay. */
  suggest(): void {
    const networks = this.tensorTable();
    const byHand = this.#layers.filter((row) => !row.isSuggested);
    if (!this.roles.some(({ role }) => role === this.#role)) this.#role = '';
    const rows = suggestLayers(networks, this.#role || undefined).map((draft) => new LayerRow(draft, true));
    this.#layers = [...rows, ...byHand];
  }

  readonly #roles = $derived.by(() => rolesInAll(this.tensorTable()));
  /** What layers can be suggested by: parts that tensors of every network play. */
  get roles(): { role: LayerRole; layers: number }[] {
    return this.#roles;
  }
  /** Empty: by the operator that all networks share. */
  get role(): LayerRole | '' {
    return this.#role;
  }
  set role(role: LayerRole | '') {
    this.#role = role;
    this.suggest();
  }

  addLayer(from: NetworkTensors, tensor: CapturableTensor): void {
    const networks = this.tensorTable();
    const source = networks.find((network) => network.name === from.name) ?? from;
    this.#layers = [...this.#layers, new LayerRow(layerOfTensor(networks, source, tensor), false)];
  }

  removeLayer(row: LayerRow): void {
    this.#layers = this.#layers.filter((other) => other !== row);
  }

  refuse(error: PlainError): void {
    this.#refusal = error;
  }

  /** Tensors by network, where the network's "name" is its file token. */
  tensorTable(): NetworkTensors[] {
    return this.#networks.flatMap((row) =>
      row.inspection.value
        ? [{ name: row.file.token, tensors: row.inspection.value.tensors, nodes: row.inspection.value.nodes }]
        : [],
    );
  }

  /** What main is asked to run; null while something is missing. */
  draft(): AnalysisDraft | null {
    const data = this.#dataChoice();
    if (!this.canRun || (!data && !this.needsNoData)) return null;
    return {
      title: this.title.trim(),
      data,
      networks: this.#networks.map((row) => {
        const preprocess = row.hasOwnReading ? row.reading.keys() : null;
        return { name: row.name.trim(), token: row.file.token, ...(preprocess && { preprocess }) };
      }),
      layers: this.#tickedLayers(),
      folds: this.testShare > 0 ? { test: this.testShare, seed: this.foldSeed } : 'none',
      analyses: [...this.analyses],
      score: this.score,
      provider: this.provider,
      threads: this.threads,
    };
  }

  #tickedLayers(): LayerDraft[] {
    return this.#layers
      .filter((row) => row.isTicked)
      .map((row) => ({ name: row.name.trim(), tensors: this.#byName(row.tensors), sample: row.sample }));
  }

  #byName(tensors: Record<string, string>): Record<string, string> {
    const known = this.#networks.filter((row) => tensors[row.file.token] !== undefined);
    return Object.fromEntries(known.map((row) => [row.name.trim(), tensors[row.file.token]]));
  }

  #dataChoice(): DataChoice | null {
    const keys = this.reading.keys();
    if (!this.#file || !keys || (!this.layout && !this.images)) return null;
    const limit = this.#limit();
    return {
      token: this.#file.token,
      ...keys,
      ...(this.layout && { layout: this.layout }),
      ...(this.key === '' ? {} : { key: this.key }),
      ...(this.images && this.onError === 'skip' && { onError: this.onError }),
      ...(limit ? { limit } : {}),
    };
  }

  /** Undefined for all inputs, null when it is no whole number above 0. */
  #limit(): number | null | undefined {
    if (this.limitText.trim() === '') return undefined;
    const limit = Number(this.limitText);
    return Number.isInteger(limit) && limit > 0 ? limit : null;
  }

  /** `net1.onnx` as Net1, numbered when the name is taken. */
  #freeName(fileName: string): string {
    const stem = fileName.replace(/\.(onnx|npy|npz|h5|hdf5|safetensors|parquet|gz|bin)$/i, '');
    const name = stem.charAt(0).toUpperCase() + stem.slice(1);
    const taken = new Set(this.#networks.map((row) => row.name));
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name} (${number})`;
    return free;
  }
}

function repeatWords(fileNames: readonly string[]): string {
  const names = [...new Set(fileNames)].join(', ');
  return fileNames.length === 1
    ? `${names} is in the list already and was not added again.`
    : `${names} are in the list already and were not added again.`;
}
