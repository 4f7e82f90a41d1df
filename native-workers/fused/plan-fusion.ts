import type { SampleRule } from '#core/domain/recipe.ts';
import type { ConcreteProvider } from '#core/domain/provider.ts';
import { isModel, type ActivationSource } from '../capture/activation-source.ts';
import { jointUnits, type LayerPlan } from '../capture/tap-plan.ts';
import type { TappedSession } from '../capture/tapped-session.ts';
import { standardOpset } from './graph-nodes.ts';
import { obstacleToMerging } from './merge-models.ts';
import type { ProductPrecision } from './moment-head.ts';
import { isSampledInGraph } from './sampled-tensor.ts';
import { weightsOf } from './weight-folders.ts';

/**
 * CONSILIENCE_MOMENTS: `auto`, `captured` (every activation leaves the graph), `fused` (moments and samples are taken in
 * the graph wherever they can be, products in float32) or `fused-float64` (the same, products in float64).
 */
export type FusionMode = 'auto' | 'captured' | 'fused' | 'fused-float64';

/** What is taken inside the graphs. */
export interface FusionPlan {
  /** Layers of which only moments leave; all networks are then one graph. */
  moments: number[];
  /** Parts of which only samples leave. */
  sampled: { layer: number; part: number; network: number }[];
  precision: ProductPrecision;
  /** Why layers that could be fused on this provider are not, in words. */
  obstacle: string | null;
}

export interface FusionInput {
  networks: readonly ActivationSource[];
  layers: readonly LayerPlan[];
  /** Of every layer. */
  rules: readonly SampleRule[];
  /** Whether moments, statistics and top inputs are all that is wanted of a layer. */
  wantsMoments: readonly boolean[];
  batch: number;
  samples: number;
}

/** What is multiplied image by image in the graph may take this much of the provider's memory. */
const productValues = 2 ** 28;
/** Operators that the appended nodes need. */
const oldestOpset = 11n;
/**
 * An activation that stays in the graph saves 9 to 28 ns of processor time (samples, ResNet-18), opening the networks
 * once more costs about 0.1 s: samples are taken in the graph from so many activations of a network on.
 */
const worthwhileValues = 2 ** 24;

export function fusionMode(wish = process.env.CONSILIENCE_MOMENTS): FusionMode {
  return wish === 'captured' || wish === 'fused' || wish === 'fused-float64' ? wish : 'auto';
}

/**
 * Which layers leave the graph as moments, and which tensors as samples. Moments in the graph cost the processor more
 * than packing and BLAS do (docs/performance.md), so on the CPU they are taken there only when asked for; on other
 * providers wherever the products are fewer than the activations.
 */
export function planFusion(input: FusionInput, mode: FusionMode): FusionPlan {
  const models = input.networks.filter(isModel);
  const precision = precisionOf(models, mode);
  const none: FusionPlan = { moments: [], sampled: [], precision, obstacle: null };
  if (mode === 'captured') return none;
  const isForced = mode !== 'auto';
  const fits = input.layers.flatMap((layer, index) =>
    input.wantsMoments[index] && areMomentsSmaller(layer, input.batch) ? [index] : [],
  );
  const isWanted = models.length === input.networks.length && (isForced || isOffProcessor(models));
  const obstacle = isWanted && fits.length > 0 ? obstacleTo(models) : null;
  const moments = isWanted && obstacle === null ? fits : [];
  return { moments, sampled: sampledParts(input, moments, isForced), precision, obstacle };
}

/**
 * Float64 unless it is not to be had or float32 was asked for: on a data-centre card it costs nothing beside the
 * networks, and its error is a fifth (docs/performance.md).
 */
function precisionOf(models: readonly TappedSession[], mode: FusionMode): ProductPrecision {
  if (mode === 'fused-float64') return 'float64';
  return mode === 'auto' && models.every(({ provider }) => provider.used === 'cuda') ? 'float64' : 'float32';
}

/** Sums of products leave instead of activations: they are fewer, and those of single images fit the memory. */
function areMomentsSmaller(layer: LayerPlan, batch: number): boolean {
  const units = jointUnits(layer);
  const isPlain = layer.parts.every(({ plan }) => plan.reduce === null);
  return (
    isPlain &&
    // Every position would be summed, padding too.
    !layer.mask &&
    layer.positions > 1 &&
    2 * units <= batch * layer.positions &&
    batch * units ** 2 <= productValues
  );
}

function isOffProcessor(models: readonly TappedSession[]): boolean {
  return models.every(({ provider }) => provider.used !== 'cpu');
}

function obstacleTo(models: readonly TappedSession[]): string | null {
  const used = new Set(models.map(({ provider }) => provider.used as ConcreteProvider));
  if (used.size > 1) return 'the networks run on different providers';
  const old = models.find(({ file }) => !canAppend(file.model));
  if (old) return `${old.name} is of opset ${standardOpset(old.file.model)}`;
  if (!weightsOf(models.map(({ file }) => file))) return 'their weights lie on different drives';
  if (models.reduce((sum, { file }) => sum + file.bytes.length, 0) >= 2 ** 31)
    return 'the networks together exceed 2 GiB';
  return obstacleToMerging(models.map(({ name, file }) => ({ name, model: file.model })));
}

function sampledParts(
  input: FusionInput,
  moments: readonly number[],
  isForced: boolean,
): FusionPlan['sampled'] {
  const parts = input.layers.flatMap((layer, index) =>
    moments.includes(index)
      ? []
      : layer.parts.flatMap(({ network, plan }, part) =>
          isSampledInGraph(input.rules[index], plan)
            ? [{ layer: index, part, network, values: plan.channels * plan.height * plan.width }]
            : [],
        ),
  );
  const saved = (network: number) =>
    input.samples * parts.reduce((sum, part) => sum + (part.network === network ? part.values : 0), 0);
  return parts
    .filter(({ network }) => {
      const source = input.networks[network];
      if (!isModel(source) || !canAppend(source.file.model)) return false;
      return isForced || moments.length > 0 || saved(network) >= worthwhileValues;
    })
    .map(({ layer, part, network }) => ({ layer, part, network }));
}

/** A model without standard operators is given them with the nodes. */
function canAppend(model: TappedSession['file']['model']): boolean {
  const opset = standardOpset(model);
  return opset === 0n || opset >= oldestOpset;
}
