import { describe, expect, it } from 'vitest';
import { ActivationSample } from '#workers/accumulate/activation-sample.ts';
import { KernelMemory } from '#workers/accumulate/pack-units.ts';
import { SquaredNorms } from '#workers/accumulate/squared-norms.ts';

const positions = 3;
const units = [2, 3];
const batch = 4;
const cell = (unit: number, image: number, position: number) => 100 * unit + 10 * image + position;
const fold = (image: number) => (image % 5 === 1 ? 1 : 0);

/** Streams images 0..count-1 through a sink that reads kernel memory. */
function stream<Sink extends { add(images: number, folds: Uint8Array): void }>(
  count: number,
  make: (layer: {
    parts: { network: string; units: number; source: number }[];
    positions: number;
    memory: KernelMemory;
  }) => Sink,
  value = cell,
): Sink {
  const memory = new KernelMemory();
  const parts = units.map((size, index) => ({
    network: `Net${index + 1}`,
    units: size,
    source: memory.reserve(batch * size * positions * 4),
  }));
  const sink = make({ parts, positions, memory });
  memory.freeze();
  for (let first = 0; first < count; first += batch) {
    const images = Math.min(batch, count - first);
    let joint = 0;
    for (const part of parts) {
      const values = memory.float32(part.source, images * part.units * positions);
      for (let at = 0; at < values.length; at++) {
        const row = Math.floor(at / positions);
        values[at] = value(joint + (row % part.units), first + Math.floor(row / part.units), at % positions);
      }
      joint += part.units;
    }
    sink.add(
      images,
      Uint8Array.from({ length: images }, (_, image) => fold(first + image)),
    );
  }
  return sink;
}

const train = Array.from({ length: 11 }, (_, image) => image).filter((image) => fold(image) === 0);

describe('ActivationSample', () => {
  it('keeps every training sample where they fit', () => {
    const sample = stream(11, (layer) => new ActivationSample(layer, train.length * positions, 1000, 1));
    expect(sample.rows).toBe(train.length * positions);
    for (let unit = 0; unit < 5; unit++)
      expect([...sample.unit(unit)]).toEqual(
        train.flatMap((image) => [0, 1, 2].map((position) => cell(unit, image, position))),
      );
  });

  it('keeps the same (image, position) of all units otherwise, seeded', () => {
    const kept = (seed: number) =>
      stream(11, (layer) => new ActivationSample(layer, train.length * positions, 7, seed));
    const sample = kept(3);
    const first = [...sample.unit(0)];
    expect(new Set(first).size).toBe(7);
    for (let unit = 1; unit < 5; unit++)
      expect([...sample.unit(unit)]).toEqual(first.map((value) => value + 100 * unit));
    expect([...kept(3).unit(0)]).toEqual(first);
    expect([...kept(4).unit(0)]).not.toEqual(first);
    const rows = sample.asRows(4, 5);
    expect(rows.rows).toBe(4);
    for (let row = 0; row < 4; row++) {
      const values = [...rows.values.subarray(row * 5, row * 5 + 5)];
      expect(first).toContain(values[0]);
      expect(values).toEqual([0, 100, 200, 300, 400].map((offset) => values[0] + offset));
    }
  });
});

it('sums products of squared norms about the means, training samples alone', () => {
  const value = (unit: number, image: number, position: number) =>
    Math.fround(Math.sin(unit * 3.1 + image * 1.7 + position));
  const mean = Float64Array.of(0.1, -0.2, 0.3, 0, 0.05);
  const { sums } = stream(11, (layer) => new SquaredNorms(layer, mean), value);
  const norm = (image: number, position: number, first: number, count: number) =>
    Array.from(
      { length: count },
      (_, at) => (value(first + at, image, position) - mean[first + at]) ** 2,
    ).reduce((sum, square) => sum + square, 0);
  const expected = (a: [number, number], b: [number, number]) =>
    train.reduce(
      (sum, image) =>
        sum +
        [0, 1, 2].reduce((part, p) => part + norm(image, p, a[0], a[1]) * norm(image, p, b[0], b[1]), 0),
      0,
    );
  const ranges: [number, number][] = [
    [0, 2],
    [2, 3],
  ];
  ranges.forEach((a, i) =>
    ranges.forEach((b, j) => expect(sums[i * 2 + j] / expected(a, b)).toBeCloseTo(1, 12)),
  );
});
