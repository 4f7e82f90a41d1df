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
import type { ShardLayer, ShardSummary } from '#core/ipc/shard.ts';
import { BlockRing } from '../accumulate/block-ring.ts';
import { ActivationSample } from '../accumulate/activation-sample.ts';
import { AverageInputs } from '../accumulate/average-inputs.ts';
import { LayerAccumulator, type AccumulatorPart, packedBlockBytes } from '../accumulate/layer-accumulator.ts';
import { FusedMoments } from '../fused/fused-moments.ts';
import type { Resumable, StateReader, StateWriter } from '../accumulate/saved-state.ts';
import { partialArrays, type PartialLayer } from '../accumulate/shard-arrays.ts';
import { runOf, runsWithin } from '../data/shard-range.ts';
import { writeArrayFile } from '../files/array-file.ts';
import { positionSizes } from '../data/sample-format.ts';
import { receptiveFieldOf } from '../onnx/receptive-field.ts';
import type { SymmetricProduct } from '../linalg/symmetric-product.ts';
import type { ActivationSource } from './activation-source.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import type { BatchSink, DataPass } from './data-pass.ts';
import type { LayerGroup } from './moment-passes.ts';
import { edgeRows, resamplingOf, shardShuffle, type Resampling } from './resampling.ts';
import { jointUnits, unitsOf } from './tap-plan.ts';
import { keptPictures, withoutArrays } from './kept-pictures.ts';
import { writeCapture, type CapturedArrays } from './write-capture.ts';

/** The layer map has neither intervals nor nulls. */
export function extrasOf(request: CaptureRequest, index: number): CaptureExtras | null {
  return index < request.layers.length ? request.extras : null;
}

/** Of a captured layer, what its description tells. */
interface Described {
  samples: number[];
  blocks: number[];
  shuffles: number;
  /** Kept samples. */
  kept: number;
  average: { images: number; channels: number; rows: number; cols: number } | null;
  inputs: ShownInputs | null;
}

/** The sink of a first pass, or of one of several: of its group's layers. */
export class Capture implements BatchSink {
  readonly #request: CaptureRequest;
  readonly #pass: DataPass;
  /** Of the pass's layers; every other list here has one entry for each of them. */
  readonly #indices: number[];
  readonly #first: number;
  readonly #after: ArrayFile | undefined;
  readonly #product: SymmetricProduct;
  readonly #resampling: Resampling[];
  readonly #accumulators: (LayerAccumulator | FusedMoments)[];
  /** Whether any layer, of this pass or of another, has its moments taken outside the networks' graph. */
  readonly #hasProducts: boolean;
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
    let hasProducts = false;
    this.#accumulators = layers.flatMap((layer, index): (LayerAccumulator | FusedMoments)[] => {
      const resampling = this.#resampling[index - group.first] ?? { blocks: 0, shuffle: null };
      const options = {
        layer: layer.name,
        folds: request.folds ? (2 as const) : (1 as const),
        topK: request.topK,
        runs: runsWithin(runEnds(pass.samples, resampling.blocks), pass.range),
      };
      // The graph makes those of all its layers, in every pass.
      const inGraph = pass.fusion?.momentsOf(index, options);
      hasProducts ||= !inGraph;
      if (!isMine(index)) return [];
      if (inGraph) return [inGraph];
      const parts = pass.partsOf(index);
      const shuffle = shardShuffle(resampling, pass);
      const { positions } = layer;
      const sampled = { parts, positions, mask: pass.maskOf(index) };
      return [new LayerAccumulator({ ...options, ...sampled, batch, shuffle, memory, ring, product })];
    });
    this.#hasProducts = hasProducts;
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
          const values = accumulator.pooled(part);
          this.#pass.memory.float32(source, values.length).set(values);
        });
        average?.add(images.length, folds, inputs);
        accumulator.release();
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
    const { data } = this.#pass;
    const shown = accumulated.slice(0, Math.max(0, this.#request.layers.length - this.#first));
    const inputs = data && shown.length > 0 ? await keptPictures(data, shown, this.#hooks) : [];
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
      ...this.#facts(),
      layers: captured.map((layer, at) => {
        const { samples, blocks, nulls, average, inputs } = layer;
        return this.#describe(this.#indices[at], {
          samples,
          blocks: blocks.map((block) => block.n),
          shuffles: nulls.length,
          kept: layer.sample?.rows ?? 0,
          average,
          inputs,
        });
      }),
      arrays,
    };
  }

  #facts() {
    const pass = this.#pass;
    return {
      images: pass.samples,
      testImages: pass.testImages,
      ...(pass.skipped.length > 0 && { skipped: pass.skipped }),
      orderHash: pass.orderHash,
      providers: pass.networks.map((network) => network.provider),
      linearAlgebra: this.#algebra(),
      timings: pass.timings,
    };
  }

  #runEnds(at: number): number[] {
    return runEnds(this.#pass.samples, this.#resampling[at].blocks);
  }

  async finishShard(): Promise<ShardSummary> {
    const { shard, outFile } = this.#request;
    if (!shard) throw new AppError('internal', 'The request names no shard.');
    const pass = this.#pass;
    const finishing = performance.now();
    const layers: (PartialLayer & { firstRun: number })[] = [];
    for (const [at, accumulator] of this.#accumulators.entries())
      layers.push({
        ...(await accumulator.parts()),
        top: accumulator.top,
        sample: this.#samples[at],
        average: this.#averages[at],
        firstRun: runOf(this.#runEnds(at), pass.range.first),
      });
    const indices = this.#indices;
    const written = function* () {
      for (const [at, layer] of layers.entries()) yield* partialArrays(indices[at], layer.firstRun, layer);
    };
    const arrays = writeArrayFile(this.#after ?? outFile, written(), true);
    pass.timings.accumulateMs += performance.now() - finishing;
    return {
      ...this.#facts(),
      shard,
      range: pass.range,
      batch: pass.batch,
      layers: layers.map((layer, at) => this.#describePart(at, layer)),
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

  /** Where products were computed, in all passes. */
  #algebra(): string {
    const { title = '', sampledTitle = '' } = this.#pass.fusion ?? {};
    const others = title === '' ? this.#product.title : `other layers ${this.#product.title}`;
    return [title, this.#hasProducts || title === '' ? others : '', sampledTitle].filter(Boolean).join('; ');
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
    const kept = Math.max(rows, extras.sampleRows);
    const sample = new ActivationSample(layer, this.#pass.trainSamples(index), kept, extras.seed);
    sample.skip(this.#pass.trainSamplesBefore(index));
    return sample;
  }

  /** @param at the layer's place among those of this pass */
  #averageOf(index: number, at: number, extras: CaptureExtras | null): AverageInputs | null {
    if (!extras?.averageInputs || index >= this.#request.layers.length) return null;
    const { layers, memory, averaged, trainImages, trainImagesBefore, batch } = this.#pass;
    if (!averaged || layers[index].mask) return null;
    const isInGraph = this.#accumulators[at] instanceof FusedMoments;
    if (isInGraph)
      this.#pooled[at] = this.#pass.partsOf(index).map((part) => {
        return { ...part, source: memory.reserve(batch * part.units * 4) };
      });
    const parts = isInGraph ? this.#pooled[at] : this.#pass.partsOf(index);
    const positions = isInGraph ? 1 : layers[index].positions;
    const averages = AverageInputs.of(
      { parts, positions, memory },
      averaged.format,
      trainImages,
      extras.seed,
    );
    averages?.skip(trainImagesBefore);
    return averages;
  }

  #describePart(
    at: number,
    { runs, nulls, sample, average, firstRun }: PartialLayer & { firstRun: number },
  ): ShardLayer {
    const index = this.#indices[at];
    const { grid } = this.#averages[at] ?? {};
    return {
      ...this.#describe(index, {
        samples: runs[0].map((_, fold) => runs.reduce((sum, run) => sum + run[fold].joint.n, 0)),
        blocks: runs.map((run) => run[0].joint.n),
        shuffles: nulls.length,
        kept: 0,
        average: average && grid ? { ...grid, images: average.sums.n } : null,
        inputs: null,
      }),
      parts: this.#pass.layers[index].parts.map(({ plan }) => plan.units),
      folds: this.#request.folds ? 2 : 1,
      firstRun,
      runs: runs.length,
      allRuns: this.#runEnds(at).length,
      keptRows: this.#samples[at]?.rows ?? 0,
      firstKept: sample?.part().from ?? 0,
    };
  }

  #describe(index: number, captured: Described): CapturedLayer {
    const layer = this.#pass.layers[index];
    const sample = this.#request.layers[index]?.sample ?? { kind: 'image-mean' };
    const { kept, average, inputs } = captured;
    const geometry = this.#geometryOf(index);
    return {
      name: layer.name,
      sample,
      units: unitsOf(layer, this.#pass.networks.length),
      samples: captured.samples[0],
      testSamples: captured.samples[1] ?? 0,
      positions: layer.positions,
      ...(layer.isMasked && { isMasked: true as const }),
      blocks: captured.blocks,
      shuffles: captured.shuffles,
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

/** Nothing is known of where saved activations came from. */
function fieldOf(network: ActivationSource, tensor: string, axes: number[]): ReceptiveField {
  return 'session' in network
    ? receptiveFieldOf(network.file.model, tensor, axes)
    : { kind: 'whole', because: 'saved activations, whose network is not known' };
}

/** Ends of as many runs of images as there are blocks, as equal as can be; one run when there are none. */
function runEnds(images: number, blocks: number): number[] {
  const runs = Math.max(1, Math.min(blocks, images));
  return Array.from({ length: runs }, (_, run) => Math.floor(((run + 1) * images) / runs));
}
