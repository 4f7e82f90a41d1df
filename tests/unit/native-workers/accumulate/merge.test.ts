import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TopInputs } from '#core/domain/result.ts';
import { createRandom } from '#core/random.ts';
import { averageOf } from '#workers/accumulate/average-inputs.ts';
import { emptyFolds, finishLayer, mergeFolds, type FoldState } from '#workers/accumulate/finish-layer.ts';
import { mergeAverage } from '#workers/accumulate/merge-averages.ts';
import { mergeTop } from '#workers/accumulate/merge-top.ts';
import type { PartialAverage } from '#workers/accumulate/shard-arrays.ts';
import { TopInputCollector } from '#workers/accumulate/top-inputs.ts';
import { mergeBatchProduct } from '#core/numeric/moments/joint-moments.ts';
import { mergeUnitMoments } from '#core/numeric/moments/unit-moments.ts';

/** Cuts of n things into runs, by the places where one ends and the next begins. */
const cutsOf = (n: number) =>
  fc.uniqueArray(fc.integer({ min: 1, max: n - 1 }), { maxLength: 6 }).map((places) => {
    const ends = [0, ...places.sort((x, y) => x - y), n];
    return ends.slice(1).map((end, at): [number, number] => [ends[at], end]);
  });

const images = 40;
const random = createRandom(5);
const values = Array.from({ length: images }, () =>
  Float64Array.from({ length: 3 }, () => Math.round(8 * random.nextFloat()) / 8 + 100),
);

describe('merging top inputs', () => {
  const collect = (from: number, to: number): TopInputs => {
    const collector = new TopInputCollector(3, 4);
    for (let image = from; image < to; image++) {
      const row = Float32Array.from(values[image]);
      collector.offer(Int32Array.of(image), row, row, 1);
    }
    return collector.finish();
  };

  it('gives what one list over all images has, ties included, for any cut and any order', () => {
    const whole = collect(0, images);
    fc.assert(
      fc.property(cutsOf(images), fc.integer({ min: 1, max: 1000 }), (cuts, seed) => {
        const lists = cuts.map(([from, to]) => collect(from, to));
        lists.sort(() => (createRandom(seed).nextFloat() < 0.5 ? -1 : 1));
        expect(mergeTop(lists)).toEqual(whole);
      }),
    );
  });
});

describe('merging average inputs', () => {
  const pixels = values.map((row, image) => Float64Array.of(row[0] * 2 - 300, Math.sin(image), 7));
  const sum = (from: number, to: number): PartialAverage => {
    const first = { units: values[from], pixels: pixels[from] };
    const sums = {
      n: to - from,
      units: new Float64Array(3),
      squares: new Float64Array(3),
      pixels: new Float64Array(3),
      products: new Float64Array(9),
    };
    for (let image = from; image < to; image++)
      for (let unit = 0; unit < 3; unit++) {
        const y = values[image][unit] - first.units[unit];
        sums.units[unit] += y;
        sums.squares[unit] += y * y;
        sums.pixels[unit] += pixels[image][unit] - first.pixels[unit];
        for (let pixel = 0; pixel < 3; pixel++)
          sums.products[unit * 3 + pixel] += y * (pixels[image][pixel] - first.pixels[pixel]);
      }
    return { sums, first };
  };
  const none: PartialAverage = { sums: { ...sum(0, 1).sums, n: 0 }, first: null };

  it('gives the averages over all images for any cut, though every part has a first image of its own', () => {
    const whole = averageOf(sum(0, images).sums);
    fc.assert(
      fc.property(cutsOf(images), (cuts) => {
        const [into, ...others] = cuts.map(([from, to]) => sum(from, to));
        for (const other of [none, ...others]) mergeAverage(into, other);
        expect(into.sums.n).toBe(images);
        averageOf(into.sums).forEach((value, at) => expect(value).toBeCloseTo(whole[at], 6));
      }),
    );
  });

  it('takes the first part that has an image, where earlier ones have none', () => {
    const into: PartialAverage = {
      sums: {
        n: 0,
        units: new Float64Array(3),
        squares: new Float64Array(3),
        pixels: new Float64Array(3),
        products: new Float64Array(9),
      },
      first: null,
    };
    mergeAverage(into, sum(0, images));
    expect(averageOf(into.sums)).toEqual(averageOf(sum(0, images).sums));
  });
});

describe('merging moments', () => {
  /** Of the images from one on, in float64: one fold, one part. */
  const moments = (from: number, to: number): FoldState[] => {
    const folds = emptyFolds(1, [3]);
    const [{ joint, units }] = folds;
    for (let image = from; image < to; image++) {
      const none = new Float64Array(3);
      mergeBatchProduct(joint, 1, values[image], none, new Float64Array(9));
      const [one] = emptyFolds(1, [3])[0].units;
      Object.assign(one, { n: 1, mean: values[image], min: values[image], max: values[image] });
      one.sumAbs.set(values[image].map(Math.abs));
      mergeUnitMoments(units[0], one);
    }
    return folds;
  };

  it('is exact to 1e-12 for any cut and grouping, counts and extremes to the bit', () => {
    const whole = finishLayer([moments(0, images)], [], []).folds[0];
    fc.assert(
      fc.property(cutsOf(images), fc.integer({ min: 1, max: 6 }), (cuts, size) => {
        // Groups of shards are merged first, then the groups.
        const runs: FoldState[][] = [];
        for (let at = 0; at < cuts.length; at += size) {
          const group = emptyFolds(1, [3]);
          for (const [from, to] of cuts.slice(at, at + size)) mergeFolds(group, moments(from, to));
          runs.push(group);
        }
        const { folds, samples } = finishLayer(runs, [], []);
        expect(samples).toEqual([images]);
        const [{ joint, statistics }] = folds;
        joint.m2.forEach((value, at) =>
          expect(Math.abs(value - whole.joint.m2[at])).toBeLessThan(1e-12 * Math.max(...whole.joint.m2)),
        );
        expect(statistics[0].min).toEqual(whole.statistics[0].min);
        expect(statistics[0].max).toEqual(whole.statistics[0].max);
        expect(statistics[0].fractionZero).toEqual(whole.statistics[0].fractionZero);
        statistics[0].std.forEach((value, at) =>
          expect(Math.abs(value / whole.statistics[0].std[at] - 1)).toBeLessThan(1e-12),
        );
      }),
    );
  });
});
