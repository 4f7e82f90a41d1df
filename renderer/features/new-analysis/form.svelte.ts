import type { PlainError } from '#core/errors.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { AnalysisDraft, RunInputs } from '#core/ipc/areas/analysis.ts';
import type { PickedFile } from '#core/ipc/areas/network.ts';
import type { DataPreview } from '#core/domain/dataset.ts';
import { resolvePreprocess } from '#core/domain/preprocess.ts';
import { Resource } from '../../ui/resource.svelte.ts';
import { AnalysesPart } from './analyses-part.svelte.ts';
import { DataPart } from './data-part.svelte.ts';
import { parseNumbers } from './guess-data.ts';
import { LayersPart } from './layers-part.svelte.ts';
import type { NetworkRow } from './network-row.svelte.ts';
import { NetworksPart } from './networks-part.svelte.ts';
import { problemsOf, type FormProblem } from './problems.ts';
import { RunPart } from './run-part.svelte.ts';

/** The new-analysis page as the person fills it in: a part for each of its subjects. */
export class AnalysisForm {
  title = $state('New analysis');
  readonly networks: NetworksPart;
  readonly data: DataPart;
  readonly layers: LayersPart;
  readonly analyses = new AnalysesPart();
  readonly run: RunPart;
  readonly preview = new Resource<DataPreview>();
  /** Token of the network whose view of the inputs is previewed; empty: that of all. */
  previewedFor = $state('');
  #refusal = $state.raw<PlainError | null>(null);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
    this.networks = new NetworksPart(client, () => this.layers.suggest());
    this.data = new DataPart(client, () => void this.showPreview());
    this.layers = new LayersPart(this.networks);
    this.run = new RunPart(this.networks);
  }

  /** Why main refused the draft, where it found what this page cannot see. */
  get refusal(): PlainError | null {
    return this.#refusal;
  }
  refuse(error: PlainError): void {
    this.#refusal = error;
  }

  /** What measuring the cost found wrong, which only the files tell; null: nothing, or not measured. */
  fault = $state.raw<PlainError | null>(null);
  /** Its field, where it is one of this page. */
  readonly #faultAt = $derived.by(() => {
    const { network, input, field } = this.fault?.details ?? {};
    const row = this.networks.rows.find(({ name }) => name === network);
    if (row) return `network:${row.file.token}${typeof input === 'string' ? `.inputs.${input}` : ''}`;
    return typeof field === 'string' ? field : '';
  });

  readonly #problems = $derived.by((): FormProblem[] => {
    const { networks, data } = this;
    const all = [
      ...problemsOf({
        title: this.title,
        networks: networks.rows.map((row) => ({
          name: row.name,
          token: row.file.token,
          fileName: row.file.fileName,
          // One that reads in its own way is checked when it runs.
          inputs: row.hasOwnReading ? [] : this.#inputsOfSamples(row),
          tensors: row.inspection.value?.tensors ?? [],
        })),
        data: data.checked,
        layers: this.layers.draft(),
        mean: parseNumbers(data.reading.meanText),
        std: parseNumbers(data.reading.stdText),
        limit: data.limit,
      }),
      ...data.reading.problems('data', 'The'),
      ...data.arrays.problems(),
      ...networks.problems(data.sources),
      ...this.run.problems(),
      ...this.analyses.problems(),
    ];
    return all.filter(({ says }, at) => all.findIndex((other) => other.says === says) === at);
  });
  get problems(): readonly FormProblem[] {
    return this.#problems;
  }
  /** What is wrong at a field; nothing that is only missing. */
  problemAt(at: string): string | null {
    const found = this.#problems.find((problem) => problem.at === at && !problem.isMissing)?.says;
    return found ?? (this.fault && this.#faultAt === at ? this.fault.message : null);
  }
  /** Whether something is wrong at a field or one inside it, which has to be seen then. */
  hasProblemIn(at: string): boolean {
    return this.#problems.some((problem) => !problem.isMissing && `${problem.at}.`.startsWith(`${at}.`));
  }

  /** Inputs of a network that are compared with the shape of the data's samples. */
  #inputsOfSamples({ inspection, inputs: chosen }: NetworkRow) {
    const inputs = inspection.value?.inputs ?? [];
    const { sources } = this.data;
    return inputs.filter(
      (input, index) => chosen.choiceOf(input, index, sources, inputs.length === 1).kind === 'images',
    );
  }

  get canRun(): boolean {
    const { data, networks } = this;
    const hasData = data.inspection.state.status === 'ready' || (!data.file && networks.areSaved);
    return this.problems.length === 0 && !networks.isInspecting && hasData;
  }

  /** Models, or files of saved activations. */
  takeNetworks(files: readonly PickedFile[]): Promise<void> {
    this.#refusal = null;
    return this.networks.take(files);
  }

  takeData(file: PickedFile): Promise<void> {
    this.#refusal = null;
    this.preview.clear();
    return this.data.take(file);
  }

  /** Takes over the networks and data of a stored run, or the whole of a recipe. */
  async adopt({ title, networks, data, more }: RunInputs): Promise<void> {
    this.title = title;
    this.previewedFor = '';
    this.#refusal = null;
    this.layers.clear();
    await Promise.all([this.networks.adopt(networks), this.data.adopt(data)]);
    this.layers.suggest();
    if (more) {
      this.layers.adopt(more.layers);
      this.analyses.adopt(more.analyses);
      this.run.adopt(more);
    }
    void this.showPreview();
  }

  /** Begins with what the other networks read, and shows what changes. */
  giveOwnReading(row: NetworkRow, hasOwn: boolean): void {
    const keys = this.data.reading.keys();
    if (hasOwn && !row.hasOwnReading && keys) row.reading.take(resolvePreprocess(keys));
    row.hasOwnReading = hasOwn;
    this.previewedFor = hasOwn ? row.file.token : '';
    void this.showPreview();
  }

  async showPreview(): Promise<void> {
    const data = this.data.choice();
    const own = this.networks.rows.find((row) => row.hasOwnReading && row.file.token === this.previewedFor);
    const keys = own?.reading.keys();
    if (!data || keys === null) {
      this.preview.clear();
      return;
    }
    const of = { data, count: 12, ...(keys && { own: keys }) };
    await this.preview.load(() => this.#client.dataset.preview(of));
  }

  /** What main is asked to run; null while something is missing. */
  draft(): AnalysisDraft | null {
    const data = this.data.choice();
    if (!this.canRun || (!data && !this.networks.areSaved)) return null;
    return {
      title: this.title.trim(),
      data,
      networks: this.networks.draft(this.data.sources),
      layers: this.layers
        .draft()
        .flatMap(({ id: _id, sample, ...layer }) => (sample === null ? [] : [{ ...layer, sample }])),
      analyses: this.analyses.draft(),
      ...this.run.draft(),
    };
  }
}
