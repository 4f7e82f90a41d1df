import type { Client } from '#core/ipc/contract.ts';
import type { PickedFile } from '#core/ipc/areas/network.ts';
import type { DataInspection } from '#core/domain/dataset.ts';
import { Resource } from '../../ui/resource.svelte.ts';
import type { FormProblem } from './problems.ts';

/** One array beside the samples, under the name by which inputs of networks ask for it. */
export class NamedArray {
  readonly file: PickedFile;
  readonly inspection = new Resource<DataInspection>();
  name = $state('');
  /** Inside its file; empty where that holds one array. */
  key = $state('');

  constructor(file: PickedFile) {
    this.file = file;
    this.name = file.fileName.replace(/(\.(npy|npz|h5|hdf5|safetensors|parquet|gz))+$/i, '');
  }
  get arrays() {
    return this.inspection.value?.arrays ?? [];
  }
}

/** Arrays in files of their own, for networks with several inputs. */
export class NamedArrays {
  #rows = $state.raw<NamedArray[]>([]);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  get rows(): NamedArray[] {
    return this.#rows;
  }
  get names(): string[] {
    return this.#rows.map((row) => row.name.trim());
  }

  /** Adds a file; its name and key become those of its first array. */
  async add(file: PickedFile): Promise<void> {
    const row = new NamedArray(file);
    this.#rows = [...this.#rows, row];
    await this.#read(row);
    const [first] = row.arrays;
    if (!first?.key) return;
    row.key = first.key;
    row.name = first.key;
  }

  remove(row: NamedArray): void {
    this.#rows = this.#rows.filter((other) => other !== row);
  }

  async adopt(arrays: Record<string, { file: PickedFile; key?: string }>): Promise<void> {
    this.#rows = Object.entries(arrays).map(([name, { file, key }]) =>
      Object.assign(new NamedArray(file), { name, key: key ?? '' }),
    );
    await Promise.all(this.#rows.map((row) => this.#read(row)));
  }

  draft(): Record<string, { token: string; key?: string }> | undefined {
    if (this.#rows.length === 0) return undefined;
    return Object.fromEntries(
      this.#rows.map(({ name, file, key }) => [name.trim(), { token: file.token, ...(key && { key }) }]),
    );
  }

  problems(): FormProblem[] {
    return this.#rows.flatMap((row, at) => {
      const field = `data.arrays.${at}`;
      const { names } = this;
      if (row.inspection.state.status === 'error')
        return [{ at: field, says: `${row.file.fileName} cannot be used. Remove it, or choose another.` }];
      if (names[at] === '') return [{ at: field, says: `The array of ${row.file.fileName} needs a name.` }];
      return names.indexOf(names[at]) === at
        ? []
        : [{ at: field, says: `Two arrays are called "${names[at]}". Give each its own name.` }];
    });
  }

  async #read(row: NamedArray): Promise<void> {
    await row.inspection.load(() => this.#client.dataset.inspect({ token: row.file.token }));
  }
}
