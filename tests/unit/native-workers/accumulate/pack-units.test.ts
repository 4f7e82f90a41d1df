import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addUnitValues,
  createUnitMoments,
  mergeUnitSums,
  unitSumSlots,
} from '#core/numeric/moments/unit-moments.ts';
import { KernelMemory } from '#workers/accumulate/pack-units.ts';
import { expectClose } from '../../core/close.ts';

interface Packing {
  images: number;
  units: number;
  positions: number;
  values: Float32Array;
  folds: number[];
  shift: Float32Array;
}

/** Runs the kernel on one batch; images of fold 0 get the first columns. */
function pack({ images, units, positions, values, folds, shift }: Packing) {
  const memory = new KernelMemory();
  const columns = images * positions;
  const source = memory.reserve(values.length * 4);
  const packed = memory.reserve(units * columns * 4);
  const columnOfImage = memory.reserve(images * 4);
  const foldOfImage = memory.reserve(images * 4);
  const shifts = memory.reserve(units * 4);
  const sums = memory.reserve(2 * units * unitSumSlots * 8);
  const maximum = memory.reserve(images * units * 4);
  memory.freeze();
  memory.float32(source, values.length).set(values);
  memory.float32(shifts, units).set(shift);
  memory.int32(foldOfImage, images).set(folds);
  const order = [0, 1].flatMap((fold) => folds.flatMap((of, image) => (of === fold ? [image] : [])));
  order.forEach((image, place) => (memory.int32(columnOfImage, images)[image] = place * positions));
  const slots = memory.float64(sums, 2 * units * unitSumSlots);
  for (let at = 0; at < slots.length; at += unitSumSlots)
    slots.set([0, 0, 0, 0, 0, 0, Infinity, -Infinity], at);
  memory.packUnits(
    source,
    packed,
    images,
    units,
    positions,
    columns,
    columnOfImage,
    foldOfImage,
    shifts,
    sums,
    maximum,
    0,
  );
  return {
    order,
    columns,
    packed: memory.float32(packed, units * columns),
    sums: memory.float64(sums, 2 * units * unitSumSlots),
    maximum: memory.float32(maximum, images * units),
  };
}

/** Lanes add at most 64 float32 values before they are widened: 64 x 2^-24 of the sum of magnitudes. */
const lanes = { rtol: 2e-6, atol: 1e-9, reason: 'float32 lanes over at most 256 values' };

const packing = fc
  .record({
    images: fc.integer({ min: 1, max: 6 }),
    units: fc.integer({ min: 1, max: 5 }),
    positions: fc.constantFrom(1, 3, 49, 784),
    seed: fc.integer({ min: 0, max: 1000 }),
    offset: fc.constantFrom(0, -3, 50),
  })
  .map(({ images, units, positions, seed, offset }): Packing => {
    const count = images * units * positions;
    const values = Float32Array.from({ length: count }, (_, at) => {
      const wave = Math.sin(12.9898 * (at + 1) + seed) * 2;
      return at % 5 === 0 ? 0 : wave + offset;
    });
    const folds = Array.from({ length: images }, (_, image) => (seed >> image) & 1);
    const shift = Float32Array.from({ length: units }, (_, unit) => offset + 0.25 * unit);
    return { images, units, positions, values, folds, shift };
  });

describe('packUnits', () => {
  it('centres every value into its image’s columns and keeps the maximum over positions', () => {
    fc.assert(
      fc.property(packing, (given) => {
        const { images, units, positions, values, shift } = given;
        const { order, columns, packed, maximum } = pack(given);
        order.forEach((image, place) => {
          for (let unit = 0; unit < units; unit++) {
            const start = (image * units + unit) * positions;
            const run = values.subarray(start, start + positions);
            const expected = run.map((x) => Math.fround(x - shift[unit]));
            const at = unit * columns + place * positions;
            expect(packed.subarray(at, at + positions)).toEqual(expected);
            expect(maximum[image * units + unit]).toBe(Math.max(...run));
          }
        });
        expect(order.length).toBe(images);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the moments of the float64 reference, fold by fold', () => {
    fc.assert(
      fc.property(packing, (given) => {
        const { units, positions, values, folds, shift } = given;
        const { sums } = pack(given);
        for (const fold of [0, 1]) {
          const chosen = folds.flatMap((of, image) => (of === fold ? [image] : []));
          const length = units * unitSumSlots;
          const part = sums.slice(fold * length, (fold + 1) * length);
          if (chosen.length === 0) {
            for (let unit = 0; unit < units; unit++)
              expect([...part.subarray(unit * 8, unit * 8 + 8)]).toEqual([
                0,
                0,
                0,
                0,
                0,
                0,
                Infinity,
                -Infinity,
              ]);
            continue;
          }
          const size = units * positions;
          const mine = Float32Array.from(
            chosen.flatMap((image) => [...values.subarray(image * size, (image + 1) * size)]),
          );
          const expected = createUnitMoments(units);
          addUnitValues(expected, mine, chosen.length, positions);
          const found = createUnitMoments(units);
          mergeUnitSums(found, chosen.length * positions, shift, part);
          expect(found.zeros).toEqual(expected.zeros);
          expect(found.min).toEqual(expected.min);
          expect(found.max).toEqual(expected.max);
          expectClose(found.sumAbs, expected.sumAbs, lanes);
          for (let unit = 0; unit < units; unit++) {
            const n = chosen.length * positions;
            const spread =
              Math.sqrt(expected.m2[unit] / n) + Math.abs(expected.mean[unit] - shift[unit]) + 1e-6;
            expect(Math.abs(found.mean[unit] - expected.mean[unit])).toBeLessThan(1e-5 * spread);
            expect(Math.abs(found.m2[unit] - expected.m2[unit])).toBeLessThan(1e-5 * n * spread ** 2);
            expect(Math.abs(found.m3[unit] - expected.m3[unit])).toBeLessThan(1e-4 * n * spread ** 3);
            expect(Math.abs(found.m4[unit] - expected.m4[unit])).toBeLessThan(1e-4 * n * spread ** 4);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves the sums of a fold alone that has no image', () => {
    const values = Float32Array.from({ length: 12 }, (_, at) => at - 3);
    const { sums } = pack({
      images: 2,
      units: 6,
      positions: 1,
      values,
      folds: [1, 1],
      shift: new Float32Array(6),
    });
    for (let unit = 0; unit < 6; unit++)
      expect([...sums.subarray(unit * unitSumSlots, (unit + 1) * unitSumSlots)]).toEqual([
        ...[0, 0, 0, 0, 0, 0],
        ...[Infinity, -Infinity],
      ]);
  });

  it('carries values that are not finite into the sums, wherever they stand', () => {
    for (const positions of [1, 3, 49]) {
      for (const bad of [Number.NaN, Infinity, -Infinity]) {
        for (const at of [0, positions - 1]) {
          const values = new Float32Array(positions).fill(1);
          values[at] = bad;
          const { sums } = pack({
            images: 1,
            units: 1,
            positions,
            values,
            folds: [0],
            shift: Float32Array.of(0),
          });
          expect(Number.isFinite(sums[0]), `${bad} at ${at} of ${positions}`).toBe(false);
        }
      }
    }
  });
});

describe('KernelMemory', () => {
  it('says what to do when a pass needs more than it can address', () => {
    const memory = new KernelMemory();
    memory.reserve(3 * 2 ** 30);
    expect(() => memory.reserve(2 ** 30)).toThrow(
      /need more than 4 GiB; use a smaller batch \(recipe key batch\)/,
    );
  });

  it('aligns regions to cache lines and hands out nothing once frozen', () => {
    const memory = new KernelMemory();
    expect([memory.reserve(1) % 64, memory.reserve(100) % 64, memory.reserve(64) % 64]).toEqual([0, 0, 0]);
    expect(() => memory.packUnits).toThrow(/not frozen/);
    memory.freeze();
    expect(() => memory.reserve(1)).toThrow(/frozen/);
  });
});
