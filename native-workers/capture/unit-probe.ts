import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type {
  ActivationMaps,
  GeometryRequest,
  MapsRequest,
  ProbeRequest,
  UnitGeometry,
} from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { openDataset, type Dataset } from '../data/dataset.ts';
import { FeedReader } from '../data/feed-reader.ts';
import { feedBytes } from '../data/feeds.ts';
import { positionSizes } from '../data/sample-format.ts';
import { pickedRows } from '../data/show-inputs.ts';
import { maskRows } from '../data/token-mask.ts';
import { newFeedArray } from '../data/write-feed.ts';
import { receptiveFieldOf } from '../onnx/receptive-field.ts';
import { unitFilterOf } from '../onnx/unit-filter.ts';
import { chooseBatch } from './batch-size.ts';
import { bindInputs, type BoundNetwork } from './bind-inputs.ts';
import { FeedList, feedTensors } from './feed-tensors.ts';
import { fixedBatch, runFailure, tapDimensions, withKnownRanks } from './tap-plan.ts';
import { layoutOf } from './sampling.ts';
import { openTappedSession, type SessionOptions, type TappedSession } from './tapped-session.ts';

/** Sessions kept open: stepping through the units of a pair, and of the layer before. */
const keptSessions = 4;
const idleMs = 60_000;

/** One tensor of one network, ready to run. */
interface Probe {
  bound: BoundNetwork;
  dataset: Dataset;
  channels: number;
  height: number;
  width: number;
}

/**
 * Looks into single tensors on single samples. Sessions are kept for a minute, so that stepping through units does not
 * load the network each time. One request is answered after the other.
 */
class UnitProbe {
  readonly #sessions = new Map<string, Promise<TappedSession>>();
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  geometry(request: GeometryRequest): Promise<UnitGeometry> {
    return this.#inTurn(async () => {
      const { bound, dataset, channels, height, width } = await this.#open(request);
      dataset.close();
      const { file } = bound.session;
      const axes = bound.format ? positionSizes(bound.format) : [];
      return {
        ...{ channels, height, width },
        field: receptiveFieldOf(file.model, request.tensor, axes, orderOf(bound)),
        filters: request.channels.map((channel) => unitFilterOf(file, request.tensor, channel)),
      };
    });
  }

  maps(request: MapsRequest): Promise<ActivationMaps> {
    return this.#inTurn(async () => {
      const probe = await this.#open(request);
      const { channels, height, width } = probe;
      const beyond = request.looks.find(({ channel }) => channel >= channels);
      if (beyond)
        throw new AppError(
          'bad-request',
          `"${request.tensor}" has ${channels} channels; there is no number ${beyond.channel}.`,
        );
      const plane = height * width;
      const values = request.looks.map(({ images }) => new Float32Array(images.length * plane));
      const placesOf = placesByImage(request.looks);
      await this.#run(probe, request, [...placesOf.keys()], (image, activations, counts) => {
        for (const { look, at } of placesOf.get(image) ?? []) {
          const start = request.looks[look].channel * plane;
          const map = values[look].subarray(at * plane, (at + 1) * plane);
          map.set(activations.subarray(start, start + plane));
          if (counts?.length === plane)
            for (let place = 0; place < plane; place++) if (counts[place] === 0) map[place] = NaN;
        }
      });
      return { height, width, values };
    });
  }

  async #run(
    { bound, dataset }: Probe,
    { data }: MapsRequest,
    images: number[],
    take: (image: number, activations: Float32Array, counts: Uint8Array | undefined) => void,
  ): Promise<void> {
    const list = new FeedList();
    for (const input of bound.inputs) if ('feed' in input) list.indexOf(input.feed);
    const { feeds } = list;
    const reader = await FeedReader.open(dataset, data, feeds, pickedRows);
    const fixed = fixedBatch([bound]);
    const bytes = feeds.reduce((sum, feed) => sum + feedBytes(feed), 0);
    const batch = fixed ?? chooseBatch([await dimensionsOf(bound)], null, bytes, 'processor');
    try {
      const masks = await maskRows(dataset, data, images);
      for (let first = 0; first < images.length; first += batch) {
        const part = images.slice(first, first + batch);
        const count = fixed ?? part.length;
        const inputs = feeds.map((feed) => newFeedArray(feed, count));
        await reader.read(part, inputs);
        const tensors = feedTensors(bound, count, (feed) => inputs[list.indexOf(feed)]);
        const name = bound.session.taps[0].output;
        const { [name]: output } = await bound.session.session
          .run(tensors, [name])
          .catch((error: unknown) => {
            throw runFailure(bound.session, error);
          });
        const values = output.data as Float32Array;
        const size = values.length / count;
        part.forEach((image, index) =>
          take(image, values.subarray(index * size, (index + 1) * size), masks?.get(image)),
        );
      }
    } finally {
      reader.close();
      dataset.close();
    }
  }

  async #open(request: ProbeRequest): Promise<Probe> {
    const { key, options, session } = this.#session(request);
    const dataset = await openDataset(request.data);
    try {
      const binding = await bindInputs(await session, request.network, dataset, request.data);
      const bound = await withKnownRanks(binding, options).catch((error: unknown) => {
        this.#sessions.delete(key);
        throw error;
      });
      this.#sessions.set(key, Promise.resolve(bound.session));
      const [{ dims, unitAxes }] = await dimensionsOf(bound);
      return { bound, dataset, ...layoutOf(dims, unitAxes) };
    } catch (error) {
      dataset.close();
      throw error;
    }
  }

  #session({ network, tensor, axes, provider, threads }: ProbeRequest) {
    const { size, mtimeMs } = statSync(network.modelPath);
    const key = [network.modelPath, size, mtimeMs, tensor, axes, provider, threads].join('\n');
    const known = this.#sessions.get(key);
    const options: SessionOptions = {
      ...network,
      tensors: [{ tensor, axes: axes ?? null }],
      provider,
      threads: threads ?? availableParallelism(),
    };
    const session = known ?? openTappedSession(options);
    // Last used last.
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    session.catch(() => this.#sessions.delete(key));
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= keptSessions) break;
      this.#release(oldest);
    }
    return { key, options, session };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.#turn.then(work);
    this.#turn = answer.catch(() => undefined);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#releaseAll(), idleMs);
    this.#timer.unref();
    return answer;
  }

  #releaseAll(): void {
    this.#turn = this.#turn.then(() => {
      for (const key of this.#sessions.keys()) this.#release(key);
    });
  }

  #release(key: string): void {
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    session?.then((open) => open.session.release()).catch(() => undefined);
  }
}

/** Whether the network reads its pictures or sequences with channels first or last. */
function orderOf({ inputs }: BoundNetwork): 'first' | 'last' {
  const isLast = inputs.some(
    (input) => 'feed' in input && input.feed.kind !== 'rows' && input.feed.order === 'last',
  );
  return isLast ? 'last' : 'first';
}

function dimensionsOf(bound: BoundNetwork) {
  return tapDimensions(bound, fixedBatch([bound]) ?? 1);
}

/** Where each sample's maps go. */
function placesByImage(looks: MapsRequest['looks']): Map<number, { look: number; at: number }[]> {
  const places = new Map<number, { look: number; at: number }[]>();
  looks.forEach(({ images }, look) =>
    images.forEach((image, at) => {
      const known = places.get(image);
      if (known) known.push({ look, at });
      else places.set(image, [{ look, at }]);
    }),
  );
  return places;
}

export const unitProbe = new UnitProbe();
