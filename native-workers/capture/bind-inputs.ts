import { preprocessOf, type Preprocess } from '#core/domain/preprocess.ts';
import type { RecipeInput } from '#core/domain/recipe.ts';
import { suggestInput } from '#core/domain/suggest-input.ts';
import type { EngineData, EngineNetwork } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { listInWords, nearestNames } from '#core/text/nearest-names.ts';
import { datasetFormat, feedOf, requireNoneLeftOut, type Dataset } from '../data/dataset.ts';
import { openNamedArray, rawFormat } from '../data/feed-reader.ts';
import { isFloatType, type Feed, type FeedType } from '../data/feeds.ts';
import { feedShapes, sampleFormat, type SampleFormat } from '../data/sample-format.ts';
import { requireStorable } from '../data/write-feed.ts';
import type { SessionInput, TappedSession } from './tapped-session.ts';

/** How one input of a network is filled for every batch. */
export type BoundInput = { name: string; type: FeedType } & (
  | { feed: Feed; /** Of one sample. */ dims: number[] }
  /** One value everywhere; `N` is the number of samples. */
  | { fill: number; shape: (number | 'N')[] }
);

type FillInput = Exclude<RecipeInput, { images: true } | { array: string }>;

/** A network's inputs, where each comes from. */
export interface BoundNetwork {
  session: TappedSession;
  inputs: BoundInput[];
  /** Of the samples of data.images as it reads them; null where it reads none of them as pictures or numbers. */
  format: SampleFormat | null;
  /** Number of samples it insists on; null: any. */
  batch: number | null;
}

/** @throws AppError naming network, input and remedy where the data does not fit */
export async function bindInputs(
  session: TappedSession,
  network: EngineNetwork,
  dataset: Dataset,
  data: EngineData,
): Promise<BoundNetwork> {
  const asked = network.inputs ?? soleInput(session, dataset);
  checkNames(session, asked);
  const binder = new Binder(session, network, dataset, data);
  const filled: [SessionInput, FillInput][] = [];
  for (const input of session.inputs) {
    const from = asked[input.name];
    if ('images' in from) await binder.bindSamples(input);
    else if ('array' in from) await binder.bindArray(input, from.array);
    else filled.push([input, from]);
  }
  // Sizes that the data's inputs give to named axes are known by now.
  for (const [input, from] of filled) binder.bindFill(input, from);
  return binder.bound();
}

function soleInput(session: TappedSession, dataset: Dataset): Record<string, RecipeInput> {
  if (session.inputs.length === 1) return { [session.inputs[0].name]: { images: true } };
  const { name, file, inputs } = session;
  const list = inputs.map((input) => `${input.name} ${input.type} [${input.shape.join(', ')}]`);
  const sources = { areImages: dataset.images !== undefined, arrays: null };
  const lines = inputs.map((input, index) => {
    const [[key, value]] = Object.entries(suggestInput(input, index, sources));
    return `    ${input.name}: {${key}: ${value}}`;
  });
  throw new AppError(
    'bad-recipe',
    `${name} (${file.fileName}) has ${inputs.length} inputs: ${list.join('; ')}. Say where each comes from, in its entry of networks:\n` +
      `  inputs:\n${lines.join('\n')}`,
    { network: name, inputs: inputs.map((input) => input.name) },
  );
}

function checkNames({ name, file, inputs }: TappedSession, asked: Record<string, RecipeInput>): void {
  const names = inputs.map((input) => input.name);
  for (const key of Object.keys(asked)) {
    if (names.includes(key)) continue;
    throw new AppError(
      'bad-recipe',
      `networks, ${name}.inputs: ${file.fileName} has no input "${key}"; it has ${listInWords(nearestNames(key, names, 8), 'and')}.`,
    );
  }
  for (const key of names) {
    if (Object.hasOwn(asked, key)) continue;
    throw new AppError(
      'bad-recipe',
      `networks, ${name}.inputs: input "${key}" of ${file.fileName} is missing; add it.`,
    );
  }
}

class Binder {
  readonly #session: TappedSession;
  readonly #network: EngineNetwork;
  readonly #dataset: Dataset;
  readonly #data: EngineData;
  readonly #inputs: BoundInput[] = [];
  /** Sizes of axes that the model names, 'N' for that of samples. */
  readonly #sizes = new Map<string, number | 'N'>();
  #batch: number | null = null;
  #format: SampleFormat | null = null;

  constructor(session: TappedSession, network: EngineNetwork, dataset: Dataset, data: EngineData) {
    this.#session = session;
    this.#network = network;
    this.#dataset = dataset;
    this.#data = data;
  }

  bound(): BoundNetwork {
    const inputs = this.#session.inputs.map(({ name }) => this.#inputs.find((input) => input.name === name));
    return {
      session: this.#session,
      inputs: inputs.filter((input) => input !== undefined),
      format: this.#format,
      batch: this.#batch,
    };
  }

  /** The samples of data.images: preprocessed for floats, as they are for whole numbers. */
  async bindSamples(input: SessionInput): Promise<void> {
    const { source, images } = this.#dataset;
    const how = this.#network.preprocess ?? preprocessOf(this.#data);
    if (!isFloatType(input.type)) {
      if (images)
        throw this.#unfit(input, `takes ${input.type}, but pictures are fed as floating-point numbers`);
      this.#requireNoNumbers(input, how);
      const format = sampleFormat(source, { ...this.#data, mean: undefined, std: undefined });
      requireStorable(input.type, format, this.#dataset.label);
      const shape = this.#shapeThatFits(input, feedShapes(format), this.#dataset.label);
      this.#format = format;
      this.#addFeed(
        input,
        { kind: 'rows', array: null, type: input.type, values: format.values },
        shape.dims,
      );
      return;
    }
    const made = await datasetFormat(this.#dataset, this.#data, how, channelsOf(input));
    const shape = this.#shapeThatFits(input, feedShapes(made.format), this.#dataset.label);
    this.#format = made.format;
    this.#addFeed(input, feedOf(made, how, input.type, shape.order), shape.dims);
  }

  /** An array as it is stored. */
  async bindArray(input: SessionInput, array: string): Promise<void> {
    const isOfMainFile = !(this.#data.arrays && Object.hasOwn(this.#data.arrays, array));
    if (isOfMainFile && !this.#dataset.file)
      throw new AppError(
        'bad-recipe',
        `networks, ${this.#session.name}.inputs.${input.name}: there is no array "${array}"; name its file in data.arrays: {${array}: {file: ...}}.`,
      );
    const source = await openNamedArray(this.#data, array);
    const format = rawFormat(source, this.#data.limit);
    requireStorable(input.type, format, source.label);
    const isMain = this.#dataset.source?.label === source.label;
    requireNoneLeftOut(this.#dataset, this.#data);
    const { samples, label } = this.#dataset;
    if (format.samples !== samples)
      throw new AppError(
        'bad-data',
        `${source.label} has ${format.samples} samples, ${label} ${samples}; every array needs as many.`,
      );
    const shapes = [{ dims: format.dims, order: 'first' as const }];
    const { dims } = this.#shapeThatFits(input, shapes, source.label);
    if (isMain) this.#format ??= sampleFormat(source, { ...this.#data, mean: undefined, std: undefined });
    this.#addFeed(input, { kind: 'rows', array, type: input.type, values: format.values }, dims);
  }

  /** Zeros or a constant of the declared shape, its named axes as in the data. */
  bindFill(input: SessionInput, from: FillInput): void {
    const fill = 'constant' in from ? from.constant : 0;
    const declared = input.shape;
    if (from.shape && from.shape.length !== declared.length)
      throw this.#unfit(input, `has ${declared.length} axes, the recipe's shape ${from.shape.length}`);
    const shape = declared.map((size, axis) => {
      const asked = from.shape?.[axis];
      if (typeof size === 'number') {
        if (typeof asked === 'number' && asked !== size)
          throw this.#unfit(input, `has size ${size} at axis ${axis}, the recipe says ${asked}`);
        return asked ?? size;
      }
      const known = asked ?? this.#sizes.get(size);
      if (known !== undefined) return known;
      throw this.#unfit(
        input,
        `has a dynamic axis "${size || axis}" that no other input tells; give its shape beside it, e.g. ` +
          `shape: [${declared.map((other) => (typeof other === 'number' ? other : (this.#sizes.get(other) ?? 1))).join(', ')}] (N: the number of samples)`,
      );
    });
    this.#inputs.push({ name: input.name, type: input.type, fill, shape });
  }

  #shapeThatFits<Shape extends { dims: number[] }>(
    input: SessionInput,
    shapes: readonly Shape[],
    label: string,
  ): Shape {
    const declared = input.shape.slice(1);
    const fits = shapes.find(
      ({ dims }) =>
        input.shape.length === dims.length + 1 &&
        declared.every((size, axis) => typeof size === 'string' || size === dims[axis]),
    );
    if (fits) {
      this.#learn(input.shape, fits.dims);
      return fits;
    }
    const remedy = this.#dataset.images
      ? 'check resize, crop and channels'
      : 'check data.key and data.layout';
    throw new AppError(
      'bad-data',
      `${this.#session.name} (${this.#session.file.fileName}) takes ${input.name} [${input.shape.join(', ')}], ` +
        `but ${label} gives [${['N', ...shapes[0].dims].join(', ')}]; ${remedy}.`,
    );
  }

  #learn([samples, ...axes]: (number | string)[], dims: readonly number[]): void {
    if (typeof samples === 'number') {
      if (this.#batch !== null && this.#batch !== samples)
        throw new AppError(
          'bad-model',
          `${this.#session.name} takes ${this.#batch} samples at one input and ${samples} at another; export it with a dynamic first axis.`,
        );
      this.#batch = samples;
    } else if (samples !== '') this.#sizes.set(samples, 'N');
    axes.forEach((size, axis) => {
      if (typeof size === 'string' && size !== '' && !this.#sizes.has(size))
        this.#sizes.set(size, dims[axis]);
    });
  }

  #addFeed(input: SessionInput, feed: Feed, dims: number[]): void {
    this.#inputs.push({ name: input.name, type: input.type, feed, dims });
  }

  #requireNoNumbers(input: SessionInput, how: Preprocess): void {
    if (how.scale === 1 && !how.mean && !how.std) return;
    throw this.#unfit(input, `takes ${input.type}: whole numbers have no scale, mean or std; leave them out`);
  }

  #unfit(input: SessionInput, what: string): AppError {
    return new AppError(
      'bad-data',
      `Input ${input.name} of ${this.#session.name} (${this.#session.file.fileName}) ${what}.`,
      { network: this.#session.name, input: input.name },
    );
  }
}

/** Channels of a picture input that declares them: axis 1, or the last; null where either is possible. */
function channelsOf({ shape }: SessionInput): number | null {
  if (shape.length !== 4) return null;
  const [, first, , last] = shape;
  return [first, last].find((size): size is number => size === 1 || size === 3) ?? null;
}
