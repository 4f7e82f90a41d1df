import { AppError } from '#core/errors.ts';
import { createRandom, type Random } from '#core/random.ts';
import type { AccumulatorPart } from '../accumulate/layer-accumulator.ts';
import type { KernelMemory } from '../accumulate/pack-units.ts';
import type { Resumable, StateArray, StateReader, StateWriter } from '../accumulate/saved-state.ts';
import type { CodedRun } from './coded-runs.ts';
import { CountThreads, groupsOf, tableBytes, type CounterJob } from './count-threads.ts';
import { encodeUnitsWasm } from './encode-units.wasm.ts';
import { pairInformation, type CountPlaces, type PairInformation } from './informations.ts';
import { KeptCodes } from './kept-codes.ts';
import { jobsOf, turnsOf } from './run-jobs.ts';

/** The kernel's function, all addresses in bytes: see encode-units.as.ts. */
interface EncodeKernel {
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
  /** Threads that count; left out: the caller's own. The counts are the same. */
  threads?: CountThreads;
  /** Codes are kept in this file, to be counted block by block (`BlockCounter`); left out: they are counted at once. */
  keepIn?: string;
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
export const usualSamples = 49_152;
/** More than there will be: networks of a pair make one number of their indices. */
const mostNetworks = 2 ** 20;
const pageBytes = 65_536;

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
 * Memory: `countBytes`, and half a byte a unit and sample of a run, shared by the threads that count; of the kernel
 * memory half a byte a unit and position of a batch.
 */
export class JointCounter implements Resumable {
  readonly #options: CounterOptions;
  /** One a pair, so that a pair's shuffles are the same whatever other pairs are counted beside it. */
  readonly #randoms: Random[];
  readonly #firstUnit: number[];
  /** In kernel memory: the codes of a batch, of every network [groups x batchStride]. */
  readonly #staged: number[];
  readonly #batchStride: number;
  readonly #edges: number[];
  readonly #keep: number;
  /** In memory that threads share: room for the samples of a run, a multiple of 16 so that rows stay aligned. */
  readonly #stride: number;
  readonly #codes: number[];
  readonly #counts: CountPlaces[];
  readonly #shared: WebAssembly.Memory;
  readonly #countJobs: (jobs: readonly CounterJob[]) => Promise<void>;
  /** Where codes are kept instead of counted. */
  readonly kept: KeptCodes | null;
  #kernel: EncodeKernel | null = null;
  #runs = 0;
  /** Of the run: where each of its images ends among its samples. */
  #ends: number[] = [];

  /** Reserves its kernel memory; the memory must be frozen before `add`. */
  constructor(options: CounterOptions) {
    const { parts, positions, batch, memory, pairs, bins, seed } = options;
    this.#options = options;
    this.#randoms = pairs.map(([a, b]) => createRandom(seed + a * mostNetworks + b));
    requireCountable(options);
    this.#firstUnit = parts.map((_, index) =>
      parts.slice(0, index).reduce((sum, { units }) => sum + units, 0),
    );
    this.#batchStride = roundedUp(batch * positions);
    this.#staged = parts.map(({ units }) => memory.reserve(groupsOf(units) * this.#batchStride));
    this.#edges = parts.map(({ units }) => memory.reserve(Math.max(1, units) * (bins - 1) * 4));
    this.#keep = memory.reserve(batch);
    this.#stride = roundedUp(Math.min(mostSamples, Math.max(usualSamples, 2 * positions, batch * positions)));
    let bytes = 1024;
    const reserve = (size: number) => {
      const address = bytes;
      bytes = roundedUp(address + size);
      return address;
    };
    this.#codes = parts.map(({ units }) => reserve(groupsOf(units) * this.#stride));
    const threads = options.threads ?? new CountThreads();
    const tables = Array.from({ length: threads.count }, () => reserve(tableBytes(bins)));
    const counted = options.keepIn === undefined ? pairs : [];
    this.#counts = counted.map(([a, b]) => {
      const size = parts[a].units * parts[b].units * bins ** 2 * 4;
      const half = options.hasHalves ? reserve(size) : 0;
      return { between: reserve(size), shuffled: reserve(size), half };
    });
    const units = parts.map((part) => part.units);
    this.kept = options.keepIn === undefined ? null : new KeptCodes(options.keepIn, units, pairs.length);
    const pages = Math.ceil(bytes / pageBytes);
    this.#shared = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#countJobs = threads.open(this.#shared, tables);
  }

  /** Memory of its counts and codes, taken as it is written to. */
  get bytes(): number {
    return this.#shared.buffer.byteLength;
  }

  /** Adds the batch at the parts' source addresses; `folds` 0 = training. */
  async add(images: number, folds: Uint8Array): Promise<void> {
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
      if (room === 0) await this.#count();
    }
  }

  /** All of the last run, too, is counted or kept after this. */
  end(): Promise<void> {
    return this.#count();
  }

  /** Information of every pair of networks, where codes were counted. */
  async informations(): Promise<PairInformation[]> {
    await this.end();
    const { parts, pairs, bins, hasHalves = false } = this.#options;
    const found = pairs.map(([a, b]) => pairInformation(parts[a].units, parts[b].units, hasHalves));
    await this.#countJobs(
      pairs.map(([a, b], index) => ({
        ...{ counts: this.#counts[index], firstRow: 0, endRow: parts[a].units, rowOfFirst: 0 },
        ...{ unitsB: parts[b].units, bins, into: found[index] },
      })),
    );
    return found;
  }

  /** Counts of every pair of networks, where codes were counted. */
  async finish(): Promise<JointCounts[]> {
    await this.end();
    const { parts, pairs, bins } = this.#options;
    const copy = (address: number, length: number) =>
      new Uint32Array(new Uint32Array(this.#shared.buffer, address, length));
    return pairs.map(([a, b], index) => {
      const length = parts[a].units * parts[b].units * bins ** 2;
      const { between, shuffled, half } = this.#counts[index];
      const counts = { between: copy(between, length), shuffled: copy(shuffled, length) };
      if (!this.#options.hasHalves) return { ...counts, half: null };
      // `between` holds the other half so far.
      const first = copy(half, length);
      for (let at = 0; at < length; at++) counts.between[at] += first[at];
      return { ...counts, half: first };
    });
  }

  save(state: StateWriter): void {
    state.put('counters', Int32Array.of(this.#runs, this.#ends.length));
    if (this.#options.mask) state.put('ends', Int32Array.from(this.#ends));
    this.#randoms.forEach((random, pair) => state.put(`random-${pair}`, random.state()));
    for (const [name, length, pieces] of this.#codesOfRun()) state.putPieces(name, 'uint8', length, pieces);
    for (const [name, counts] of this.#countArrays()) state.put(name, counts);
    this.kept?.save(state);
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
    this.kept?.restore(state);
  }

  /** The codes of the run that is not counted yet: of each network's rows, two units in each, what is filled. */
  #codesOfRun(): [string, number, StateArray[]][] {
    const filled = this.#samples;
    return this.#options.parts.map(({ units }, part) => {
      const rows = groupsOf(units);
      const row = (index: number) => this.#row(part, index).subarray(0, filled);
      return [`codes-${part}`, rows * filled, Array.from({ length: rows }, (_, index) => row(index))];
    });
  }

  #countArrays(): [string, Int32Array][] {
    const { parts, pairs, bins, hasHalves } = this.#options;
    return this.#counts.flatMap(({ between, shuffled, half }, index) => {
      const [a, b] = pairs[index];
      const length = parts[a].units * parts[b].units * bins ** 2;
      const counts = (name: string, address: number): [string, Int32Array] => [
        `${name}-${index}`,
        new Int32Array(this.#shared.buffer, address, length),
      ];
      return [
        counts('between', between),
        counts('shuffled', shuffled),
        ...(hasHalves ? [counts('half', half)] : []),
      ];
    });
  }

  /** The codes of two units in a run. */
  #row(part: number, group: number): Uint8Array {
    return new Uint8Array(this.#shared.buffer, this.#codes[part] + group * this.#stride, this.#stride);
  }

  /** Puts the codes of the kept images behind those of the run. */
  #encode(images: number, kept: number): void {
    if (kept === 0) return;
    const { parts, positions, bins } = this.#options;
    const kernel = (this.#kernel ??= this.#start());
    parts.forEach(({ units, source }, part) => {
      kernel.encodeUnits(
        source,
        this.#staged[part],
        images,
        units,
        positions,
        this.#batchStride,
        0,
        this.#keep,
        this.#edges[part],
        bins,
      );
    });
    this.#append(images);
  }

  /** Samples of the run. */
  get #samples(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** Copies what was just encoded and is a sample to the run, and says where its images end there. */
  #append(images: number): void {
    const { memory, mask, parts, positions } = this.#options;
    const keep = memory.uint8(this.#keep, images);
    let [from, to] = [0, this.#samples];
    const copies: { from: number; to: number; count: number }[] = [];
    for (let image = 0; image < images; image++) {
      if (keep[image] === 0) continue;
      const counts = mask ? memory.uint8(mask + image * positions, positions) : null;
      for (const { start, end } of counts ? runsOf(counts) : [{ start: 0, end: positions }]) {
        const last = copies.at(-1);
        if (last && last.from + last.count === from + start) last.count += end - start;
        else copies.push({ from: from + start, to, count: end - start });
        to += end - start;
      }
      from += positions;
      this.#ends.push(to);
    }
    parts.forEach(({ units }, part) => {
      for (let group = 0; group < groupsOf(units); group++) {
        const staged = memory.uint8(this.#staged[part] + group * this.#batchStride, from);
        const row = this.#row(part, group);
        for (const copy of copies) row.set(staged.subarray(copy.from, copy.from + copy.count), copy.to);
      }
    });
  }

  #start(): EncodeKernel {
    const { memory, parts, bins, edges } = this.#options;
    parts.forEach(({ units }, part) => {
      const to = memory.float32(this.#edges[part], units * (bins - 1));
      const start = this.#firstUnit[part] * (bins - 1);
      for (let at = 0; at < to.length; at++) to[at] = roundedDown(edges[start + at]);
    });
    return memory.kernel(encodeUnitsWasm) as unknown as EncodeKernel;
  }

  /** Counts or keeps the run, and begins another. */
  async #count(): Promise<void> {
    const { parts, bins, pairs, isShuffled } = this.#options;
    const [ends, samples] = [this.#ends, this.#samples];
    this.#ends = [];
    const images = ends.length;
    if (images === 0) return;
    const split = !this.#options.hasHalves ? 0 : images > 1 ? images >> 1 : this.#runs++ & 1;
    const possible = isShuffled === false ? [] : turnsOf(ends);
    const turn = (pair: number) =>
      possible.length === 0 ? 0 : possible[this.#randoms[pair].nextInt(possible.length)];
    const middle = split === 0 ? 0 : ends[split - 1];
    const run: CodedRun = { samples, middle, turns: Int32Array.from(pairs.keys(), turn) };
    if (this.kept) {
      this.kept.append(run, (part, group) => this.#row(part, group).subarray(0, samples));
      return;
    }
    const jobs = pairs.flatMap(([a, b], pair) => {
      const codes = { codesA: this.#codes[a], codesB: this.#codes[b], stride: this.#stride };
      const units = { unitsA: parts[a].units, unitsB: parts[b].units };
      return jobsOf(run, pair, { ...codes, ...units, bins }, this.#counts[pair]);
    });
    await this.#countJobs(jobs);
  }
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
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

/** What the counts of all pairs of networks take, by the units of the networks. */
export function countBytes(
  units: readonly number[],
  { pairs, bins, hasHalves }: Pick<CounterOptions, 'pairs' | 'bins' | 'hasHalves'>,
): number {
  const each = hasHalves ? 12 : 8;
  return pairs.reduce((sum, [a, b]) => sum + each * units[a] * units[b] * bins ** 2, 0);
}

function requireCountable({ positions, bins }: CounterOptions): void {
  if (!Number.isInteger(bins) || bins < 2 || bins > 16)
    throw new RangeError(`Joint histograms have 2 to 16 bins, not ${bins}.`);
  if (positions <= mostSamples) return;
  throw new AppError(
    'not-available',
    `Mutual information counts at most ${mostSamples} positions an image, not ${positions}; use sample: image-mean or random.`,
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
