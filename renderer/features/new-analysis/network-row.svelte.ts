import type { PickedFile } from '#core/ipc/areas/network.ts';
import type { ModelInspection } from '#core/domain/network.ts';
import { Resource } from '../../ui/resource.svelte.ts';
import { NetworkInputs } from './network-inputs.svelte.ts';
import { Reading } from './reading.svelte.ts';

/** One chosen model file, or file of saved activations, and what is known of it. */
export class NetworkRow {
  readonly file: PickedFile;
  readonly inspection = new Resource<ModelInspection>();
  /** Of pictures, where it differs from that of the others. */
  readonly reading = new Reading();
  readonly inputs = new NetworkInputs();
  hasOwnReading = $state(false);
  /** Array of sample ids in a file of saved activations; empty: found by its name. */
  ids = $state('');
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
  get isSaved(): boolean {
    return this.inspection.value?.activations !== undefined;
  }
}
