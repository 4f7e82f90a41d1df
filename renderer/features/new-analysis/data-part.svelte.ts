import type { Client } from '#core/ipc/contract.ts';
import type { RunInputs } from '#core/ipc/areas/analysis.ts';
import type { DataChoice } from '#core/ipc/areas/dataset.ts';
import type { PickedFile } from '#core/ipc/areas/network.ts';
import type { DataInspection, DataLayout } from '#core/domain/dataset.ts';
import type { InputSources } from '#core/domain/suggest-input.ts';
import { sayFailed } from '../../ui/notice.ts';
import { Resource } from '../../ui/resource.svelte.ts';
import { guessArray, guessLayout, guessScale } from './guess-data.ts';
import { NamedArrays } from './named-arrays.svelte.ts';
import { Padding } from './padding.svelte.ts';
import type { CheckedForm } from './problems.ts';
import { Reading } from './reading.svelte.ts';
import { wholeNumber } from './read-numbers.ts';

/** The inputs that all networks see. */
export class DataPart {
  key = $state('');
  layout = $state<DataLayout | undefined>();
  limitText = $state('');
  onError = $state<'stop' | 'skip'>('stop');
  /** Array of sample ids in the file; empty: found by its name. */
  ids = $state('');
  /** For all networks but those that read in a way of their own. */
  readonly reading = new Reading();
  readonly inspection = new Resource<DataInspection>();
  readonly arrays: NamedArrays;
  readonly padding = new Padding();
  #file = $state.raw<PickedFile | null>(null);
  #vocabulary = $state.raw<PickedFile | null>(null);
  readonly #client: Client;
  /** Called when other inputs are read. */
  readonly #onchange: () => void;

  constructor(client: Client, onchange: () => void) {
    this.#client = client;
    this.#onchange = onchange;
    this.arrays = new NamedArrays(client);
  }

  get file(): PickedFile | null {
    return this.#file;
  }
  /** The words of token ids; null: inputs are shown as numbers. */
  get vocabulary(): PickedFile | null {
    return this.#vocabulary;
  }
  /** Whether the inputs may be token ids, which can have words. */
  get mayBeTokens(): boolean {
    return !this.images && (this.layout === 'NT' || this.layout === 'N' || this.layout === 'as-is');
  }
  /** Whether inputs are sequences, of which some positions may be padding. */
  get hasPositions(): boolean {
    return !this.images && ['NT', 'NTC', 'NCT', 'as-is'].includes(this.layout ?? '');
  }
  get array() {
    const arrays = this.inspection.value?.arrays ?? [];
    return arrays.find((entry) => entry.key === this.key) ?? arrays[0];
  }
  /** Of a folder or archive of images, or of the chosen column of them. */
  get images() {
    return this.inspection.value?.images ?? this.array?.images;
  }
  /** Whether inputs can be resized and cropped. */
  get arePictures(): boolean {
    return this.images !== undefined || (this.layout?.includes('H') ?? false);
  }
  /** What inputs of networks can come from. */
  get sources(): InputSources {
    const own = (this.inspection.value?.arrays ?? [])
      .filter(({ images }) => !images)
      .map(({ key }) => key)
      .filter(Boolean);
    const names = [...own, ...this.arrays.names];
    return { areImages: this.images !== undefined, arrays: this.#file ? names : null };
  }
  /** Undefined for all inputs, null when it is no whole number above 0. */
  get limit(): number | null | undefined {
    return wholeNumber(this.limitText);
  }

  async choose(folder = false): Promise<void> {
    const file = await this.#pick(folder);
    if (file) await this.take(file);
  }

  async addArray(): Promise<void> {
    const file = await this.#pick(false);
    if (file) await this.arrays.add(file);
  }

  async chooseVocabulary(): Promise<void> {
    const answer = await this.#client.dataset.pick({ vocabulary: true });
    if (!answer.ok) sayFailed(answer.error.message);
    else if (answer.value.file) {
      this.#vocabulary = answer.value.file;
      this.#onchange();
    }
  }

  removeVocabulary(): void {
    this.#vocabulary = null;
    this.#onchange();
  }

  async #pick(folder: boolean): Promise<PickedFile | null> {
    const answer = await this.#client.dataset.pick({ folder });
    if (answer.ok) return answer.value.file;
    sayFailed(answer.error.message);
    return null;
  }

  async take(file: PickedFile | null): Promise<void> {
    this.#file = file;
    this.ids = '';
    this.#vocabulary = null;
    this.padding.take(undefined);
    this.inspection.clear();
    await this.inspect();
  }

  async inspect(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    await this.inspection.load(() => this.#client.dataset.inspect({ token: file.token }));
    const array = guessArray(this.inspection.value?.arrays ?? []);
    if (array) this.chooseArray(array.key);
    else if (this.images) this.#chooseImages();
  }

  /** The data of a stored run or a recipe; none: every network is saved activations. */
  async adopt(data: RunInputs['data']): Promise<void> {
    await Promise.all([this.take(data?.file ?? null), this.arrays.adopt(data?.arrays ?? {})]);
    if (!data) return;
    if (data.key !== undefined) this.chooseArray(data.key);
    if (data.layout) this.layout = data.layout;
    this.reading.take(data);
    this.onError = data.onError ?? 'stop';
    this.ids = data.ids ?? '';
    this.#vocabulary = data.vocabulary ?? null;
    this.padding.take(data.mask);
    this.limitText = data.limit === undefined ? '' : String(data.limit);
  }

  /** Pictures larger than what ImageNet's networks take are prepared as those do, small ones become 0..1. */
  #chooseImages(key = ''): void {
    this.key = key;
    this.layout = undefined;
    const { width = 0, height = 0 } = this.images ?? {};
    if (Math.min(width, height) >= 128) this.reading.takePreset('imagenet');
    else this.reading.take({ scale: 1 / 255 });
    this.#onchange();
  }

  chooseArray(key: string): void {
    this.key = key;
    if (this.array?.images) {
      this.#chooseImages(key);
      return;
    }
    const array = this.array;
    this.layout = array && guessLayout(array.shape, array.dtype);
    this.reading.take({ scale: array ? guessScale(array.dtype) : 1 });
    this.#onchange();
  }

  /** How the file is read; null while there is none, or a field cannot be read. */
  choice(): DataChoice | null {
    const keys = this.reading.keys();
    if (!this.#file || !keys || (!this.layout && !this.images)) return null;
    const { limit } = this;
    const arrays = this.arrays.draft();
    const { mask } = this.padding;
    return {
      token: this.#file.token,
      ...keys,
      ...(this.layout && { layout: this.layout }),
      ...(this.key !== '' && { key: this.key }),
      ...(this.images && this.onError === 'skip' && { onError: this.onError }),
      ...(limit && { limit }),
      ...(this.ids.trim() && { ids: this.ids.trim() }),
      ...(arrays && { arrays }),
      ...(this.#vocabulary && this.mayBeTokens && { vocabulary: this.#vocabulary.token }),
      ...(mask && this.hasPositions && { mask }),
    };
  }

  /** What is checked against the networks. */
  get checked(): CheckedForm['data'] {
    const keys = this.reading.keys();
    return (
      this.#file && {
        fileName: this.#file.fileName,
        shape: this.array?.shape ?? [],
        layout: this.layout,
        problems: this.hasPositions ? this.padding.problems : [],
        isSized: this.images !== undefined || keys?.resize !== undefined || keys?.crop !== undefined,
      }
    );
  }
}
