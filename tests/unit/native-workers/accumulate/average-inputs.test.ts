import { describe, expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import { AverageInputs } from '#workers/accumulate/average-inputs.ts';
import { inputGrid, shrinkInput } from '#workers/accumulate/input-grid.ts';
import { KernelMemory } from '#workers/accumulate/pack-units.ts';
import { clusterInputs, fittedInput } from '#workers/align/cluster-inputs.ts';

const shape = { channels: 2, height: 3, width: 4, values: 24 };
const positions = 3;
const units = [2, 3];
const batch = 4;

/** Made inputs and activations of units that follow a pixel, lie far from 0, or are constant. */
function made(images: number) {
  const random = createRandom(5);
  const inputs = Array.from({ length: images }, () =>
    Float32Array.from({ length: shape.values }, () => 100 + random.nextFloat()),
  );
  const activation = inputs.map((input, image) => [
    [input[0] + 1, input[0] - 1, input[0]],
    [7, 7, 7],
    [input[5] * input[5], 0, 0],
    [1e4 + Math.sin(image), 1e4, 1e4],
    [-input[0], 0, 3],
  ]);
  return { inputs, activation: activation.map((list) => list.map((values) => Float32Array.from(values))) };
}

const isTest = (image: number) => image % 5 === 1;

function averaged(images: number) {
  const { inputs, activation } = made(images);
  const memory = new KernelMemory();
  const parts = units.map((size, index) => ({
    network: `Net${index + 1}`,
    units: size,
    source: memory.reserve(batch * size * positions * 4),
  }));
  const averages = AverageInputs.of({ parts, positions, memory }, shape, images, 3);
  memory.freeze();
  for (let first = 0; first < images; first += batch) {
    const list = Array.from({ length: Math.min(batch, images - first) }, (_, image) => first + image);
    let joint = 0;
    for (const part of parts) {
      const values = memory.float32(part.source, list.length * part.units * positions);
      list.forEach((image, at) => {
        for (let unit = 0; unit < part.units; unit++)
          values.set(activation[image][joint + unit], (at * part.units + unit) * positions);
      });
      joint += part.units;
    }
    averages?.add(
      list.length,
      Uint8Array.from(list, (image) => (isTest(image) ? 1 : 0)),
      Float32Array.from(list.flatMap((image) => [...inputs[image]])),
    );
  }
  return { result: averages?.finish(), inputs, activation };
}

/** The definition in two passes. */
function expected(activation: number[], pixel: number[]): number {
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [y, x] = [mean(activation), mean(pixel)];
  const sd = Math.sqrt(mean(activation.map((value) => (value - y) ** 2)));
  return sd === 0 ? 0 : mean(activation.map((value, image) => ((value - y) / sd) * (pixel[image] - x)));
}

describe('AverageInputs', () => {
  const { result, inputs, activation } = averaged(30);
  const train = inputs.map((_, image) => image).filter((image) => !isTest(image));
  const pooled = (unit: number) =>
    train.map((image) => activation[image][unit].reduce((sum, value) => sum + value, 0) / positions);

  it('is the mean over training images of standardised activation times the input less its mean', () => {
    expect(result).toMatchObject({ images: train.length, channels: 2, rows: 3, cols: 4, patch: 1 });
    for (let unit = 0; unit < 5; unit++)
      for (let pixel = 0; pixel < shape.values; pixel++)
        expect(result?.values[unit * shape.values + pixel]).toBeCloseTo(
          expected(
            pooled(unit),
            train.map((image) => inputs[image][pixel]),
          ),
          6,
        );
  });

  it('shows the pixel a unit follows at its deviation, with its sign, and nothing of a constant unit', () => {
    const row = (unit: number) => [...(result?.values ?? [])].slice(unit * 24, (unit + 1) * 24);
    expect(row(0)[0]).toBe(Math.max(...row(0)));
    row(4).forEach((value, pixel) => expect(value).toBeCloseTo(-row(0)[pixel], 5));
    expect(row(1).every((value) => value === 0)).toBe(true);
  });

  it('of a cluster is the average input of its members’ mean standardised activation, per network', () => {
    if (!result) throw new Error('no averages');
    const ranges = [
      { start: 0, count: 2 },
      { start: 2, count: 3 },
    ];
    const graph = { network: Int32Array.of(0, 1, 1, 1), unit: Int32Array.of(0, 0, 1, 2), live: [1, 3] };
    const found = clusterInputs(result, ranges, graph, Int32Array.of(0, 1, 0, 1), 2);
    expect(found).toHaveLength(2 * 2 * 24);
    const standardised = (unit: number) => {
      const list = pooled(unit);
      const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
      const sd = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
      return list.map((value) => (value - mean) / sd);
    };
    const [one, other] = [standardised(2), standardised(4)];
    for (let pixel = 0; pixel < 24; pixel++) {
      const x = train.map((image) => inputs[image][pixel]);
      const centre = x.reduce((sum, value) => sum + value, 0) / x.length;
      const direct = x.reduce((sum, value, at) => sum + ((one[at] + other[at]) / 2) * (value - centre), 0);
      expect(found[3 * 24 + pixel]).toBeCloseTo(direct / x.length, 6);
      expect(found[2 * 24 + pixel]).toBe(0);
      expect(found[pixel]).toBe(result.values[pixel]);
    }
  });
});

describe('inputGrid', () => {
  const image = (channels: number, side: number) => ({
    channels,
    height: side,
    width: side,
    values: channels * side * side,
  });

  it('keeps small images, shrinks large ones, and shrinks further for many units', () => {
    expect(inputGrid(image(1, 28), 128)).toEqual({ channels: 1, rows: 28, cols: 28, patch: 1 });
    expect(inputGrid(image(3, 224), 100)).toEqual({ channels: 3, rows: 56, cols: 56, patch: 4 });
    const many = inputGrid(image(3, 224), 2000);
    expect(many && many.rows * many.cols * 3 * 2000).toBeLessThanOrEqual(2 ** 21);
    expect(inputGrid(image(3, 224), 100_000)).toBeNull();
  });

  it('has none of vectors, of many channels, or without units', () => {
    expect(inputGrid({ channels: 40, height: 1, width: 1, values: 40 }, 3)).toBeNull();
    expect(inputGrid(image(5, 28), 3)).toBeNull();
    expect(inputGrid(image(1, 28), 0)).toBeNull();
  });

  it('shrinks to means of patches, smaller ones at the edges', () => {
    const out = new Float64Array(4);
    const input = Float32Array.from({ length: 9 }, (_, at) => at);
    const one = { channels: 1, height: 3, width: 3, values: 9 };
    shrinkInput(input, one, { channels: 1, rows: 2, cols: 2, patch: 2 }, out);
    expect([...out]).toEqual([2, 3.5, 6.5, 8]);
  });
});

describe('fittedInput', () => {
  const average = {
    images: 9,
    channels: 1,
    rows: 4,
    cols: 4,
    values: Float32Array.from({ length: 32 }, (_, at) => at),
  };

  it('leaves pictures that fit, and halves those that do not', () => {
    expect(fittedInput(average, 100)).toBe(average);
    const small = fittedInput(average, 2 ** 18);
    expect(small).toMatchObject({ images: 9, channels: 1, rows: 2, cols: 2 });
    expect([...small.values]).toEqual([2.5, 4.5, 10.5, 12.5, 18.5, 20.5, 26.5, 28.5]);
  });
});
