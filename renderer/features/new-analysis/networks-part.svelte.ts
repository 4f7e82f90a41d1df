import type { Client } from '#core/ipc/contract.ts';
import type { AnalysisDraft, RunInputs } from '#core/ipc/areas/analysis.ts';
import type { PickedFile } from '#core/ipc/areas/network.ts';
import type { InputSources } from '#core/domain/suggest-input.ts';
import type { NetworkTensors } from '#core/layers/suggest-layers.ts';
import { sayFailed } from '../../ui/notice.ts';
import { recipeInputOf } from './network-inputs.svelte.ts';
import { NetworkRow } from './network-row.svelte.ts';
import type { FormProblem } from './problems.ts';

/** The networks that a new analysis compares. */
export class NetworksPart {
  #rows = $state.raw<NetworkRow[]>([]);
  #repeatNote = $state('');
  readonly #client: Client;
  /** Called when the networks that can be read are others. */
  readonly #onchange: () => void;

  constructor(client: Client, onchange: () => void) {
    this.#client = client;
    this.#onchange = onchange;
  }

  get rows(): NetworkRow[] {
    return this.#rows;
  }
  /** Which picked files were in the list already; empty when none was. */
  get repeatNote(): string {
    return this.#repeatNote;
  }
  /** Where every network is saved activations, inputs are only there to be looked at. */
  get areSaved(): boolean {
    return this.#rows.length > 0 && this.#rows.every((row) => row.isSaved);
  }
  get isInspecting(): boolean {
    return this.#rows.some((row) => row.inspection.state.status === 'loading');
  }

  async addFromDialog(): Promise<void> {
    const answer = await this.#client.network.pick({});
    if (answer.ok) await this.take(answer.value.files);
    else sayFailed(answer.error.message);
  }

  async take(files: readonly PickedFile[]): Promise<void> {
    const added = this.#addFiles(files);
    await Promise.all(added.map((row) => this.inspect(row)));
  }

  /** Rows for the files that are not in the list yet; a file has one token however often it is picked. */
  #addFiles(files: readonly PickedFile[]): NetworkRow[] {
    const added: NetworkRow[] = [];
    const repeated: string[] = [];
    for (const file of files) {
      if (this.#rows.some((row) => row.file.token === file.token)) repeated.push(file.fileName);
      else {
        const row = new NetworkRow(file, this.#freeName(file.fileName));
        this.#rows = [...this.#rows, row];
        added.push(row);
      }
    }
    this.#repeatNote = repeated.length === 0 ? '' : repeatWords(repeated);
    return added;
  }

  /** The networks of a stored run or a recipe in place of these, with how each is fed. */
  adopt(networks: RunInputs['networks']): Promise<unknown> {
    this.#repeatNote = '';
    this.#rows = networks.map(({ name, file, preprocess, inputs, ids }) => {
      const row = new NetworkRow(file, name);
      row.hasOwnReading = preprocess !== undefined;
      if (preprocess) row.reading.take(preprocess);
      if (inputs) row.inputs.take(inputs);
      row.ids = ids ?? '';
      return row;
    });
    return Promise.all(this.#rows.map((row) => this.#read(row)));
  }

  async inspect(row: NetworkRow): Promise<void> {
    await this.#read(row);
    this.#onchange();
  }

  remove(row: NetworkRow): void {
    this.#rows = this.#rows.filter((other) => other !== row);
    this.#repeatNote = '';
    this.#onchange();
  }

  /** Tensors by network, where the network's "name" is its file token. */
  tensorTable(): NetworkTensors[] {
    return this.#rows.flatMap(({ file, inspection: { value } }) =>
      value ? [{ name: file.token, tensors: value.tensors, nodes: value.nodes }] : [],
    );
  }

  /** As the draft holds them. */
  draft(sources: InputSources): AnalysisDraft['networks'] {
    return this.#rows.map((row) => {
      const { name, file, ids } = row;
      if (row.isSaved)
        return { name: name.trim(), token: file.token, ...(ids.trim() && { ids: ids.trim() }) };
      const preprocess = row.hasOwnReading ? row.reading.keys() : null;
      const inputs = this.#inputsOf(row, sources).flatMap(([input, from]) =>
        typeof from === 'string' ? [] : [[input, from] as const],
      );
      return {
        ...{ name: name.trim(), token: file.token },
        ...(preprocess && { preprocess }),
        ...(inputs.length > 0 && { inputs: Object.fromEntries(inputs) }),
      };
    });
  }

  /** What is wrong with how each is fed, and with files that cannot be used. */
  problems(sources: InputSources): FormProblem[] {
    return this.#rows.flatMap((row) => {
      const at = `network:${row.file.token}`;
      if (row.inspection.state.status === 'error')
        return [{ at, says: `${row.file.fileName} cannot be used. Remove it, or choose another file.` }];
      const own = row.hasOwnReading ? row.reading.problems(at, `${row.name}: the`) : [];
      const fed = this.#inputsOf(row, sources).flatMap(([input, from]) =>
        typeof from === 'string' ? [{ at: `${at}.inputs.${input}`, says: `${row.name}: ${from}` }] : [],
      );
      return [...own, ...fed, ...unknownArrays(row, at, this.#inputsOf(row, sources), sources)];
    });
  }

  #inputsOf(row: NetworkRow, sources: InputSources) {
    const inputs = row.inspection.value?.inputs ?? [];
    if (!row.inputs.isAsked(inputs)) return [];
    return inputs.map((input, index) => {
      const choice = row.inputs.choiceOf(input, index, sources, inputs.length === 1);
      return [input.name, recipeInputOf(choice, input)] as const;
    });
  }

  async #read(row: NetworkRow): Promise<void> {
    await row.inspection.load(() => this.#client.network.inspect({ token: row.file.token }));
  }

  /** `net1.onnx` as Net1, numbered when the name is taken. */
  #freeName(fileName: string): string {
    const stem = fileName.replace(/\.(onnx|npy|npz|h5|hdf5|safetensors|parquet|gz|bin)$/i, '');
    const name = stem.charAt(0).toUpperCase() + stem.slice(1);
    const taken = new Set(this.#rows.map((row) => row.name));
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name} (${number})`;
    return free;
  }
}

function unknownArrays(
  row: NetworkRow,
  at: string,
  inputs: (readonly [string, ReturnType<typeof recipeInputOf>])[],
  { arrays }: InputSources,
): FormProblem[] {
  return inputs.flatMap(([input, from]) =>
    typeof from === 'object' && 'array' in from && arrays && !arrays.includes(from.array)
      ? [
          {
            at: `${at}.inputs.${input}`,
            says: `${row.name}: there is no array "${from.array}" for ${input}. Add its file under Data, or fill the input another way.`,
          },
        ]
      : [],
  );
}

function repeatWords(fileNames: readonly string[]): string {
  const names = [...new Set(fileNames)].join(', ');
  return fileNames.length === 1
    ? `${names} is in the list already and was not added again.`
    : `${names} are in the list already and were not added again.`;
}
