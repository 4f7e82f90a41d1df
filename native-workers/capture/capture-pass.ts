import { AppError } from '#core/errors.ts';
import type { ReceptiveField } from '#core/domain/receptive-field.ts';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import type {
  ArrayFile,
  CapturedLayer,
  CaptureExtras,
  CaptureRequest,
  CaptureSummary,
  TensorGeometry,
} from '#core/ipc/engine.ts';
import { BlockRing } from '../accumulate/block-ring.ts';
import { ActivationSample } from '../accumulate/activation-sample.ts';
import { AverageInputs } from '../accumulate/average-inputs.ts';
import {
  LayerAccumulator,
  type AccumulatedLayer,
  type AccumulatorPart,
  packedBlockBytes,
} from '../accumulate/layer-accumulator.ts';
import { FusedMoments } from '../fused/fused-moments.ts';
import type { Resumable, StateReader, StateWriter } from '../accumulate/saved-state.ts';
import { positionSizes } from '../data/sample-format.ts';
import { receptiveFieldOf } from '../onnx/receptive-field.ts';
import { chooseSymmetricProduct, type SymmetricProduct } from '../linalg/symmetric-product.ts';
import type { ActivationSource } from './activation-source.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { DataPass, type BatchSink } from './data-pass.ts';
import { explained } from './explain-failure.ts';
import { goingOn, type NotingHooks } from './going-on.ts';
import { joinedPasses } from './joined-passes.ts';
import { momentBounds, momentBytesOf, passesWords, planPasses, type LayerGroup } from './moment-passes.ts';
import { noteFallbacks, noteIntegers, noteOtherCrops } from './pass-notes.ts';
import { edgeRows, resamplingOf, type Resampling } from './resampling.ts';
import { jointUnits, unitsOf } from './tap-plan.ts';
import { topPictures } from './top-pictures.ts';
import { writeCapture, type CapturedArrays } from './write-capture.ts';

/**
 * One pass over the data: every layer's joint moments, unit statistics and top inputs are accumulated per fold, with
 * what `request.extras` asks for besides, and the arrays are written to `request.outFile`. Where the moments of all
 * layers would not fit in memory it is several passes, each for some of the layers; the answer is the same to the bit.
 */
export function capturePass(
  request: CaptureRequest,
  threads: number,
  hooks: CaptureHooks,
): Promise<CaptureSummary> {
  return goingOn(request, hooks, (asked, noting) => inPasses(asked, threads, noting));
}

async function inPasses(
  request: CaptureRequest,
  threads: number,
  hooks: NotingHooks,
): Promise<CaptureSummary> {
  const [summary, groups, rest] = await onePass(request, threads, hooks, null);
  const summaries = [summary];
  // Only the first of several passes is kept while it goes on: its images are those that a checkpoint counts.
  const { checkpoints: _kept, ...asked } = { ...request, ...rest };
  for (const group of groups.slice(1)) {
    const [next] = await onePass(asked, threads, hooks, { groups, group, arrays: summaries.at(-1)!.arrays });
    summaries.push(next);
  }
  return joinedPasses(summaries);
}

/** What a pass after the first takes over: the plan, its own layers, and the file it adds to. */
interface Continued {
  groups: LayerGroup[];
  group: LayerGroup;
  arrays: ArrayFile;
}

/** Gives what it captured, the plan of all passes, and what further passes must be asked for to be alike. */
async function onePass(
  request: CaptureRequest,
  threads: number,
  hooks: NotingHooks,
  continued: Continued | null,
): Promise<[CaptureSummary, LayerGroup[], Pick<CaptureRequest, 'batch' | 'data'>]> {
  const wantsMoments = (layer: number) => areMomentsEnough(request, layer);
  const pass = await DataPass.open(request, threads, hooks, request.extras?.averageInputs, wantsMoments);
  let capture: Capture | null = null;
  try {
    noteFallbacks(pass.networks, hooks);
    noteIntegers(pass.networks, hooks);
    noteOtherCrops(request, hooks);
    const groups = continued?.groups ?? planned(request, pass, hooks);
    const group = continued?.group ?? groups[0];
    const product = await chooseSymmetricProduct(threads, Math.max(...pass.layers.map(jointUnits)));
    capture = new Capture(request, pass, { group, after: continued?.arrays }, product, hooks);
    pass.begin();
    const algebra = [product.title, pass.fusion?.title].filter(Boolean).join(', ');
    const layers = pass.layers.slice(group.first, group.first + group.count).map(({ name }) => name);
    await pass.run(capture, 'capturing', {
      'linear algebra': algebra,
      // Left out of the usual single pass.
      ...(groups.length > 1 && { layers: layers.join(', ') }),
    });
    return [await capture.finish(), groups, { batch: pass.batch, data: pass.data }];
  } catch (error) {
    throw await explained(error, request, pass.networks, pass.samples);
  } finally {
    await capture?.drain();
    await pass.close();
  }
}

function planned(request: CaptureRequest, pass: DataPass, hooks: NotingHooks): LayerGroup[] {
  const folds = request.folds ? 2 : 1;
  const layers = pass.layers.map((layer, index) =>
    momentBytesOf(layer, folds, resamplingOf(layer, extrasOf(request, index), pass, hooks)),
  );
  const bounds = momentBounds(request.memoryBytes, pass.memory.left);
  const groups = planPasses(layers, bounds);
  if (groups.length > 1) hooks.note(passesWords(groups, layers, bounds));
  return groups;
}

/** The layer map has neither intervals nor nulls. */
function extrasOf(request: CaptureRequest, index: number): CaptureExtras | null {
  return index < request.layers.length ? request.extras : null;
}

/** The sink of a first pass, or of one of several: of its group's layers. */
class Capture implements BatchSink {
  readonly #request: CaptureRequest;
  readonly #pass: DataPass;
  /** Of the pass's layers; every other list here has one entry for each of them. */
  readonly #indices: number[];
  readonly #first: number;
  readonly #after: ArrayFile | undefined;
  readonly #product: SymmetricProduct;
  readonly #resampling: Resampling[];
  readonly #accumulators: (LayerAccumulator | FusedMoments)[];
  readonly #samples: (ActivationSample | null)[];
  readonly #averages: (AverageInputs | null)[];
  /** Of layers whose moments are taken in the graph: where average inputs read every image's means over positions. */
  readonly #pooled: AccumulatorPart[][];
  readonly #hooks: CaptureHooks;
  readonly readsInputs: boolean;

  /** @param place the layers, and the file of the passes before, to which the arrays are added */
  constructor(
    request: CaptureRequest,
    pass: DataPass,
    { group, after }: { group: LayerGroup; after?: ArrayFile },
    product: SymmetricProduct,
    hooks: CaptureHooks,
  ) {
    this.#request = request;
    this.#pass = pass;
    this.#first = group.first;
    this.#indices = Array.from({ length: group.count }, (_, at) => group.first + at);
    this.#after = after;
    this.#product = product;
    this.#hooks = hooks;
    const { layers, memory, batch } = pass;
    this.#resampling = this.#indices.map((index) =>
      resamplingOf(layers[index], extrasOf(request, index), pass, hooks),
    );
    const ring = new BlockRing(
      memory,
      Math.max(
        ...this.#indices.map((index) =>
          packedBlockBytes(jointUnits(layers[index]), layers[index].positions, batch),
        ),
      ),
    );
    const isMine = (index: number) => this.#indices.includes(index);
    this.#accumulators = layers.flatMap((layer, index): (LayerAccumulator | FusedMoments)[] => {
      const resampling = this.#resampling[index - group.first] ?? { blocks: 0, shuffle: null };
      const options = {
        layer: layer.name,
        folds: request.folds ? (2 as const) : (1 as const),
        topK: request.topK,
        runs: runEnds(pass.samples, resampling.blocks),
      };
      // The graph makes those of all its layers, in every pass.
      const inGraph = pass.fusion?.momentsOf(index, options);
      if (!isMine(index)) return [];
      if (inGraph) return [inGraph];
      const parts = pass.partsOf(index);
      const { shuffle } = resampling;
      const { positions } = layer;
      const sampled = { parts, positions, mask: pass.maskOf(index) };
      return [new LayerAccumulator({ ...options, ...sampled, batch, shuffle, memory, ring, product })];
    });
    this.#samples = this.#indices.map((index) => this.#sampleOf(index, request.extras));
    this.#pooled = this.#indices.map(() => []);
    this.#averages = this.#indices.map((index, at) => this.#averageOf(index, at, request.extras));
    this.readsInputs = this.#averages.some((average) => average !== null);
  }

  async add(images: Int32Array, folds: Uint8Array, inputs: Float32Array): Promise<void> {
    for (const [index, accumulator] of this.#accumulators.entries()) {
      const average = this.#averages[index];
      if (accumulator instanceof FusedMoments) {
        await accumulator.add(images, folds);
        this.#pooled[index].forEach(({ source }, part) => {
          const values = accumulator.pooled[part];
          this.#pass.memory.float32(source, values.length).set(values);
        });
        average?.add(images.length, folds, inputs);
        continue;
      }
      average?.add(images.length, folds, inputs);
      this.#samples[index]?.add(images.length, folds);
      await accumulator.add(images, folds);
    }
  }

  async finish(): Promise<CaptureSummary> {
    const finishing = performance.now();
    const accumulated = await Promise.all(this.#accumulators.map((accumulator) => accumulator.finish()));
    const inputs = await this.#topInputs(accumulated);
    const captured = accumulated.map((layer, index): CapturedArrays => ({
      ...layer,
      sample: this.#samples[index],
      average: this.#averages[index]?.finish() ?? null,
      inputs: inputs[index] ?? null,
    }));
    const pass = this.#pass;
    const arrays = writeCapture(
      this.#after ?? this.#request.outFile,
      captured,
      this.#first,
      this.#request.extras,
    );
    pass.timings.accumulateMs += performance.now() - finishing;
    return {
      images: pass.samples,
      testImages: pass.testImages,
      ...(pass.skipped.length > 0 && { skipped: pass.skipped }),
      orderHash: pass.orderHash,
      layers: captured.map((layer, at) => this.#describe(this.#indices[at], layer)),
      providers: pass.networks.map((network) => network.provider),
      linearAlgebra: this.#algebra(),
      timings: pass.timings,
      arrays,
    };
  }

  async settle(): Promise<void> {
    for (const accumulator of this.#accumulators) await accumulator.settle();
  }

  save(state: StateWriter): void {
    for (const [name, part] of this.#parts()) part.save(state.within(name));
  }

  restore(state: StateReader): void {
    for (const [name, part] of this.#parts()) part.restore(state.within(name));
  }

  /** Everything that batches are added to. */
  #parts(): [string, Resumable][] {
    const named = (kind: string, parts: readonly (Resumable | null)[]) =>
      parts.flatMap((part, layer): [string, Resumable][] => (part ? [[`${layer}/${kind}`, part]] : []));
    return [
      ...named('moments', this.#accumulators),
      ...named('sample', this.#samples),
      ...named('average', this.#averages),
    ];
  }

  /** Products read kernel memory and may not outlive the pass. */
  async drain(): Promise<void> {
    for (const accumulator of this.#accumulators) await accumulator.drain();
  }

  /** Of the recipe's layers; none where the data cannot be read again. */
  async #topInputs(accumulated: AccumulatedLayer[]): Promise<ShownInputs[]> {
    const { data } = this.#pass;
    if (!data) return [];
    const recipeLayers = Math.max(0, this.#request.layers.length - this.#first);
    const tops = accumulated.slice(0, recipeLayers).map(({ top }) => top);
    if (tops.length === 0) return [];
    try {
      return await topPictures(data, tops, () => this.#hooks.checkpoint());
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
      this.#hooks.note(`Pictures of top inputs are not kept in the project: ${error.message}`);
      return [];
    }
  }

  /** Where products were computed. */
  #algebra(): string {
    const inGraph = this.#pass.fusion?.title ?? '';
    const isMixed = this.#accumulators.some((accumulator) => accumulator instanceof LayerAccumulator);
    if (inGraph === '') return this.#product.title;
    return isMixed ? `${inGraph}; other layers ${this.#product.title}` : inGraph;
  }

  #geometryOf(index: number): TensorGeometry[] | undefined {
    if (index >= this.#request.layers.length) return undefined;
    const { networks, bound } = this.#pass;
    const axes = (network: number) => {
      const format = bound[network]?.format;
      return format ? positionSizes(format) : [];
    };
    return this.#pass.layers[index].parts.map(({ network, tensor, plan }) => ({
      channels: plan.channels,
      height: plan.height,
      width: plan.width,
      field: fieldOf(networks[network], tensor, axes(network)),
    }));
  }

  #sampleOf(index: number, extras: CaptureExtras | null): ActivationSample | null {
    if (!extras || (extras.sampleRows === 0 && extras.bins === 0)) return null;
    const { positions } = this.#pass.layers[index];
    if (index >= this.#request.layers.length) return null;
    const mask = this.#pass.maskOf(index);
    const layer = { parts: this.#pass.partsOf(index), positions, mask, memory: this.#pass.memory };
    const rows = extras.bins > 0 ? edgeRows(this.#pass.layers, index) : extras.sampleRows;
    return new ActivationSample(
      layer,
      this.#pass.trainSamples(index),
      Math.max(rows, extras.sampleRows),
      extras.seed,
    );
  }

  /** @param at the layer's place among those of this pass */
  #averageOf(index: number, at: number, extras: CaptureExtras | null): AverageInputs | null {
    if (!extras?.averageInputs || index >= this.#request.layers.length) return null;
    const { layers, memory, averaged, trainImages, batch } = this.#pass;
    if (!averaged || layers[index].mask) return null;
    const isInGraph = this.#accumulators[at] instanceof FusedMoments;
    if (isInGraph)
      this.#pooled[at] = this.#pass.partsOf(index).map((part) => {
        return { ...part, source: memory.reserve(batch * part.units * 4) };
      });
    const parts = isInGraph ? this.#pooled[at] : this.#pass.partsOf(index);
    const positions = isInGraph ? 1 : layers[index].positions;
    return AverageInputs.of({ parts, positions, memory }, averaged.format, trainImages, extras.seed);
  }

  #describe(index: number, captured: CapturedArrays): CapturedLayer {
    const layer = this.#pass.layers[index];
    const sample = this.#request.layers[index]?.sample ?? { kind: 'image-mean' };
    const kept = captured.sample?.rows ?? 0;
    const { average, inputs } = captured;
    const geometry = this.#geometryOf(index);
    return {
      name: layer.name,
      sample,
      units: unitsOf(layer, this.#pass.networks.length),
      samples: captured.samples[0],
      testSamples: captured.samples[1] ?? 0,
      positions: layer.positions,
      ...(layer.isMasked && { isMasked: true as const }),
      blocks: captured.blocks.map((block) => block.n),
      shuffles: captured.nulls.length,
      sampleRows: Math.min(kept, this.#request.extras?.sampleRows ?? 0),
      edgeSamples: this.#request.extras?.bins ? kept : 0,
      ...(average && {
        averageInput: {
          images: average.images,
          channels: average.channels,
          rows: average.rows,
          cols: average.cols,
        },
      }),
      ...(geometry && { geometry }),
      ...(inputs && { topInputs: withoutArrays(inputs) }),
      ...(index >= this.#request.layers.length && {
        layerUnits: this.#pass.networks.map((_, network) =>
          layer.parts.filter((part) => part.network === network).map(({ plan }) => plan.units),
        ),
      }),
    };
  }
}

/** Whether moments, statistics, top inputs and average inputs are all that is wanted: they can be taken in the graph. */
function areMomentsEnough({ extras, layers }: CaptureRequest, layer: number): boolean {
  return (
    layer < layers.length &&
    (!extras || (extras.shuffles === 0 && extras.sampleRows === 0 && extras.bins === 0))
  );
}

/** Nothing is known of where saved activations came from. */
function fieldOf(network: ActivationSource, tensor: string, axes: number[]): ReceptiveField {
  return 'session' in network
    ? receptiveFieldOf(network.file.model, tensor, axes)
    : { kind: 'whole', because: 'saved activations, whose network is not known' };
}

function withoutArrays({ images: _images, values: _values, ...facts }: ShownInputs) {
  return facts;
}

/** Ends of as many runs of images as there are blocks, as equal as can be; one run when there are none. */
function runEnds(images: number, blocks: number): number[] {
  const runs = Math.max(1, Math.min(blocks, images));
  return Array.from({ length: runs }, (_, run) => Math.floor(((run + 1) * images) / runs));
}
