import type { SampleRule } from '#core/domain/recipe.ts';
import type { EngineLayer } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { readAxes } from '#core/domain/tensor-axes.ts';
import type { TokenMask } from '../data/token-mask.ts';
import { axesReader } from '../onnx/default-axes.ts';
import type { BoundNetwork } from './bind-inputs.ts';
import { zeroTensors } from './feed-tensors.ts';
import { planSampling, type SamplingPlan } from './sampling.ts';
import { runtimeReason } from './runtime.ts';
import {
  isTapOf,
  openTappedSession,
  type SessionOptions,
  type SessionTap,
  type TappedSession,
  type TensorChoice,
} from './tapped-session.ts';

/** A network, whatever its activations come from. */
type Named = Pick<TappedSession, 'name'>;

/** One tapped tensor of one network: its dimensions without the sample axis, units first. */
export interface Tap extends Pick<SessionTap, 'tensor' | 'axes' | 'output' | 'unitAxes'> {
  dims: number[];
}

/** The tensor that a layer takes of a network. */
export function choiceOf(layer: EngineLayer, network: string): TensorChoice {
  return { tensor: layer.tensors[network], axes: layer.axes?.[network] ?? null };
}

/** The batch size the networks insist on, or null when all are free. */
export function fixedBatch(networks: readonly BoundNetwork[]): number | null {
  const fixed = new Map<number, string>();
  for (const { session, batch } of networks) if (batch !== null) fixed.set(batch, session.name);
  if (fixed.size > 1) {
    const list = [...fixed].map(([size, name]) => `${name} ${size}`).join(', ');
    throw new AppError(
      'bad-model',
      `The networks have different fixed batch sizes (${list}); export them with a dynamic first axis.`,
    );
  }
  return fixed.size === 1 ? [...fixed.keys()][0] : null;
}

/** Dimensions of every tapped tensor: as declared where known, else seen in one run on zeros. */
export async function tapDimensions(network: BoundNetwork, batch: number): Promise<Tap[]> {
  const { session } = network;
  // A first axis of another name than an input's may be that of samples and more.
  const isSamples = (size: number | string) =>
    typeof size === 'number' || (size !== '' && session.inputs.some(({ shape }) => shape[0] === size));
  // A tensor of unknown rank is declared with no dimensions at all.
  const isKnown = session.taps.every(
    ({ shape }) =>
      shape.length > 1 && isSamples(shape[0]) && shape.slice(1).every((size) => typeof size === 'number'),
  );
  for (const tap of session.taps)
    if (tap.shape.length > 0) requireSamplesFirst(session, tap, tap.shape, batch);
  if (isKnown) return session.taps.map((tap) => ({ ...tap, dims: tap.shape.slice(1) as number[] }));
  const outputs = await runOnZeros(network, batch);
  return session.taps.map((tap) => {
    const { dims } = outputs[tap.output];
    requireSamplesFirst(session, tap, dims, batch);
    return { ...tap, dims: dims.slice(1) };
  });
}

/** One run on inputs of zeros, for what only a run tells. */
export async function runOnZeros(network: BoundNetwork, batch: number) {
  const { session } = network;
  try {
    return await session.session.run(
      zeroTensors(network, batch),
      session.taps.map((tap) => tap.output),
    );
  } catch (error) {
    throw runFailure(session, error);
  }
}

/** A first axis of another size than the batch is not that of the samples, or not of them alone. */
function requireSamplesFirst(
  { name, file }: TappedSession,
  { tensor }: SessionTap,
  dims: readonly (number | string)[],
  batch: number,
): void {
  if (typeof dims[0] === 'string' || dims[0] === batch) return;
  throw new AppError(
    'bad-recipe',
    `Tensor "${tensor}" of ${name} (${file.fileName}) has ${dims[0] ?? 'no'} rows for ${batch} ` +
      `input${batch === 1 ? '' : 's'}, so its first axis is not that of the inputs; say what its axes are (axes: TNC), ` +
      'or choose another tensor.',
    { tensor },
  );
}

/**
 * The network with its session opened again where tensors of a rank that the file does not tell have axes to be put in
 * order: a run on zeros tells the rank. Where that fails the session is released.
 */
export async function withKnownRanks(bound: BoundNetwork, options: SessionOptions): Promise<BoundNetwork> {
  const { session } = bound;
  const hasUnknownRank = (tap: SessionTap) => tap.shape.length === 0 && tap.axes === null;
  if (!session.taps.some(hasUnknownRank)) return bound;
  const taps = await tapDimensions(bound, bound.batch ?? 1).catch(async (error: unknown) => {
    await session.session.release();
    throw error;
  });
  const axesOf = axesReader(session.file.model);
  const isInOrder = (tap: Tap) => {
    const axes = axesOf(tap.tensor, [null, ...tap.dims]);
    return axes === null || readAxes(axes).order.every((axis, at) => axis === at);
  };
  const unknown = taps.filter((_, index) => hasUnknownRank(session.taps[index]));
  if (unknown.every(isInOrder)) return bound;
  await session.session.release();
  const tensors = options.tensors.map((choice) => {
    const tap = unknown.find((candidate) => isTapOf(candidate, choice));
    return tap ? { ...choice, rank: tap.dims.length + 1 } : choice;
  });
  return { ...bound, session: await openTappedSession({ ...options, tensors }) };
}

export function runFailure(session: TappedSession, error: unknown): AppError {
  return new AppError(
    'run-failed',
    `${session.name} (${session.file.fileName}) failed while running: ${runtimeReason(error)}`,
    { network: session.name },
    error,
  );
}

/** The units that one tensor of one network brings to a layer. */
export interface PlannedPart {
  /** Index of the network. */
  network: number;
  tensor: string;
  /** Name of the graph output. */
  output: string;
  plan: SamplingPlan;
}

export interface LayerPlan {
  name: string;
  /** In network order; a layer map has several parts a network. */
  parts: PlannedPart[];
  positions: number;
  /** Which positions are samples; null: all. */
  mask: TokenMask | null;
  /** Whether padding is left out, of the samples or of what each is made of. */
  isMasked: boolean;
}

/** Units of each network, in network order. */
export function unitsOf(layer: LayerPlan, networks: number): number[] {
  const units = new Array<number>(networks).fill(0);
  for (const { network, plan } of layer.parts) units[network] += plan.units;
  return units;
}

export function jointUnits(layer: LayerPlan): number {
  return layer.parts.reduce((sum, { plan }) => sum + plan.units, 0);
}

/** Plans the sampling of a layer in all networks and refuses positions that do not correspond. */
export function planLayer(
  layer: EngineLayer,
  sessions: readonly Named[],
  taps: readonly Tap[][],
  mask: TokenMask | null,
): LayerPlan {
  const parts = sessions.map((_, network) => planPart(layer, layer.sample, network, sessions, taps, mask));
  const isSpatial = layer.sample.kind === 'position' || layer.sample.kind === 'random';
  const [{ plan: first }] = parts;
  const differs = parts.findIndex(({ plan }) => plan.height !== first.height || plan.width !== first.width);
  if (isSpatial && differs > 0) {
    const size = ({ plan }: PlannedPart) => `${plan.height} x ${plan.width}`;
    throw new AppError(
      'bad-recipe',
      `Layer ${layer.name}: ${sessions[0].name} has ${size(parts[0])} positions, ${sessions[differs].name} has ` +
        `${size(parts[differs])}, so positions do not correspond; use sample: image-mean, image-max or centre.`,
    );
  }
  return { name: layer.name, parts, positions: first.positions, mask: first.mask, isMasked: first.isMasked };
}

/** How the layer map samples every tensor. */
export const layerMapRule: SampleRule = { kind: 'image-mean' };

/** All layers of every network side by side, one value a unit and image, so that any layer can be set against any. */
export function planLayerMap(
  layers: readonly EngineLayer[],
  sessions: readonly Named[],
  taps: readonly Tap[][],
  mask: TokenMask | null,
): LayerPlan {
  const parts = sessions.flatMap((_, network) =>
    layers.map((layer) => planPart(layer, layerMapRule, network, sessions, taps, mask)),
  );
  return { name: 'layer map', parts, positions: 1, mask: null, isMasked: mask !== null };
}

function planPart(
  layer: EngineLayer,
  rule: SampleRule,
  network: number,
  sessions: readonly Named[],
  taps: readonly Tap[][],
  mask: TokenMask | null,
): PlannedPart {
  const choice = choiceOf(layer, sessions[network].name);
  const tap = taps[network].find((candidate) => isTapOf(candidate, choice));
  if (!tap) throw new AppError('internal', `Layer ${layer.name} was not tapped.`);
  const { tensor, output, dims, unitAxes } = tap;
  const label = `"${tensor}" of ${sessions[network].name}`;
  return {
    network,
    tensor,
    output,
    plan: planSampling([0, ...dims], rule, layer.name, label, unitAxes, mask),
  };
}
