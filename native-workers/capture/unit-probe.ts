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
import { openArraySource, type ArraySource } from '../data/array-source.ts';
import { sampleDecoder } from '../data/decode-samples.ts';
import { pickSamples } from '../data/pick-samples.ts';
import { batchShape, sampleFormat, type SampleFormat } from '../data/sample-format.ts';
import { receptiveFieldOf } from '../onnx/receptive-field.ts';
import { unitFilterOf } from '../onnx/unit-filter.ts';
import { chooseBatch } from './batch-size.ts';
import { layoutOf } from './sampling.ts';
import { runtime } from './runtime.ts';
import { fixedBatch, requireInputFits, runFailure, tapDimensions, withKnownRanks } from './tap-plan.ts';
import { openTappedSession, type SessionOptions, type TappedSession } from './tapped-session.ts';

/** Sessions kept open: stepping through the units of a pair, and of the layer before. */
const keptSessions = 4;
const idleMs = 60_000;

/** One tensor of one network, ready to run. */
interface Probe {
  session: TappedSession;
  source: ArraySource;
  format: SampleFormat;
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
      const { session, format, channels, height, width } = await this.#open(request);
      const { model } = session.file;
      const axes = format.layout === 'NC' ? [] : [format.height, format.width];
      return {
        ...{ channels, height, width },
        field: receptiveFieldOf(model, request.tensor, axes),
        filters: request.channels.map((channel) => unitFilterOf(model, request.tensor, channel)),
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
      await this.#run(probe, [...placesOf.keys()], (image, activations) => {
        for (const { look, at } of placesOf.get(image) ?? []) {
          const start = request.looks[look].channel * plane;
          values[look].set(activations.subarray(start, start + plane), at * plane);
        }
      });
      return { height, width, values };
    });
  }

  async #run(
    { session, source, format }: Probe,
    images: number[],
    take: (image: number, activations: Float32Array) => void,
  ): Promise<void> {
    const { Tensor } = runtime();
    const decode = sampleDecoder(format);
    const fixed = fixedBatch([session]);
    const batch = fixed ?? chooseBatch([await dimensionsOf(session, format)], null);
    for (let first = 0; first < images.length; first += batch) {
      const part = images.slice(first, first + batch);
      const count = fixed ?? part.length;
      const inputs = new Float32Array(count * format.values);
      decode(await pickSamples(source, format, part), part.length, inputs);
      try {
        const feeds = { [session.inputName]: new Tensor('float32', inputs, batchShape(format, count)) };
        const name = session.taps[0].output;
        const { [name]: output } = await session.session.run(feeds, [name]);
        const data = output.data as Float32Array;
        const size = data.length / count;
        part.forEach((image, index) => take(image, data.subarray(index * size, (index + 1) * size)));
      } catch (error) {
        throw runFailure(session, error);
      }
    }
  }

  async #open(request: ProbeRequest): Promise<Probe> {
    const source = await openArraySource(request.data.path, request.data.key);
    const format = sampleFormat(source, request.data);
    const session = await this.#session(request, format);
    requireInputFits(session, format, source.label);
    const [{ dims, unitAxes }] = await dimensionsOf(session, format);
    return { session, source, format, ...layoutOf(dims, unitAxes) };
  }

  #session(
    { network, tensor, axes, provider, threads }: ProbeRequest,
    format: SampleFormat,
  ): Promise<TappedSession> {
    const { size, mtimeMs } = statSync(network.modelPath);
    const key = [network.modelPath, size, mtimeMs, tensor, axes, provider, threads].join('\n');
    const known = this.#sessions.get(key);
    const session =
      known ??
      this.#opened(
        {
          ...network,
          tensors: [{ tensor, axes: axes ?? null }],
          provider,
          threads: threads ?? availableParallelism(),
        },
        format,
      );
    // Last used last.
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    session.catch(() => this.#sessions.delete(key));
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= keptSessions) break;
      this.#release(oldest);
    }
    return session;
  }

  async #opened(options: SessionOptions, format: SampleFormat): Promise<TappedSession> {
    const session = await openTappedSession(options);
    return withKnownRanks(session, options, format);
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

function dimensionsOf(session: TappedSession, format: SampleFormat) {
  return tapDimensions(session, format, fixedBatch([session]) ?? 1);
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
