import type { ProjectRun } from '#core/domain/project.ts';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import { placeOfSample } from '#core/domain/unit-place.ts';
import type { TopInputsAnswer, UnitTopInputs } from '#core/ipc/areas/unit.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { inWords } from './input-words.ts';
import { capturedLayerOf, requireUnit, type CapturedLayerView } from './captured-layer.ts';

/** The stored top inputs of some units, with the pictures that the project keeps of them. */
export async function unitTopInputs(
  database: DatabaseMethods,
  run: ProjectRun,
  network: string,
  layer: string,
  units: readonly number[],
): Promise<TopInputsAnswer> {
  const captured = await capturedLayerOf(database, run, layer);
  const { first, count } = captured.unitsOf(network);
  units.forEach((unit) => requireUnit(unit, count, network, layer));
  const geometry = captured.layer.geometry?.[run.networks.findIndex(({ name }) => name === network)] ?? null;
  const [image, position, value] = await Promise.all(
    ['top-image', 'top-position', 'top-value'].map((what) => captured.array('all', what)),
  );
  const k = image.cols;
  const answer = units.map((unit): UnitTopInputs => {
    const start = (first + unit) * k;
    const isThere = (at: number) => image.data[start + at] >= 0;
    const ranks = Array.from({ length: k }, (_, at) => at).filter(isThere);
    const place = (at: number) => {
      const { sample, isMasked } = captured.layer;
      // The last one that is no padding differs from input to input.
      if (sample.kind === 'last-token' && isMasked) return -1;
      const plane = geometry ?? { height: 1, width: captured.layer.positions };
      return placeOfSample(sample, unit, image.data[start + at], position.data[start + at], plane) ?? -1;
    };
    return {
      unit,
      images: Int32Array.from(ranks, (at) => image.data[start + at]),
      values: Float32Array.from(ranks, (at) => value.data[start + at]),
      places: Int32Array.from(ranks, place),
    };
  });
  const wanted = new Set(answer.flatMap(({ images }) => [...images]));
  const inputs = await inWords(await keptInputs(captured, wanted), run, database);
  return { units: answer, geometry, inputs };
}

/** Those of the wanted inputs that the project keeps. */
async function keptInputs(
  captured: CapturedLayerView,
  wanted: ReadonlySet<number>,
): Promise<ShownInputs | null> {
  const facts = captured.layer.topInputs;
  if (!facts) return null;
  const [images, pictures] = await Promise.all([
    captured.array('all', 'top-input-image'),
    captured.array('all', 'top-input'),
  ]);
  const slots = Array.from(images.data.keys()).filter((slot) => wanted.has(images.data[slot]));
  const size = facts.rows * facts.cols * facts.depth;
  const all = pictures.data as Uint8Array | Float32Array;
  const values =
    all instanceof Uint8Array ? new Uint8Array(slots.length * size) : new Float32Array(slots.length * size);
  slots.forEach((slot, to) => values.set(all.subarray(slot * size, (slot + 1) * size), to * size));
  return { ...facts, images: Int32Array.from(slots, (slot) => images.data[slot]), values };
}
