import { providerTitles } from '#core/domain/provider.ts';
import { isModel } from '../capture/activation-source.ts';
import type { CaptureHooks } from '../capture/capture-hooks.ts';
import { runtimeReason } from '../capture/runtime.ts';
import type { TappedSession } from '../capture/tapped-session.ts';
import {
  openFusedGraph,
  runFusedGraph,
  tryFusedGraph,
  type FusedBatch,
  type FusedGraph,
  type GraphInput,
} from './fused-graph.ts';
import { FusedMoments, type FusedMomentsOptions } from './fused-moments.ts';
import type { MomentHead } from './moment-head.ts';
import { fusionMode, planFusion, type FusionMode, type FusionPlan } from './plan-fusion.ts';

/** What of a pass is computed inside the networks' graphs, so that fewer activations leave the runtime. */
export class Fusion {
  readonly #graphs: FusedGraph[];
  readonly #plan: FusionPlan;
  readonly #input: GraphInput;
  readonly #moments: (FusedMoments | undefined)[] = [];

  /**
   * Opens the graphs in place of the networks' own sessions; null where nothing is gained. Where a provider refuses
   * them, the activations are captured, and a note says why.
   */
  static async open(
    input: GraphInput,
    hooks: Pick<CaptureHooks, 'note'>,
    mode: FusionMode = fusionMode(),
  ): Promise<Fusion | null> {
    const plan = planFusion(input, mode);
    const captured = (reason: string) =>
      hooks.note(
        `Activations leave the networks' graph, since moments cannot be taken inside it: ${reason}.`,
      );
    if (plan.obstacle) captured(plan.obstacle);
    const groups =
      plan.moments.length > 0
        ? [input.networks.map((_, network) => network)]
        : [...new Set(plan.sampled.map(({ network }) => network))].map((network) => [network]);
    if (groups.length === 0) return null;
    const graphs: FusedGraph[] = [];
    try {
      for (const group of groups) {
        const graph = await openFusedGraph(group, plan, input);
        graphs.push(graph);
        if (graph.moments.length > 0 || isOnCard(input)) await tryFusedGraph(graph, input);
      }
    } catch (error) {
      for (const { session } of graphs) await session.release();
      captured(runtimeReason(error));
      return null;
    }
    for (const { networks, session } of graphs) {
      for (const network of networks) {
        const own = input.networks[network] as TappedSession;
        await own.session.release();
        own.session = session;
      }
    }
    return new Fusion(graphs, plan, input);
  }

  private constructor(graphs: FusedGraph[], plan: FusionPlan, input: GraphInput) {
    this.#graphs = graphs;
    this.#plan = plan;
    this.#input = input;
  }

  /** What a layer's moments come in, where they are taken in the graph. */
  headOf(layer: number): MomentHead | null {
    return this.#graphs.flatMap(({ moments }) => moments).find((one) => one.layer === layer)?.head ?? null;
  }

  /** The accumulator of a layer whose moments are taken in the graph, which `run` fills; null for other layers. */
  momentsOf(layer: number, options: Omit<FusedMomentsOptions, 'networks'>): FusedMoments | null {
    const head = this.headOf(layer);
    if (!head) return null;
    const networks = this.#input.layers[layer].parts.map(({ network }) => this.#input.networks[network].name);
    return (this.#moments[layer] = new FusedMoments(head, { ...options, networks }));
  }

  /** Whether a part's samples come out of the graph as they are. */
  isSampled(layer: number, part: number): boolean {
    return this.#plan.sampled.some((one) => one.layer === layer && one.part === part);
  }

  hasNetwork(network: number): boolean {
    return this.#graphs.some(({ networks }) => networks.includes(network));
  }

  /** Runs the graph that begins with this network; others of a graph are run with it. */
  async run(network: number, batch: Omit<FusedBatch, 'moments'>): Promise<void> {
    const graph = this.#graphs.find(({ networks }) => networks[0] === network);
    if (graph) await runFusedGraph(graph, { ...batch, moments: this.#moments });
  }

  /** Layers of which a part's samples come out of the graph, as stored with results; empty where there are none. */
  get sampledTitle(): string {
    const layers = [...new Set(this.#plan.sampled.map(({ layer }) => this.#input.layers[layer].name))];
    return layers.length === 0 ? '' : `samples taken inside the networks' graph (${layers.join(', ')})`;
  }

  /** As stored with results; empty where only samples are taken in the graph. */
  get title(): string {
    const { moments, precision } = this.#plan;
    if (moments.length === 0) return '';
    const provider = this.#input.networks.find(isModel)?.provider.used ?? 'cpu';
    const names = moments.map((layer) => this.#input.layers[layer].name).join(', ');
    return `onnxruntime inside the networks' graph (${names}: ${precision} products on ${providerTitles[provider]}, merged in float64)`;
  }
}

function isOnCard({ networks }: GraphInput): boolean {
  return networks.some((network) => isModel(network) && network.provider.used !== 'cpu');
}
