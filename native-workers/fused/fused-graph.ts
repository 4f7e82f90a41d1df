import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import type { ConcreteProvider } from '#core/domain/provider.ts';
import { AppError } from '#core/errors.ts';
import type { KernelMemory } from '../accumulate/pack-units.ts';
import type { BoundNetwork } from '../capture/bind-inputs.ts';
import { feedTensors, zeroTensors } from '../capture/feed-tensors.ts';
import type { PassBuffers } from '../capture/pass-buffers.ts';
import { releaseCopies } from '../capture/release-copies.ts';
import { runtime, type OrtSession, type OrtTensor } from '../capture/runtime.ts';
import type { LayerPlan, Tap } from '../capture/tap-plan.ts';
import { createSession, type TappedSession } from '../capture/tapped-session.ts';
import type { Feed, FeedArray } from '../data/feeds.ts';
import { tapModel } from '../onnx/tap-model.ts';
import { FusedMoments, type Outputs } from './fused-moments.ts';
import { GraphNodes, standardOpset } from './graph-nodes.ts';
import { mergedName, mergeNetworks } from './merge-models.ts';
import { appendMomentHead, outputsOf, type MomentHead } from './moment-head.ts';
import type { FusionInput, FusionPlan } from './plan-fusion.ts';
import { appendSampled, type SampledTensor } from './sampled-tensor.ts';
import { weightsOf } from './weight-folders.ts';

/** Opset of graphs whose networks import no standard operators. */
const ownOpset = 17n;
const prefix = 'consilience/fused';

/** One graph of one or all networks, out of which moments and samples come instead of activations. */
export interface FusedGraph {
  /** Indices of its networks. */
  networks: number[];
  session: OrtSession;
  /** Of every network of `networks`: what its inputs are called in the graph. */
  inputs: Map<string, string>[];
  /** Tensors that leave as they are. */
  taps: { network: number; tap: Tap; output: string }[];
  sampled: ({ layer: number; part: number } & SampledTensor)[];
  moments: { layer: number; head: MomentHead }[];
}

export interface GraphInput extends FusionInput {
  bound: readonly (BoundNetwork | null)[];
  taps: readonly Tap[][];
  threads: number;
}

/** Opens the graph of some networks; their own sessions are left open. */
export async function openFusedGraph(
  networks: number[],
  plan: FusionPlan,
  input: GraphInput,
): Promise<FusedGraph> {
  const isMerged = networks.length > 1;
  const sessions = networks.map((network) => input.networks[network] as TappedSession);
  const nameOf = (network: number, tensor: string) =>
    isMerged ? mergedName(networks.indexOf(network), tensor) : tensor;
  const nodes = new GraphNodes(prefix, standardOpset(sessions[0].file.model) || ownOpset);
  const sampled = plan.sampled
    .filter(({ network }) => networks.includes(network))
    .map(({ layer, part, network }) => {
      const { output, plan: sampling } = input.layers[layer].parts[part];
      const name = `${prefix}/layer-${layer}/${part}`;
      const tensor = nameOf(network, output);
      return { layer, part, ...appendSampled(nodes, name, tensor, input.rules[layer], sampling) };
    });
  const moments = plan.moments.map((layer) => {
    const { parts, positions } = input.layers[layer];
    const tensors = parts.map(({ network, output, plan: { units } }) => ({
      ...{ tensor: nameOf(network, output), units },
    }));
    const name = `${prefix}/layer-${layer}`;
    return { layer, head: appendMomentHead(nodes, name, tensors, positions, plan.precision) };
  });
  const taps = networks.flatMap((network) =>
    input.taps[network]
      .filter((tap) => isStillTapped(network, tap, plan, input.layers))
      .map((tap) => ({ network, tap, output: nameOf(network, tap.output) })),
  );
  const outputs = [
    ...taps.map(({ output }) => output),
    ...sampled.map(({ output }) => output),
    ...moments.flatMap(({ head }) => outputsOf(head)),
  ];
  const inputs = isMerged
    ? sharedInputs(networks.map((network) => input.bound[network]))
    : [new Map<string, string>()];
  const weights = weightsOf(sessions.map(({ file }) => file));
  if (!weights) throw new AppError('internal', 'Weights on different drives were to be one graph.');
  const bytes = isMerged
    ? mergedBytes(sessions, weights.under, inputs, nodes, outputs)
    : tapModel(sessions[0].file, outputs, [...sessions[0].tapNodes, ...nodes.nodes], nodes.inputs);
  const provider = sessions[0].provider.used as ConcreteProvider;
  const session = await createSession(bytes, weights, provider, input.threads);
  return { networks, session, inputs, taps, sampled, moments };
}

/** Runs a graph on a batch of zeros: a provider may take a graph and refuse to run it, or have no room for it. */
export async function tryFusedGraph(graph: FusedGraph, { bound, batch }: GraphInput): Promise<void> {
  const feeds: Outputs = {};
  graph.networks.forEach((network, index) => {
    for (const [name, tensor] of Object.entries(zeroTensors(bound[network] as BoundNetwork, batch)))
      feeds[graph.inputs[index].get(name) ?? name] = tensor;
  });
  for (const { places } of graph.sampled)
    if (places) feeds[places.input] = placesTensor(places, new Int32Array(batch), batch);
  for (const { head } of graph.moments) {
    const trial = new FusedMoments(head, { layer: '', networks: [], folds: 1, topK: 1, runs: [batch] });
    Object.assign(feeds, trial.feeds(batch, new Uint8Array(batch), batch));
  }
  await graph.session.run(feeds);
}

/** What a graph is run on. */
export interface FusedBatch {
  images: Int32Array;
  folds: Uint8Array;
  /** Images the graph is run on: at least as many, where the networks insist on a number. */
  rows: number;
  bound: readonly (BoundNetwork | null)[];
  valuesOf: (feed: Feed) => FeedArray;
  memory: KernelMemory;
  buffers: Pick<PassBuffers, 'bufferOf' | 'source'>;
  /** Of every layer; undefined where it has none. */
  moments: readonly (FusedMoments | undefined)[];
}

/** Runs a graph: samples and tensors are written straight into kernel memory, moments handed to their accumulators. */
export async function runFusedGraph(graph: FusedGraph, batch: FusedBatch): Promise<void> {
  const { Tensor } = runtime();
  const { rows, images, folds, memory, buffers } = batch;
  const feeds: Outputs = {};
  graph.networks.forEach((network, index) => {
    const bound = batch.bound[network] as BoundNetwork;
    for (const [name, tensor] of Object.entries(feedTensors(bound, rows, batch.valuesOf)))
      feeds[graph.inputs[index].get(name) ?? name] = tensor;
  });
  for (const { places } of graph.sampled)
    if (places) feeds[places.input] = placesTensor(places, images, rows);
  const fetches: Outputs = {};
  const into = (output: string, address: number, dims: number[]) => {
    const values = dims.reduce((product, size) => product * size, rows);
    fetches[output] = new Tensor('float32', memory.float32(address, values), [rows, ...dims]);
  };
  for (const { network, tap, output } of graph.taps)
    into(output, buffers.bufferOf(network, tap.output).address, tap.dims);
  for (const { layer, part, output, dims } of graph.sampled) into(output, buffers.source(layer, part), dims);
  const accumulators = graph.moments.flatMap(({ layer, head }) => {
    const accumulator = batch.moments[layer];
    return accumulator ? [{ head, accumulator }] : [];
  });
  const withMoments = () => {
    for (const { accumulator } of accumulators)
      Object.assign(feeds, accumulator.feeds(images.length, folds, rows));
  };
  if (accumulators.some(({ accumulator }) => accumulator.needsShift)) {
    withMoments();
    const sums = accumulators.flatMap(({ head }) => head.statistics.map(([first]) => first));
    const outputs = await graph.session.run(feeds, sums);
    for (const { accumulator } of accumulators) accumulator.learnShift(outputs, images.length);
  }
  withMoments();
  const made = accumulators.flatMap(({ head }) => outputsOf(head));
  const outputs = await graph.session.run(feeds, {
    ...fetches,
    ...Object.fromEntries(made.map((name) => [name, null])),
  });
  releaseCopies(Object.fromEntries(Object.keys(fetches).map((name) => [name, outputs[name]])), memory);
  for (const { accumulator } of accumulators) accumulator.receive(outputs);
}

/** Whether some layer takes the tensor itself. */
function isStillTapped(
  network: number,
  tap: Tap,
  { moments, sampled }: FusionPlan,
  layers: readonly LayerPlan[],
): boolean {
  return layers.some(
    ({ parts }, layer) =>
      !moments.includes(layer) &&
      parts.some(
        (part, index) =>
          part.network === network &&
          part.output === tap.output &&
          !sampled.some((one) => one.layer === layer && one.part === index),
      ),
  );
}

/** Inputs that read the same feed in the same shape are one. */
function sharedInputs(bound: readonly (BoundNetwork | null)[]): Map<string, string>[] {
  const names = new Map<string, string>();
  return bound.map((network, index) => {
    const own = new Map<string, string>();
    for (const input of network?.inputs ?? []) {
      if (!('feed' in input)) {
        own.set(input.name, mergedName(index, input.name));
        continue;
      }
      const key = JSON.stringify([input.feed, input.type, input.dims]);
      const name = names.get(key) ?? `feed-${names.size}`;
      names.set(key, name);
      own.set(input.name, name);
    }
    return own;
  });
}

function mergedBytes(
  sessions: readonly TappedSession[],
  weightsUnder: readonly string[],
  inputs: readonly Map<string, string>[],
  nodes: GraphNodes,
  outputs: readonly string[],
): Uint8Array {
  const merged = mergeNetworks(
    sessions.map(({ name, file, tapNodes }, index) => ({
      name,
      model: file.model,
      tapNodes,
      inputs: inputs[index],
      weightsUnder: weightsUnder[index],
    })),
  );
  const isStandard = merged.opsetImport.some(({ domain }) => domain === '' || domain === 'ai.onnx');
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: merged.irVersion,
      opsetImport: [...merged.opsetImport, ...(isStandard ? [] : [{ domain: '', version: ownOpset }])],
      graph: {
        name: 'consilience',
        node: [...merged.graph.node, ...nodes.nodes],
        initializer: merged.graph.initializer,
        sparseInitializer: merged.graph.sparseInitializer,
        input: [...merged.graph.input, ...nodes.inputs],
        output: outputs.map((name) => ({ name })),
      },
    }),
  );
}

function placesTensor(
  { of }: NonNullable<SampledTensor['places']>,
  images: Int32Array,
  rows: number,
): OrtTensor {
  const { Tensor } = runtime();
  const places = Array.from(images, (image) => of(image));
  const count = places[0].length;
  const values = new BigInt64Array(rows * count);
  places.flat().forEach((position, at) => (values[at] = BigInt(position)));
  return new Tensor('int64', values, [rows, count]);
}
