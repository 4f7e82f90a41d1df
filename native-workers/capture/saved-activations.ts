import { basename } from 'node:path';
import { AppError } from '#core/errors.ts';
import { readAxes, usualAxes } from '#core/domain/tensor-axes.ts';
import type { ProviderUse } from '#core/domain/provider.ts';
import type { EngineActivations } from '#core/ipc/engine.ts';
import { listInWords, nearestNames } from '#core/text/nearest-names.ts';
import { openContainer, sourceOf, type ArraySource } from '../data/array-source.ts';
import type { ArrayContainer } from '../data/arrays/array-container.ts';
import { rowBytes } from '../data/arrays/array-header.ts';
import { SavedRows, type ReadingOrder } from './saved-rows.ts';
import type { Tap } from './tap-plan.ts';
import { isTapOf, type TensorChoice } from './tapped-session.ts';

/** An array of saved activations. */
export interface SavedTap extends Tap {
  source: ArraySource;
  /** Of the array, without samples; null where units come first and positions after them, as in `dims`. */
  stored: { dims: number[]; order: number[] } | null;
}

/**
 * Activations that were saved before, in place of a model that is run: a pass reads the very numbers from the file,
 * batch after batch, so they may be larger than memory.
 */
export class SavedActivations {
  readonly name: string;
  readonly fileName: string;
  readonly provider: ProviderUse;
  readonly container: ArrayContainer;
  readonly taps: SavedTap[];
  readonly samples: number;
  #rows: Map<string, SavedRows> | null = null;

  /** @throws AppError naming file, array and remedy where the arrays are not there or disagree in length */
  static async open(
    { name, activationsPath: path }: EngineActivations,
    choices: readonly TensorChoice[],
    asked: ProviderUse['asked'],
  ): Promise<SavedActivations> {
    const container = await openContainer(path);
    const taps: SavedTap[] = [];
    for (const choice of choices) {
      if (taps.some((tap) => isTapOf(tap, choice))) continue;
      const key = keyOf(container, choice.tensor, name);
      taps.push(tapOf(choice, await sourceOf(container, key, 'layers[].tensors'), name));
      const { source } = taps[taps.length - 1];
      requireSamples(source, taps[0].source, name);
    }
    return new SavedActivations(name, container, taps, { asked, used: 'saved' });
  }

  private constructor(name: string, container: ArrayContainer, taps: SavedTap[], provider: ProviderUse) {
    this.name = name;
    this.fileName = container.fileName;
    this.container = container;
    this.taps = taps;
    this.provider = provider;
    [this.samples] = taps[0].source.header.shape;
  }

  /** Bytes of all arrays that are read. */
  get storedBytes(): number {
    return this.taps.reduce((sum, { source }) => sum + source.header.shape[0] * rowBytes(source.header), 0);
  }

  /** Reading starts. */
  begin(order: ReadingOrder): void {
    this.#rows = new Map(this.taps.map(({ output, source }) => [output, new SavedRows(source, order)]));
  }

  /** The next batch of an array as float32; every array is read once a batch, in the order of the batches. */
  async next({ output }: Pick<Tap, 'output'>, out: Float32Array): Promise<void> {
    const rows = this.#rows?.get(output);
    if (!rows) throw new AppError('internal', `${this.name} does not read ${output} yet.`);
    await rows.next(out);
    const stored = this.taps.find((tap) => tap.output === output)?.stored;
    if (stored) out.set(reordered(out, stored.dims, stored.order));
  }

  /** How many values are not finite, and the first sample with one: read once more, to say so. */
  async notFinite(tensor: string, samples: number): Promise<{ values: number; firstSample: number }> {
    const tap = this.taps.find((candidate) => candidate.tensor === tensor);
    let [values, firstSample] = [0, -1];
    if (!tap) return { values, firstSample };
    const width = tap.dims.reduce((product, size) => product * size, 1);
    const batch = Math.max(1, Math.min(samples, Math.floor(2 ** 20 / Math.max(1, width))));
    const rows = new SavedRows(tap.source, { samples, batch, order: null });
    const out = new Float32Array(batch * width);
    try {
      for (let first = 0; first < samples; first += batch) {
        const part = out.subarray(0, Math.min(batch, samples - first) * width);
        await rows.next(part);
        part.forEach((value, at) => {
          if (Number.isFinite(value)) return;
          values++;
          if (firstSample < 0) firstSample = first + Math.floor(at / width);
        });
      }
    } finally {
      rows.close();
    }
    return { values, firstSample };
  }

  release(): void {
    for (const rows of this.#rows?.values() ?? []) rows.close();
  }
}

function tapOf(choice: TensorChoice, source: ArraySource, network: string): SavedTap {
  const dims = source.header.shape.slice(1);
  const plain = { ...choice, output: choice.tensor, unitAxes: 1, dims, source, stored: null };
  const axes = choice.axes ?? usualAxes(dims.length + 1);
  if (axes === null) return plain;
  const { order, units: unitAxes } = readAxes(axes);
  if (order.length !== dims.length + 1 || order[0] !== 0)
    throw new AppError(
      'bad-recipe',
      `${network}: axes ${axes} do not fit ${source.label}, [${source.header.shape.join(', ')}]; one letter an axis, N first.`,
    );
  const inner = order.slice(1).map((axis) => axis - 1);
  if (inner.every((axis, at) => axis === at)) return { ...plain, unitAxes };
  const arranged = inner.map((axis) => dims[axis]);
  const output = `${choice.tensor} (${axes})`;
  return { ...plain, output, unitAxes, dims: arranged, stored: { dims, order: inner } };
}

/** Every sample's values with the axes of `dims` in another order. */
function reordered(values: Float32Array, dims: readonly number[], order: readonly number[]): Float32Array {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, size) => product * size, 1));
  const size = dims.reduce((product, each) => product * each, 1);
  const places = new Uint32Array(size);
  let count = 1;
  // Place by place of the new order, built from its last axis on.
  for (const axis of [...order].reverse()) {
    for (let at = dims[axis] - 1; at >= 0; at--)
      for (let inner = 0; inner < count; inner++)
        places[at * count + inner] = places[inner] + at * strides[axis];
    count *= dims[axis];
  }
  const out = new Float32Array(values.length);
  for (let first = 0; first < values.length; first += size)
    for (let at = 0; at < size; at++) out[first + at] = values[first + places[at]];
  return out;
}

/** A file of one array without a name has the file's: fc1.npy holds fc1. */
function keyOf({ fileName, members }: ArrayContainer, tensor: string, network: string): string | undefined {
  if (members.length !== 1 || members[0].key !== '') {
    if (members.some((member) => member.key === tensor)) return tensor;
    const near = nearestNames(
      tensor,
      members.map((member) => member.key),
    );
    throw new AppError(
      'bad-data',
      `${network} (${fileName}) has no array "${tensor}"; nearest names: ${listInWords(near)}.`,
      { nearest: near },
    );
  }
  const stem = basename(fileName).replace(/(\.(npy|bin|idx|gz))+$/i, '');
  if (tensor === stem) return undefined;
  throw new AppError(
    'bad-data',
    `${network} (${fileName}) holds one array without a name, which goes by its file's: call it ${stem}, not "${tensor}".`,
    { nearest: [stem] },
  );
}

function requireSamples(source: ArraySource, first: ArraySource, network: string): void {
  const { shape } = source.header;
  if (shape.length < 2 || shape.some((size) => size === 0))
    throw new AppError(
      'bad-data',
      `${network}: ${source.label} has shape [${shape.join(', ')}]; activations are [samples, units] or [samples, units, height, width].`,
    );
  if (shape[0] === first.header.shape[0]) return;
  throw new AppError(
    'bad-data',
    `${network}: ${first.label} has ${first.header.shape[0]} samples and ${source.label} has ${shape[0]}; all arrays of a network need as many.`,
  );
}
