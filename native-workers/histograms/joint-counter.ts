import { AppError } from '#core/errors.ts';
import { createRandom, type Random } from '#core/random.ts';
import type { AccumulatorPart } from '../accumulate/layer-accumulator.ts';
import type { KernelMemory } from '../accumulate/pack-units.ts';
import type { Resumable, StateArray, StateReader, StateWriter } from '../accumulate/saved-state.ts';
import { countCodesWasm } from './count-codes.wasm.ts';

/** The kernel's functions, all addresses in bytes: see count-codes.as.ts. */
interface CountKernel {
  encodeUnits(
    source: number,
    codes: number,
    images: number,
    units: number,
    positions: number,
    stride: number,
    column: number,
    keep: number,
    edges: number,
    bins: number,
  ): void;
  countCodes(
    codesA: number,
    codesB: number,
    stride: number,
    samples: number,
    turn: number,
    unitsA: number,
    unitsB: number,
    firstGroup: number,
    endGroup: number,
    bins: number,
    tables: number,
    counts: number,
  ): void;
}

export interface CounterOptions {
  parts: AccumulatorPart[];
  positions: number;
  /** Address of what each batch brings beside: uint8 [images, positions], 0 = no sample; 0: all are. */
  mask?: number;
  /** Largest number of images in a batch. */
  batch: number;
  memory: KernelMemory;
  /** Pairs of networks, by index. */
  pairs: [number, number][];
  /** 2 to 16. */
  bins: number;
  /** [joint units x (bins - 1)], NaN where a unit has fewer. */
  edges: Float64Array;
  seed: number;
  /** Left out: shuffled images are counted too. */
  isShuffled?: boolean;
  /** A random half of the images is counted by itself too. */
  hasHalves?: boolean;
}

export interface JointCounts {
  /** [units of A x units of B x bins x bins] */
  between: Uint32Array;
  /** The same with the images of B shuffled, positions kept. */
  shuffled: Uint32Array;
  /** Counts of a half of the images, where they were asked for. */
  half: Uint32Array | null;
}

/** What the kernel's tables of 16-bit numbers can hold. */
const mostSamples = 65_535;
/** Codes are counted once this many samples are there, so that clearing and summing tables stays a small part. */
const usualSamples = 49_152;
/** More than there will be: networks of a pair make one number of their indices. */
const mostNetworks = 2 ** 20;
/** Counts of all pairs, with and without shuffling. */
const mostCountBytes = 2 ** 31;

/**
 * Joint histograms of all pairs of units of two networks, exact, over the training samples of a stream of batches;
 * and the same with the images of the second network shuffled: within a run of counted images the second network is
 * rotated by a random number of images, so the images must come in a random order. A run of one image has nothing to
 * rotate and is left out of the shuffled counts. The half of the images that is counted by itself is the first half of
 * every run, or every other run of one image.
 *
 * Where some positions are no samples, those that are follow each other without gaps, and the second network is rotated
 * to the start of a random image, at least an image's length away: positions are not kept then.
 *
 * Memory: 8 bytes (12 with halves) x unitsA x unitsB x bins^2 a pair of networks, and one byte a unit and sample of a run.
 */
export class JointCounter implements Resumable {
  readonly #options: CounterOptions;
  /** One a pair, so that a pair's shuffles are the same whatever other pairs are counted beside it. */
  readonly #randoms: Random[];
  readonly #firstUnit: number[];
  /** Room for the samples of a run, a multiple of 16 so that rows stay aligned. */
  readonly #stride: number;
  readonly #codes: number[];
  readonly #edges: number[];
  readonly #keep: number;
  readonly #tables: number;
  readonly #counts: { between: number; shuffled: number; half: number }[];
  #kernel: CountKernel | null = null;
  #runs = 0;
  /** Of the run: where each of its images ends among its samples. */
  #ends: number[] = [];

  /** Reserves its kernel memory; the memory must be frozen before `add`. */
  constructor(options: CounterOptions) {
    const { parts, positions, batch, memory, pairs, bins, seed } = options;
    this.#options = options;
    this.#randoms = pairs.map(([a, b]) => createRandom(seed + a * mostNetworks + b));
    requireRoom(options);
    this.#firstUnit = parts.map((_, index) =>
      parts.slice(0, index).reduce((sum, { units }) => sum + units, 0),
    );
    const samples = Math.min(mostSamples, Math.max(usualSamples, 2 * positions, batch * positions));
    this.#stride = Math.ceil(samples / 16) * 16;
    this.#codes = parts.map(({ units }) => memory.reserve(Math.ceil(units / 2) * this.#stride));
    this.#edges = parts.map(({ units }) => memory.reserve(Math.max(1, units) * (bins - 1) * 4));
    this.#keep = memory.reserve(batch);
    const row = Math.ceil(bins ** 2 / 8) * 8;
    this.#tables = memory.reserve(2 * 2 * (bins ** 2 + bins) * row);
    this.#counts = pairs.map(([a, b]) => {
      const bytes = parts[a].units * parts[b].units * bins ** 2 * 4;
      return {
        between: memory.reserve(bytes),
        shuffled: memory.reserve(bytes),
        half: options.hasHalves ? memory.reserve(bytes) : 0,
      };
    });
  }

  /** Adds the batch at the parts' source addresses; `folds` 0 = training. */
  add(images: number, folds: Uint8Array): Promise<void> {
    const { memory, positions } = this.#options;
    const most = Math.floor(Math.min(this.#stride, mostSamples) / positions);
    const keep = memory.uint8(this.#keep, this.#options.batch).fill(0);
    for (let first = 0, end = 0; first < images; first = end) {
      keep.fill(0);
      let room = most - this.#ends.length;
      for (end = first; end < images && (room > 0 || folds[end] !== 0); end++) {
        if (folds[end] !== 0) continue;
        keep[end] = 1;
        room--;
      }
      this.#encode(images, most - this.#ends.length - room);
      if (room === 0) this.#count();
    }
    return Promise.resolve();
  }

  finish(): Promise<JointCounts[]> {
    this.#count();
    const { memory, parts, pairs, bins } = this.#options;
    const copy = (address: number, length: number) =>
      new Uint32Array(memory.int32(address, length).slice().buffer);
    return Promise.resolve(
      pairs.map(([a, b], index) => {
        const length = parts[a].units * parts[b].units * bins ** 2;
        const { between, shuffled, half } = this.#counts[index];
        const counts = { between: copy(between, length), shuffled: copy(shuffled, length) };
        if (!this.#options.hasHalves) return { ...counts, half: null };
        // `between` holds the other half so far.
        const first = copy(half, length);
        for (let at = 0; at < length; at++) counts.between[at] += first[at];
        return { ...counts, half: first };
      }),
    );
  }

  save(state: StateWriter): void {
    state.put('counters', Int32Array.of(this.#runs, this.#ends.length));
    if (this.#options.mask) state.put('ends', Int32Array.from(this.#ends));
    this.#randoms.forEach((random, pair) => state.put(`random-${pair}`, random.state()));
    for (const [name, length, pieces] of this.#codesOfRun()) state.putPieces(name, 'uint8', length, pieces);
    for (const [name, counts] of this.#countArrays()) state.put(name, counts);
  }

  /** The memory must be frozen. */
  restore(state: StateReader): void {
    const random = new Int32Array(4);
    this.#randoms.forEach((each, pair) => {
      state.into(`random-${pair}`, random);
      each.setState(random);
    });
    const counters = new Int32Array(2);
    state.into('counters', counters);
    const [runs, images] = counters;
    this.#runs = runs;
    const ends = Int32Array.from({ length: images }, (_, image) => (image + 1) * this.#options.positions);
    if (this.#options.mask) state.into('ends', ends);
    this.#ends = [...ends];
    if (images > 0) this.#kernel = this.#start();
    for (const [name, length, pieces] of this.#codesOfRun()) state.intoPieces(name, length, pieces);
    for (const [name, counts] of this.#countArrays()) state.into(name, counts);
  }

  /** The codes of the run that is not counted yet: of each network's rows, two units in each, what is filled. */
  #codesOfRun(): [string, number, StateArray[]][] {
    const { memory, parts } = this.#options;
    const filled = this.#samples;
    return parts.map(({ units }, part) => {
      const rows = Math.ceil(units / 2);
      const row = (index: number) => memory.uint8(this.#codes[part] + index * this.#stride, filled);
      return [`codes-${part}`, rows * filled, Array.from({ length: rows }, (_, index) => row(index))];
    });
  }

  #countArrays(): [string, Int32Array][] {
    const { memory, parts, pairs, bins, hasHalves } = this.#options;
    return pairs.flatMap(([a, b], index) => {
      const length = parts[a].units * parts[b].units * bins ** 2;
      const { between, shuffled, half } = this.#counts[index];
      const counts = (name: string, address: number): [string, Int32Array] => [
        `${name}-${index}`,
        memory.int32(address, length),
      ];
      return [
        counts('between', between),
        counts('shuffled', shuffled),
        ...(hasHalves ? [counts('half', half)] : []),
      ];
    });
  }

  /** Puts the codes of the kept images behind those of the run. */
  #encode(images: number, kept: number): void {
    if (kept === 0) return;
    const { parts, positions, bins } = this.#options;
    const kernel = (this.#kernel ??= this.#start());
    parts.forEach(({ units, source }, part) => {
      kernel.encodeUnits(
        source,
        this.#codes[part],
        images,
        units,
        positions,
        this.#stride,
        this.#samples,
        this.#keep,
        this.#edges[part],
        bins,
      );
    });
    this.#closeUp(images);
  }

  /** Samples of the run. */
  get #samples(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** Says where the images that were just encoded end, and leaves out of their codes what is no sample. */
  #closeUp(images: number): void {
    const { memory, mask, parts, positions } = this.#options;
    const keep = memory.uint8(this.#keep, images);
    const first = this.#samples;
    let [from, to] = [first, first];
    const moves: { to: number; from: number; count: number }[] = [];
    for (let image = 0; image < images; image++) {
      if (keep[image] === 0) continue;
      const counts = mask ? memory.uint8(mask + image * positions, positions) : null;
      for (const { start, end } of counts ? runsOf(counts) : [{ start: 0, end: positions }]) {
        moves.push({ to, from: from + start, count: end - start });
        to += end - start;
      }
      from += positions;
      this.#ends.push(to);
    }
    if (to === from) return;
    parts.forEach(({ units }, part) => {
      for (let row = 0; row < Math.ceil(units / 2); row++) {
        const codes = memory.uint8(this.#codes[part] + row * this.#stride, from);
        for (const move of moves) codes.copyWithin(move.to, move.from, move.from + move.count);
      }
    });
  }

  #start(): CountKernel {
    const { memory, parts, bins, edges } = this.#options;
    parts.forEach(({ units }, part) => {
      const to = memory.float32(this.#edges[part], units * (bins - 1));
      const start = this.#firstUnit[part] * (bins - 1);
      for (let at = 0; at < to.length; at++) to[at] = roundedDown(edges[start + at]);
    });
    return memory.kernel(countCodesWasm) as unknown as CountKernel;
  }

  /** Counts the run and begins another. */
  #count(): void {
    const { parts, bins, pairs } = this.#options;
    const [ends, samples, kernel] = [this.#ends, this.#samples, this.#kernel];
    this.#ends = [];
    const images = ends.length;
    if (images === 0 || !kernel) return;
    const split = !this.#options.hasHalves ? 0 : images > 1 ? images >> 1 : this.#runs++ & 1;
    const middle = split === 0 ? 0 : ends[split - 1];
    const turns = turnsOf(ends);
    pairs.forEach(([a, b], index) => {
      const { between, shuffled, half } = this.#counts[index];
      const count = (first: number, end: number, turn: number, counts: number) => {
        if (end === first) return;
        kernel.countCodes(
          this.#codes[a] + first,
          this.#codes[b] + first,
          this.#stride,
          end - first,
          turn,
          parts[a].units,
          parts[b].units,
          0,
          Math.ceil(parts[a].units / 2),
          bins,
          this.#tables,
          counts,
        );
      };
      count(0, middle, 0, half);
      count(middle, samples, 0, between);
      if (turns.length > 0 && this.#options.isShuffled !== false)
        count(0, samples, turns[this.#randoms[index].nextInt(turns.length)], shuffled);
    });
  }
}

/** By how many samples a run may be rotated to the start of another image, none meeting its own image again. */
function turnsOf(ends: readonly number[]): number[] {
  const samples = ends.at(-1) ?? 0;
  const longest = ends.reduce((most, end, image) => Math.max(most, end - (ends[image - 1] ?? 0)), 0);
  return ends.slice(0, -1).filter((turn) => turn >= longest && samples - turn >= longest);
}

/** Runs of positions that are samples. */
function runsOf(counts: Uint8Array): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (let start = counts.indexOf(1); start >= 0;) {
    const zero = counts.indexOf(0, start);
    const end = zero < 0 ? counts.length : zero;
    runs.push({ start, end });
    start = counts.indexOf(1, end);
  }
  return runs;
}

function requireRoom({ parts, positions, pairs, bins, hasHalves }: CounterOptions): void {
  if (!Number.isInteger(bins) || bins < 2 || bins > 16)
    throw new RangeError(`Joint histograms have 2 to 16 bins, not ${bins}.`);
  if (positions > mostSamples) {
    throw new AppError(
      'not-available',
      `Mutual information counts at most ${mostSamples} positions an image, not ${positions}; use sample: image-mean or random.`,
    );
  }
  const each = hasHalves ? 12 : 8;
  const bytes = pairs.reduce((sum, [a, b]) => sum + each * parts[a].units * parts[b].units * bins ** 2, 0);
  if (bytes <= mostCountBytes) return;
  throw new AppError(
    'not-available',
    `The joint histograms of all pairs of units need ${(bytes / 2 ** 30).toFixed(1)} GiB, more than 2 GiB; use fewer ` +
      'networks, pairs or bins at once.',
  );
}

/** The largest float32 not above x: for float32 values "v > x" and "v > this" are the same. */
function roundedDown(x: number): number {
  const near = Math.fround(x);
  if (!(near > x)) return near;
  const bits = new Int32Array(Float32Array.of(near).buffer);
  // One step towards minus infinity; 0 steps to the smallest negative number.
  if (near === 0) bits[0] = -2147483647;
  else bits[0] += near > 0 ? -1 : 1;
  return new Float32Array(bits.buffer)[0];
}
