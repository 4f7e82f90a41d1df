import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import type { PlainError } from '#core/errors.ts';
import type { TopInputsAnswer, UnitDetails, UnitMaps, UnitTopInputs } from '#core/ipc/areas/unit.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { TensorGeometry } from '#core/ipc/engine.ts';
import { Resource, type PaneState } from '../../ui/resource.svelte.ts';
import { LatestOnly } from './latest-only.ts';
import { placeOfMaximum } from './input-drawing.ts';

/** Waits for a person who steps through units to stop, before files are read and networks run. */
const settleMs = 120;
/** Side up to which inputs are read from the data file. */
const mostSide = 256;

/** Where units are: one layer of one network of a run. */
export interface UnitsPlace {
  runId: string;
  network: string;
  layer: string;
}

/** The pictures to show of some inputs: those of the data file where they are there, else those in the project. */
export interface InputPictures {
  inputs: ShownInputs;
  slotOf(image: number): number | undefined;
}

/**
 * What excites some units of one layer: at once from the project; finer pictures, and the activation over them, from
 * the files, as far as those are there.
 */
export class UnitLook {
  readonly #client: Client;
  readonly #top = new Resource<TopInputsAnswer>();
  readonly #file = new Resource<ShownInputs>();
  readonly #maps = new Resource<UnitMaps>();
  readonly #details = new Resource<UnitDetails>();
  readonly #latest = new LatestOnly();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  readonly #pictures = $derived.by(() => {
    const kept = this.#top.value?.inputs ?? null;
    return picturesOf(this.#file.value ?? kept);
  });

  constructor(client: Client) {
    this.#client = client;
  }

  get state(): PaneState<TopInputsAnswer> {
    return this.#top.state;
  }
  get units(): UnitTopInputs[] {
    return this.#top.value?.units ?? [];
  }
  get geometry(): TensorGeometry | null {
    return this.#top.value?.geometry ?? this.#details.value?.geometry ?? null;
  }
  get details(): PaneState<UnitDetails> {
    return this.#details.state;
  }
  get pictures(): InputPictures | null {
    return this.#pictures;
  }
  get maps(): PaneState<UnitMaps> {
    return this.#maps.state;
  }
  /** Why finer pictures, or any, are missing. */
  get fileError(): PlainError | null {
    return this.#file.state.status === 'error' ? this.#file.state.error : null;
  }

  retry(): void {
    void this.#top.retry();
  }

  clear(): void {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#latest.drop();
    for (const resource of [this.#top, this.#file, this.#maps, this.#details]) resource.clear();
  }

  /** Looks at these units. `wantsDetails`: filter and, where the project does not know it, the receptive field. */
  follow(place: UnitsPlace, units: readonly number[], wantsDetails: boolean): void {
    this.clear();
    if (units.length === 0) return;
    const turn = this.#turn;
    void this.#top
      .load(() => this.#client.unit.topInputs({ ...place, units: [...units] }))
      .then(() => {
        if (turn !== this.#turn || !this.#top.value) return;
        this.#timer = setTimeout(() => {
          this.#latest.ask(() => this.#loadFiner(place, units[0], wantsDetails));
        }, settleMs);
      });
  }

  /** Runs the network on what is shown. */
  loadMaps(place: UnitsPlace): void {
    const looks = this.units
      .filter(({ images }) => images.length > 0)
      .map(({ unit, images }) => ({ unit, images: [...images] }));
    if (looks.length > 0) void this.#maps.load(() => this.#client.unit.maps({ ...place, looks }));
  }

  /** The map of a unit on the input of this rank, once it is there. */
  mapOf(unit: number, rank: number): { map: Float32Array; height: number; width: number } | null {
    const maps = this.#maps.value;
    const shown = this.units.filter(({ images }) => images.length > 0);
    const look = maps?.maps[shown.findIndex((one) => one.unit === unit)];
    if (!maps || !look) return null;
    const { height, width } = maps;
    return { map: look.subarray(rank * height * width, (rank + 1) * height * width), height, width };
  }

  /** Where the unit answers most to its input of this rank: as stored, else where its map is largest; -1: unknown. */
  placeOf(unit: UnitTopInputs, rank: number): number {
    if (unit.places[rank] >= 0) return unit.places[rank];
    const found = this.mapOf(unit.unit, rank);
    return found ? placeOfMaximum(found.map) : -1;
  }

  async #loadFiner(place: UnitsPlace, unit: number, wantsDetails: boolean): Promise<void> {
    const isFieldKnown = this.#top.value?.geometry !== null;
    await Promise.all([
      this.#loadFile(place.runId),
      (wantsDetails || !isFieldKnown) &&
        this.#details.load(() => this.#client.unit.details({ ...place, unit })),
    ]);
  }

  async #loadFile(runId: string): Promise<void> {
    const { inputs } = this.#top.value ?? { inputs: null };
    const images = [...new Set(this.units.flatMap((unit) => [...unit.images]))];
    const kept = new Set(inputs?.images);
    if (images.length === 0) return;
    if (inputs && images.every((image) => kept.has(image)) && !isShrunk(inputs)) return;
    await this.#file.load(() => this.#client.unit.inputs({ runId, images }));
  }
}

/** Whether the data file has more to show. */
function isShrunk({ kind, rows, cols, size }: ShownInputs): boolean {
  return kind === 'picture' && Math.max(rows, cols) < Math.min(mostSide, Math.max(size.height, size.width));
}

function picturesOf(inputs: ShownInputs | null): InputPictures | null {
  if (!inputs) return null;
  const slots = new Map(Array.from(inputs.images, (image, slot) => [image, slot]));
  return { inputs, slotOf: (image) => slots.get(image) };
}
