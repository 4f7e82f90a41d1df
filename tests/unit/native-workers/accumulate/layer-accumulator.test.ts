import { describe, expect, it } from 'vitest';
import { BlockRing } from '#workers/accumulate/block-ring.ts';
import { LayerAccumulator, packedBlockBytes } from '#workers/accumulate/layer-accumulator.ts';
import { KernelMemory } from '#workers/accumulate/pack-units.ts';
import { StateReader, StateWriter } from '#workers/accumulate/saved-state.ts';
import { savedState } from '../../../fixtures/saved-state.ts';
import { chooseSymmetricProduct } from '#workers/linalg/symmetric-product.ts';

interface Given {
  images: number;
  positions: number;
  /** Units of each network. */
  units: number[];
  batch: number;
  /** Value of a joint unit in one sample. */
  cell: (unit: number, image: number, position: number) => number;
  fold?: (image: number) => 0 | 1;
  /** Whether a position is a sample; left out: all are. */
  counts?: (image: number, position: number) => boolean;
  runs?: number[];
  shuffle?: { count: number; seed: number };
}

async function open(given: Given) {
  const { images, positions, units, batch } = given;
  const total = units.reduce((sum, count) => sum + count, 0);
  const memory = new KernelMemory();
  const parts = units.map((count, index) => ({
    network: `Net${index + 1}`,
    units: count,
    source: memory.reserve(batch * count * positions * 4),
  }));
  const mask = given.counts ? memory.reserve(batch * positions) : 0;
  const accumulator = new LayerAccumulator({
    layer: 'conv1',
    parts,
    positions,
    mask,
    batch,
    folds: given.fold ? 2 : 1,
    topK: 2,
    runs: given.runs ?? [images],
    shuffle: given.shuffle ?? null,
    memory,
    ring: new BlockRing(memory, packedBlockBytes(total, positions, batch)),
    product: await chooseSymmetricProduct(2, total),
  });
  memory.freeze();
  return { total, memory, parts, mask, accumulator };
}

/** Adds the images of [from, to), which begin a batch. */
async function feed(
  { memory, parts, mask, accumulator }: Awaited<ReturnType<typeof open>>,
  { batch, positions, cell, counts, fold = () => 0 }: Given,
  from: number,
  to: number,
) {
  for (let first = from; first < to; first += batch) {
    const count = Math.min(batch, to - first);
    let start = 0;
    for (const part of parts) {
      const values = memory.float32(part.source, count * part.units * positions);
      for (let at = 0; at < values.length; at++) {
        const row = Math.floor(at / positions);
        values[at] = cell(start + (row % part.units), first + Math.floor(row / part.units), at % positions);
      }
      start += part.units;
    }
    const indices = Int32Array.from({ length: count }, (_, image) => first + image);
    if (counts)
      memory
        .uint8(mask, count * positions)
        .set(
          Uint8Array.from({ length: count * positions }, (_, at) =>
            counts(first + Math.floor(at / positions), at % positions) ? 1 : 0,
          ),
        );
    await accumulator.add(indices, Uint8Array.from(indices, fold));
  }
}

/** Streams made-up activations of several networks through one accumulator. */
async function accumulate(given: Given) {
  const opened = await open(given);
  await feed(opened, given, 0, given.images);
  return { total: opened.total, ...(await opened.accumulator.finish()) };
}

/** The same with another accumulator going on from the state of the first after some images. */
async function accumulateInTwo(given: Given, cut: number) {
  const first = await open(given);
  await feed(first, given, 0, cut);
  await first.accumulator.settle();
  const state = new StateWriter();
  first.accumulator.save(state);
  const saved = savedState(state);
  const second = await open(given);
  second.accumulator.restore(new StateReader(saved));
  await feed(second, given, cut, given.images);
  return { total: second.total, ...(await second.accumulator.finish()) };
}

/** Two passes in float64 over the float32 values. */
function direct({ images, positions, units, cell, counts, fold = () => 0 }: Given, wanted: 0 | 1) {
  const total = units.reduce((sum, count) => sum + count, 0);
  const samples: number[][] = [];
  for (let image = 0; image < images; image++) {
    if (fold(image) !== wanted) continue;
    for (let position = 0; position < positions; position++)
      if (!counts || counts(image, position))
        samples.push(Array.from({ length: total }, (_, unit) => Math.fround(cell(unit, image, position))));
  }
  const n = samples.length;
  const mean = Array.from({ length: total }, (_, u) => samples.reduce((sum, row) => sum + row[u], 0) / n);
  const m2 = (i: number, j: number) =>
    samples.reduce((sum, row) => sum + (row[i] - mean[i]) * (row[j] - mean[j]), 0);
  return { n, mean, m2 };
}

function expectMoments(
  found: { joint: { n: number; mean: Float64Array; m2: Float64Array } },
  expected: ReturnType<typeof direct>,
  total: number,
): void {
  expect(found.joint.n).toBe(expected.n);
  const deviation = Array.from({ length: total }, (_, u) => Math.sqrt(expected.m2(u, u)));
  for (let i = 0; i < total; i++) {
    const scale = deviation[i] / Math.sqrt(expected.n) + 1e-30;
    expect(Math.abs(found.joint.mean[i] - expected.mean[i])).toBeLessThanOrEqual(
      1e-6 * scale + 1e-12 * Math.abs(expected.mean[i]),
    );
    for (let j = i; j < total; j++) {
      const error = Math.abs(found.joint.m2[i * total + j] - expected.m2(i, j));
      // As an error of the correlation.
      expect(error).toBeLessThanOrEqual(1e-6 * deviation[i] * deviation[j] + 1e-30);
    }
  }
}

const noise = (unit: number, image: number, position: number) =>
  Math.sin(78.233 * (unit + 1) * (image + 1) + 12.9898 * (position + 1)) + 0.3 * Math.cos(image + position);

describe('LayerAccumulator', () => {
  it.each([
    [50, 7, [3, 2], 8],
    [40, 1, [4, 5, 2], 40],
    [23, 49, [2, 3], 1],
    [300, 9, [6], 7],
  ])(
    'gives the moments of %i images at %i positions, units %j, batch %i',
    async (images, positions, units, batch) => {
      const given = { images, positions, units, batch, cell: noise };
      const { folds, samples, total } = await accumulate(given);
      expect(samples).toEqual([images * positions]);
      expectMoments(folds[0], direct(given, 0), total);
    },
  );

  it('keeps two folds apart, images of one fold in a batch or none', async () => {
    const given: Given = {
      images: 60,
      positions: 4,
      units: [3, 3],
      batch: 8,
      cell: noise,
      fold: (image) => (image >= 16 && image % 3 === 0 ? 1 : 0),
    };
    const { folds, total } = await accumulate(given);
    expectMoments(folds[0], direct(given, 0), total);
    expectMoments(folds[1], direct(given, 1), total);
  });

  it('keeps runs of images apart, wherever batches end; together they are the fold', async () => {
    const given: Given = {
      images: 61,
      positions: 3,
      units: [3, 2],
      batch: 8,
      cell: noise,
      fold: (image) => (image % 4 === 0 ? 1 : 0),
      runs: [10, 11, 40, 61],
    };
    const { blocks, folds, total } = await accumulate(given);
    expect(blocks).toHaveLength(4);
    [0, 10, 11, 40].forEach((first, run) => {
      const end = (given.runs as number[])[run];
      const within = direct(
        { ...given, fold: (image) => (image >= first && image < end && image % 4 ? 0 : 1) },
        0,
      );
      const { joint } = { joint: blocks[run] };
      expect(joint.n).toBe(within.n);
      for (let i = 0; i < total; i++) {
        for (let j = i; j < total; j++)
          expect(joint.m2[i * total + j]).toBeCloseTo(within.n === 0 ? 0 : within.m2(i, j), 4);
      }
    });
    expectMoments(folds[0], direct(given, 0), total);
  });

  it('shuffles the images of the networks against each other, positions kept', async () => {
    // One batch of one block: every shuffle rotates by some number of places.
    const given: Given = {
      images: 7,
      positions: 3,
      units: [3, 2, 2],
      batch: 7,
      cell: noise,
      fold: (image) => (image === 2 ? 1 : 0),
      shuffle: { count: 4, seed: 3 },
    };
    const { nulls, total } = await accumulate(given);
    const { mean } = direct(given, 0);
    const train = [0, 1, 3, 4, 5, 6];
    const rotated = (i: number, j: number, turn: number) =>
      train.reduce((sum, image, at) => {
        const other = train[(at + turn) % train.length];
        for (let position = 0; position < 3; position++)
          sum += (noise(i, image, position) - mean[i]) * (noise(j, other, position) - mean[j]);
        return sum;
      }, 0);
    expect(nulls).toHaveLength(4);
    for (const { m2 } of nulls) {
      for (const [first, rows, others] of [
        [0, 3, 4],
        [3, 2, 2],
      ]) {
        // One turn for a network against all later ones, and never none.
        const turns = [1, 2, 3, 4, 5].filter((turn) =>
          Array.from({ length: rows * others }, (_, at) => {
            const [i, j] = [first + Math.floor(at / others), first + rows + (at % others)];
            return Math.abs(m2[i * total + j] - rotated(i, j, turn)) < 1e-4;
          }).every(Boolean),
        );
        expect(turns).toHaveLength(1);
      }
    }
  });

  it.each([8, 16, 40, 56, 64])('interrupted after image %i goes on bit for bit', async (cut) => {
    const given: Given = {
      images: 67,
      positions: 5,
      units: [3, 2, 4],
      batch: 8,
      cell: noise,
      fold: (image) => (image % 5 === 0 ? 1 : 0),
      runs: [7, 16, 41, 67],
      shuffle: { count: 3, seed: 5 },
    };
    expect(await accumulateInTwo(given, cut)).toEqual(await accumulate(given));
  });

  describe('where some positions are no samples', () => {
    /** Padding before, behind and in between; its values are far from all others. */
    const counts = (image: number, position: number) =>
      position === image % 6 || ((image + position) % 3 > 0 && position <= 1 + (image % 7));
    const cell = (unit: number, image: number, position: number) =>
      counts(image, position) ? noise(unit, image, position) : 1e6 + position;
    const masked: Given = {
      ...{ images: 67, positions: 6, units: [3, 2, 4], batch: 8, cell, counts },
      fold: (image) => (image % 5 === 0 ? 1 : 0),
    };

    it('they are in no sum and no top input', async () => {
      const { folds, total, top, samples } = await accumulate(masked);
      expect(samples).toEqual([direct(masked, 0).n, direct(masked, 1).n]);
      expectMoments(folds[0], direct(masked, 0), total);
      expectMoments(folds[1], direct(masked, 1), total);
      for (const { statistics } of folds)
        for (const { max, min } of statistics) {
          expect(Math.max(...max)).toBeLessThan(1.5);
          expect(Math.min(...min)).toBeGreaterThan(-1.5);
        }
      for (const { image, position } of top)
        image.forEach((each, at) => expect(counts(each, position[at])).toBe(true));
    });

    it('shuffled images meet at positions that both have, scaled to the number of samples', async () => {
      const given = { ...masked, fold: undefined, images: 5, batch: 5, shuffle: { count: 4, seed: 9 } };
      const { nulls, total } = await accumulate(given);
      const { mean, n } = direct(given, 0);
      const train = [0, 1, 2, 3, 4];
      const rotated = (i: number, j: number, turn: number) => {
        let [sum, pairs] = [0, 0];
        train.forEach((image, at) => {
          const other = train[(at + turn) % train.length];
          for (let position = 0; position < 6; position++) {
            if (!counts(image, position) || !counts(other, position)) continue;
            pairs++;
            sum += (noise(i, image, position) - mean[i]) * (noise(j, other, position) - mean[j]);
          }
        });
        return (sum * n) / pairs;
      };
      for (const { m2 } of nulls) {
        const turns = [1, 2, 3, 4].filter((turn) =>
          Array.from({ length: 3 * 6 }, (_, at) => {
            const [i, j] = [Math.floor(at / 6), 3 + (at % 6)];
            return Math.abs(m2[i * total + j] - rotated(i, j, turn)) < 1e-4;
          }).every(Boolean),
        );
        expect(turns).toHaveLength(1);
      }
    });

    it.each([16, 56])('interrupted after image %i goes on bit for bit', async (cut) => {
      const given = { ...masked, runs: [7, 16, 41, 67], shuffle: { count: 3, seed: 5 } };
      expect(await accumulateInTwo(given, cut)).toEqual(await accumulate(given));
    });
  });

  it('refuses a state of other units', async () => {
    const given: Given = { images: 16, positions: 2, units: [3, 2], batch: 8, cell: noise };
    const { accumulator } = await open(given);
    const state = new StateWriter();
    accumulator.save(state);
    const other = await open({ ...given, units: [3, 4] });
    expect(() => other.accumulator.restore(new StateReader(savedState(state)))).toThrow(
      /^it has \d+ values of run-0\/fold-0\/joint\/mean, where 7 are needed$/,
    );
  });

  it('loses nothing to a large offset: 10,000 plus noise', async () => {
    const given = {
      images: 120,
      positions: 9,
      units: [3, 2],
      batch: 16,
      cell: (...at: [number, number, number]) => 1e4 + noise(...at),
    };
    const { folds, total } = await accumulate(given);
    expectMoments(folds[0], direct(given, 0), total);
    const { std, mean } = folds[0].statistics[0];
    const { m2, n, mean: means } = direct(given, 0);
    for (let unit = 0; unit < 3; unit++) {
      expect(std[unit]).toBeCloseTo(Math.sqrt(m2(unit, unit) / n), 6);
      expect(mean[unit]).toBeCloseTo(means[unit], 7);
    }
  });

  it('is not misled by a first image far from all others', async () => {
    const cell = (unit: number, image: number, position: number) =>
      image === 0 ? 60 * (unit + 1) : noise(unit, image, position);
    for (const batch of [1, 600]) {
      const given = { images: 1000, positions: 1, units: [3, 2], batch, cell };
      const { folds, total } = await accumulate(given);
      expectMoments(folds[0], direct(given, 0), total);
    }
  });

  it('lists constant units as dead, whatever constant they hold', async () => {
    const cell = (unit: number, image: number, position: number) =>
      unit === 1 ? 0 : unit === 3 ? 0.1 : noise(unit, image, position);
    const { folds } = await accumulate({ images: 90, positions: 5, units: [3, 2], batch: 16, cell });
    const { statistics } = folds[0];
    expect(statistics.map(({ dead }) => [...dead])).toEqual([
      [0, 1, 0],
      [1, 0],
    ]);
    expect(statistics[0].fractionZero[1]).toBe(1);
    expect(statistics[1].mean[0]).toBe(Math.fround(0.1));
    expect([statistics[0].std[1], statistics[1].std[0], statistics[1].kurtosis[0]]).toEqual([0, 0, 0]);
  });

  it('names network, layer and images of a value that is not finite', async () => {
    for (const bad of [Number.NaN, Infinity]) {
      const cell = (unit: number, image: number, position: number) =>
        unit === 4 && image === 37 && position === 2 ? bad : noise(unit, image, position);
      await expect(
        accumulate({ images: 50, positions: 4, units: [3, 2], batch: 10, cell }),
      ).rejects.toMatchObject({
        code: 'run-failed',
        message: expect.stringMatching(
          /^Layer conv1 of Net2 has values that are not finite .* within images 20 to 39; check data\.scale, mean and std/,
        ),
        details: { layer: 'conv1', network: 'Net2' },
      });
    }
  });
});
