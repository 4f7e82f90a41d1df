import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { binEdges } from '#core/numeric/mutual-information/bin-edges.ts';
import { StateReader, StateWriter } from '#workers/accumulate/saved-state.ts';
import { savedState } from '../../../fixtures/saved-state.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { KernelMemory } from '#workers/accumulate/pack-units.ts';
import { readArray } from '#workers/files/array-file.ts';
import { BlockedInformations } from '#workers/histograms/blocked-informations.ts';
import { repeatedRun } from '#workers/histograms/coded-runs.ts';
import { CountThreads } from '#workers/histograms/count-threads.ts';
import { informationArrays } from '#workers/histograms/information-arrays.ts';
import { JointCounter, type CounterOptions } from '#workers/histograms/joint-counter.ts';

interface Given {
  images: number;
  positions: number;
  units: number[];
  batch: number;
  bins: number;
  pairs: [number, number][];
  cell: (unit: number, image: number, position: number) => number;
  fold?: (image: number) => 0 | 1;
  /** Whether a position is a sample; left out: all are. */
  counts?: (image: number, position: number) => boolean;
}

function trainImages({ images, fold = () => 0 }: Given): number[] {
  return Array.from({ length: images }, (_, image) => image).filter((image) => fold(image) === 0);
}

function values({ counts = () => true, ...given }: Given, unit: number): Float32Array {
  return Float32Array.from(
    trainImages(given).flatMap((image) =>
      Array.from({ length: given.positions }, (_, position) => position)
        .filter((position) => counts(image, position))
        .map((position) => given.cell(unit, image, position)),
    ),
  );
}

function edgesOf(given: Given): Float64Array {
  const total = given.units.reduce((sum, count) => sum + count, 0);
  const edges = new Float64Array(total * (given.bins - 1)).fill(Number.NaN);
  for (let unit = 0; unit < total; unit++)
    edges.set(binEdges(values(given, unit), given.bins), unit * (given.bins - 1));
  return edges;
}

/** Counts of every pair of networks. */
async function count(given: Given, cut = -1, threads?: CountThreads) {
  return (await counted(given, cut, { threads })).finish();
}

/** @param cut another counter goes on from the state of the first at this image */
async function counted(
  given: Given,
  cut = -1,
  more: Pick<CounterOptions, 'threads' | 'hasHalves'> & { keepIn?: string[] } = {},
) {
  const { images, positions, units, batch, bins, pairs, cell, counts, fold = () => 0 } = given;
  const memory = new KernelMemory();
  const parts = units.map((size, index) => ({
    network: `Net${index + 1}`,
    units: size,
    source: memory.reserve(batch * size * positions * 4),
  }));
  const mask = counts ? memory.reserve(batch * positions) : 0;
  const options: CounterOptions = {
    parts,
    positions,
    mask,
    hasHalves: more.hasHalves ?? cut >= 0,
    batch,
    memory,
    pairs,
    bins,
    edges: edgesOf(given),
    seed: 1,
    threads: more.threads,
  };
  let counter = new JointCounter({ ...options, keepIn: more.keepIn?.[0] });
  const other = new JointCounter({ ...options, keepIn: more.keepIn?.[1] });
  memory.freeze();
  for (let first = 0; first < images; first += batch) {
    const here = Math.min(batch, images - first);
    if (first === cut) {
      const state = new StateWriter();
      counter.save(state);
      other.restore(new StateReader(savedState(state)));
      counter = other;
    }
    if (counts)
      memory
        .uint8(mask, here * positions)
        .set(
          Array.from({ length: here * positions }, (_, at) =>
            Number(counts(first + Math.floor(at / positions), at % positions)),
          ),
        );
    let joint = 0;
    for (const part of parts) {
      const to = memory.float32(part.source, here * part.units * positions);
      for (let at = 0; at < to.length; at++) {
        const row = Math.floor(at / positions);
        to[at] = cell(joint + (row % part.units), first + Math.floor(row / part.units), at % positions);
      }
      joint += part.units;
    }
    await counter.add(
      here,
      Uint8Array.from({ length: here }, (_, image) => fold(first + image)),
    );
  }
  return counter;
}

/** Bins by the definition, counted one sample at a time; `turn` images between the two units. */
function naive(given: Given, i: number, j: number, turn = 0): number[] {
  const { bins, positions } = given;
  const edges = edgesOf(given);
  const bin = (unit: number, value: number) =>
    edges.subarray(unit * (bins - 1), (unit + 1) * (bins - 1)).filter((edge) => edge < value).length;
  const [x, y] = [values(given, i), values(given, j)];
  const counts = new Array<number>(bins * bins).fill(0);
  for (let s = 0; s < x.length; s++)
    counts[bin(i, x[s]) * bins + bin(j, y[(s + turn * positions) % y.length])]++;
  return counts;
}

const relu = (unit: number, image: number, position: number) =>
  Math.fround(Math.max(0, Math.sin(12.9898 * (unit + 1) * (image + 1) + 78.233 * (position + 1))));
const signed = (unit: number, image: number, position: number) =>
  unit % 3 === 0 ? relu(unit, image, position) : Math.fround(Math.cos(unit + image * 3.7 + position));

const cases: [string, Given][] = [
  [
    'an odd number of units',
    { images: 40, positions: 7, units: [3, 5], batch: 8, bins: 10, pairs: [[0, 1]], cell: relu },
  ],
  [
    'three networks, two folds',
    {
      images: 33,
      positions: 4,
      units: [2, 4, 1],
      batch: 10,
      bins: 10,
      pairs: [
        [0, 1],
        [0, 2],
        [1, 2],
      ],
      cell: signed,
      fold: (image) => (image % 4 === 1 ? 1 : 0),
    },
  ],
  [
    'a network with itself, one position',
    { images: 90, positions: 1, units: [4], batch: 7, bins: 5, pairs: [[0, 0]], cell: signed },
  ],
  [
    'sixteen bins',
    { images: 30, positions: 9, units: [2, 2], batch: 30, bins: 16, pairs: [[0, 1]], cell: signed },
  ],
  [
    'more samples than a run holds',
    { images: 90, positions: 900, units: [1, 2], batch: 32, bins: 10, pairs: [[0, 1]], cell: relu },
  ],
  [
    'constant, zero and two-valued units',
    {
      images: 20,
      positions: 3,
      units: [3, 3],
      batch: 6,
      bins: 10,
      pairs: [[0, 1]],
      cell: (unit, image) => [0, 0.7, image % 2, -1, image % 2 ? -1 : 1, Math.sin(image)][unit],
    },
  ],
];

describe('JointCounter', () => {
  it.each(cases)('counts what the definition counts: %s', async (_, given) => {
    const counted = await count(given);
    const first = given.units.map((__, net) =>
      given.units.slice(0, net).reduce((sum, size) => sum + size, 0),
    );
    given.pairs.forEach(([a, b], index) => {
      for (let i = 0; i < given.units[a]; i++) {
        for (let j = 0; j < given.units[b]; j++) {
          const start = (i * given.units[b] + j) * given.bins ** 2;
          const found = [...counted[index].between.subarray(start, start + given.bins ** 2)];
          expect(found).toEqual(naive(given, first[a] + i, first[b] + j));
        }
      }
    });
  });

  it('shuffles by a rotation of whole images, the same for all pairs of units', async () => {
    const given = cases[0][1];
    const [{ shuffled }] = await count(given);
    const turns = Array.from({ length: 39 }, (_, turn) => turn + 1).filter((turn) =>
      [0, 1, 2].every((i) =>
        [0, 1, 2, 3, 4].every((j) => {
          const start = (i * 5 + j) * 100;
          const expected = naive(given, i, 3 + j, turn);
          return expected.every((value, at) => value === shuffled[start + at]);
        }),
      ),
    );
    expect(turns).toHaveLength(1);
  });

  it('gives the same counts on any number of threads, of several counters at once', async () => {
    const threads = new CountThreads(3);
    onTestFinished(() => threads.close());
    const all = await Promise.all(cases.map(([, given]) => count(given, -1, threads)));
    for (const [index, [, given]] of cases.entries()) expect(all[index]).toEqual(await count(given));
  });

  it('refuses numbers of bins and of positions it has no tables for', () => {
    const create = (positions: number, bins: number) => () =>
      new JointCounter({
        parts: [
          { network: 'A', units: 2, source: 0 },
          { network: 'B', units: 2, source: 0 },
        ],
        positions,
        batch: 1,
        memory: new KernelMemory(),
        pairs: [[0, 1]],
        bins,
        edges: new Float64Array(0),
        seed: 0,
      });
    expect(create(65_536, 10)).toThrow(/at most 65535 positions an image, not 65536/);
    expect(create(1, 17)).toThrow(/2 to 16 bins/);
  });
});

describe('codes that are kept', () => {
  const many: Given = {
    ...{ images: 150, positions: 900, units: [5, 3, 4], batch: 32, bins: 6, cell: signed },
    pairs: [
      [0, 1],
      [1, 1],
      [2, 0],
    ],
    fold: (image) => (image % 4 === 1 ? 1 : 0),
    counts: (image, position) => (image + position) % 3 > 0,
  };
  const files = () => {
    const folder = temporaryFolder();
    return { keepIn: ['one', 'other'].map((name) => join(folder, name)), outFile: join(folder, 'out') };
  };

  it.each([...cases, ['three networks, halves, over several runs', many] as const])(
    'give the information of the counts, bit for bit: %s',
    async (_, given) => {
      const { keepIn, outFile } = files();
      const hasHalves = given === many;
      const { bins, pairs } = given;
      const whole = await counted(given, -1, { hasHalves });
      const expected = (await whole.informations()).flatMap((found, index) =>
        informationArrays(0, pairs[index], found),
      );
      const counter = await counted(given, hasHalves ? 64 : -1, { hasHalves, keepIn });
      await counter.end();
      const { runs } = counter.kept!;
      const threads = new CountThreads(2);
      onTestFinished(() => threads.close());
      // Room for the counts of two units.
      const blocked = new BlockedInformations([{ layer: 0, runs }], { bins, pairs, hasHalves }, outFile, 1);
      const steps: [number, number][] = [];
      const file = await blocked.count(threads, (done, total) => {
        steps.push([done, total]);
        return Promise.resolve();
      });
      counter.kept!.close();
      expect(file.arrays.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      for (const { name, data } of expected)
        expect(new Float64Array(readArray(file, name).data), name).toEqual(new Float64Array(data));
      const total = pairs.reduce((sum, [a]) => sum + given.units[a], 0);
      expect(steps.at(-1)).toEqual([total, total]);
      expect(steps).toHaveLength(pairs.reduce((sum, [a]) => sum + Math.ceil(given.units[a] / 2), 0));
    },
  );

  it('are tried with as many samples as there will be, and counted as if they had not been', async () => {
    const { keepIn, outFile } = files();
    const { bins, pairs } = many;
    const counter = await counted(many, -1, { hasHalves: true, keepIn });
    await counter.end();
    const { runs } = counter.kept!;
    const [{ samples }] = runs.runs;
    const row = new Uint8Array(samples);
    runs.read(0, 1, 1, row);
    const repeated = repeatedRun(runs, 2 * samples + 7, { pairs, hasHalves: true });
    const again = new Uint8Array(2 * samples + 7);
    repeated.read(0, 1, 1, again);
    expect([...again]).toEqual([...row, ...row, ...row.subarray(0, 7)]);
    expect(repeated.runs).toEqual([
      { samples: again.length, middle: samples + 3, turns: Int32Array.of(1, 1, 1) },
    ]);

    const threads = new CountThreads(2);
    onTestFinished(() => threads.close());
    const layers = [{ layer: 0, runs }];
    const fresh = (name: string) =>
      new BlockedInformations(layers, { bins, pairs, hasHalves: true }, outFile + name);
    const tried = fresh('-tried');
    const few = await tried.trial(threads, () => 1000);
    const all = await tried.trial(threads, () => 1000 * 49_152);
    expect(few).toBeGreaterThan(0);
    expect(all).toBeGreaterThan(100 * few);
    const [one, other] = [
      await tried.count(threads, () => Promise.resolve()),
      await fresh('').count(threads, () => Promise.resolve()),
    ];
    for (const { name } of one.arrays) expect(readArray(one, name).data).toEqual(readArray(other, name).data);
    counter.kept!.close();
  });

  it('go on from any block of an interrupted count', async () => {
    const { keepIn, outFile } = files();
    const { bins, pairs } = many;
    const counter = await counted(many, -1, { hasHalves: true, keepIn });
    await counter.end();
    const layers = [{ layer: 0, runs: counter.kept!.runs }];
    const threads = new CountThreads(1);
    const fresh = (name: string) =>
      new BlockedInformations(layers, { bins, pairs, hasHalves: true }, outFile + name, 1);
    const whole = await fresh('').count(threads, () => Promise.resolve());
    const stop = new Error('interrupted');
    for (const at of [1, 2, 3, 4, 5, 6]) {
      const first = fresh(`-${at}`);
      let blocks = 0;
      const ended = first.count(threads, () => (++blocks === at ? Promise.reject(stop) : Promise.resolve()));
      await expect(ended).rejects.toBe(stop);
      const state = new StateWriter();
      first.save(state);
      const second = fresh(`-${at}-again`);
      second.restore(new StateReader(savedState(state)));
      let left = 0;
      const file = await second.count(threads, () => Promise.resolve(void left++));
      expect(left + at).toBe(7);
      for (const { name } of whole.arrays)
        expect(readArray(file, name).data, `${name} after ${at}`).toEqual(readArray(whole, name).data);
    }
    counter.kept!.close();
  });
});

describe('where some positions are no samples', () => {
  const counts = (image: number, position: number) =>
    position === image % 900 || ((image + position) % 3 > 0 && position < 100 + ((image * 37) % 700));
  const given: Given = {
    ...{ images: 150, positions: 900, units: [3, 2], batch: 32, bins: 6, pairs: [[0, 1]], cell: relu },
    fold: (image) => (image % 4 === 1 ? 1 : 0),
    counts,
  };

  it('they are in no count, over several runs', async () => {
    const [{ between, shuffled }] = await count(given);
    const samples = values(given, 0).length;
    for (const [i, j] of [
      [0, 0],
      [2, 1],
    ]) {
      const at = (i * 2 + j) * 36;
      expect([...between.subarray(at, at + 36)]).toEqual(naive(given, i, 3 + j));
      const all = shuffled.subarray(at, at + 36).reduce((sum, n) => sum + n, 0);
      expect(all).toBe(samples);
      expect([...shuffled.subarray(at, at + 36)]).not.toEqual(naive(given, i, 3 + j));
    }
  });

  it('goes on from a state bit for bit', async () => {
    const whole = await count(given, 0);
    expect(await count(given, 64)).toEqual(whole);
    expect(await count(given, 128)).toEqual(whole);
  });

  it('leaves shuffled counts out where an image cannot be kept from meeting itself', async () => {
    const one = { ...given, images: 2, fold: () => 0 as const };
    const [{ between, shuffled }] = await count(one);
    expect(between.reduce((sum, n) => sum + n, 0)).toBe(6 * values(one, 0).length);
    expect(Math.max(...shuffled)).toBe(0);
  });
});
