import type { SampleRule } from '#core/domain/recipe.ts';
import type { EngineLayer } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import type { BoundNetwork } from './bind-inputs.ts';
import { zeroTensors } from './feed-tensors.ts';
import { planSampling, type SamplingPlan } from './sampling.ts';
import { runtimeReason } from './runtime.ts';
import type { TappedSession } from './tapped-session.ts';

/** A network, whatever its activations come from. */
type Named = Pick<TappedSession, 'name'>;

/** One tapped tensor of one network: its dimensions without the sample axis. */
export interface Tap {
  tensor: string;
  dims: number[];
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
  // A tensor of unknown rank is declared with no dimensions at all.
  const isKnown = session.taps.every(
    ({ shape }) => shape.length > 1 && shape.slice(1).every((size) => typeof size === 'number'),
  );
  if (isKnown)
    return session.taps.map((tap) => ({ tensor: tap.tensor, dims: tap.shape.slice(1) as number[] }));
  try {
    const outputs = await session.session.run(
      zeroTensors(network, batch),
      session.taps.map((tap) => tap.tensor),
    );
    return session.taps.map(({ tensor }) => ({ tensor, dims: outputs[tensor].dims.slice(1) }));
  } catch (error) {
    throw runFailure(session, error);
  }
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
  plan: SamplingPlan;
}

export interface LayerPlan {
  name: string;
  /** In network order; a layer map has several parts a network. */
  parts: PlannedPart[];
  positions: number;
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
export function planLayer(layer: EngineLayer, sessions: readonly Named[], taps: readonly Tap[][]): LayerPlan {
  const parts = sessions.map((_, network) => planPart(layer, layer.sample, network, sessions, taps));
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
  return { name: layer.name, parts, positions: first.positions };
}

/** All layers of every network side by side, one value a unit and image, so that any layer can be set against any. */
export function planLayerMap(
  layers: readonly EngineLayer[],
  sessions: readonly Named[],
  taps: readonly Tap[][],
): LayerPlan {
  const parts = sessions.flatMap((_, network) =>
    layers.map((layer) => planPart(layer, { kind: 'image-mean' }, network, sessions, taps)),
  );
  return { name: 'layer map', parts, positions: 1 };
}

function planPart(
  layer: EngineLayer,
  rule: SampleRule,
  network: number,
  sessions: readonly Named[],
  taps: readonly Tap[][],
): PlannedPart {
  const tensor = layer.tensors[sessions[network].name];
  const dims = taps[network].find((tap) => tap.tensor === tensor)?.dims ?? [];
  const label = `"${tensor}" of ${sessions[network].name}`;
  return { network, tensor, plan: planSampling([0, ...dims], rule, layer.name, label) };
}
