import type { ReceptiveField } from '#core/domain/receptive-field.ts';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import type { TopInputsAnswer, UnitTopInputs } from '#core/ipc/areas/unit.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { UnitsPlace } from './unit-look.svelte.ts';

/** The input that excites a unit most, alone. */
interface UnitPicture {
  inputs: ShownInputs;
  field: ReceptiveField | null;
  /** Where in the map it excites most; -1: unknown. */
  place: number;
  mapWidth: number;
}

interface Waiting {
  place: UnitsPlace;
  units: Set<number>;
}

/** Units asked for within this time are read together: the rows of a list come one by one. */
const gatherMs = 30;
/** As many as one call may ask for. */
const unitsAtOnce = 64;
/** Pictures that stay: more than the largest layer shows rows of, and few megabytes. */
const mostKept = 4000;

/** Small pictures of units, or their words, for lists, from the project alone: no file is read and no network run. */
export class UnitPictures {
  readonly #client: Client;
  readonly #waiting = new Map<string, Waiting>();
  readonly #asked = new Set<string>();
  #kept = $state.raw<ReadonlyMap<string, UnitPicture>>(new Map());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Undefined until it is read, and where the project keeps no picture of it. */
  of(place: UnitsPlace, unit: number): UnitPicture | undefined {
    return this.#kept.get(keyOf(place, unit));
  }

  /** Asks for a unit's picture, once. */
  want(place: UnitsPlace, unit: number): void {
    const key = keyOf(place, unit);
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    const layer = keyOf(place, -1);
    const waiting = this.#waiting.get(layer) ?? { place, units: new Set<number>() };
    waiting.units.add(unit);
    this.#waiting.set(layer, waiting);
    this.#timer ??= setTimeout(() => void this.#read(), gatherMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  async #read(): Promise<void> {
    const batches = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#timer = undefined;
    for (const { place, units } of batches) {
      const all = [...units];
      for (let from = 0; from < all.length; from += unitsAtOnce) {
        const asked = all.slice(from, from + unitsAtOnce);
        const answer = await this.#client.unit.topInputs({ ...place, units: asked });
        if (answer.ok) this.#keep(place, answer.value);
      }
    }
  }

  #keep(place: UnitsPlace, answer: TopInputsAnswer): void {
    const kept = new Map(this.#kept);
    for (const unit of answer.units) {
      const picture = pictureOf(unit, answer);
      if (picture) kept.set(keyOf(place, unit.unit), picture);
    }
    for (const key of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(key);
      this.#asked.delete(key);
    }
    this.#kept = kept;
  }
}

function keyOf({ runId, network, layer }: UnitsPlace, unit: number): string {
  return JSON.stringify([runId, network, layer, unit]);
}

/** A copy of the first input alone, so that the others need not stay; null where none is kept as a picture. */
function pictureOf(unit: UnitTopInputs, { inputs, geometry }: TopInputsAnswer): UnitPicture | null {
  if (!inputs || unit.images.length === 0) return null;
  if (inputs.kind !== 'picture' && inputs.kind !== 'text') return null;
  const slot = inputs.images.indexOf(unit.images[0]);
  if (slot < 0) return null;
  const length = inputs.rows * inputs.cols * inputs.depth;
  const values = inputs.values.slice(slot * length, (slot + 1) * length);
  const words =
    inputs.words && Object.fromEntries([...values].map((id) => [id, inputs.words?.[id] ?? `${id}`]));
  return {
    inputs: { ...inputs, images: unit.images.slice(0, 1), values, ...(words && { words }) },
    field: geometry?.field ?? null,
    place: unit.places[0],
    mapWidth: geometry?.width ?? 1,
  };
}
