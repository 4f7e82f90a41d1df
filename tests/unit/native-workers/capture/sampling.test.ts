import { describe, expect, it } from 'vitest';
import type { SampleRule } from '#core/domain/recipe.ts';
import { planSampling } from '#workers/capture/sampling.ts';

/** Two images of two channels of 3 x 3: value = 100 image + 10 channel + position. */
const values = Float32Array.from(
  { length: 36 },
  (_, at) => 100 * Math.floor(at / 18) + 10 * (Math.floor(at / 9) % 2) + (at % 9),
);
const plan = (rule: SampleRule, shape = [0, 2, 3, 3]) => planSampling(shape, rule, 'conv1', '"t" of Net1');

function reduced(rule: SampleRule): number[] {
  const { reduce, units, positions } = plan(rule);
  const out = new Float32Array(2 * units * positions);
  reduce?.(values, Int32Array.of(0, 1), out);
  return [...out];
}

describe('planSampling', () => {
  it('takes positions and flattened values as they lie', () => {
    expect(plan({ kind: 'position' })).toMatchObject({ units: 2, positions: 9, reduce: null });
    expect(plan({ kind: 'flatten' })).toMatchObject({ units: 18, positions: 1, reduce: null });
    expect(plan({ kind: 'image' }, [0, 7])).toMatchObject({ units: 7, positions: 1, reduce: null });
    expect(plan({ kind: 'position' }, [0, 7])).toMatchObject({ units: 7, positions: 1 });
    expect(plan({ kind: 'image' }, [0, 7, 1, 1])).toMatchObject({ units: 7, positions: 1 });
  });

  it('reduces an image to its mean, its maximum or its centre', () => {
    expect(reduced({ kind: 'image-mean' })).toEqual([4, 14, 104, 114]);
    expect(reduced({ kind: 'image-max' })).toEqual([8, 18, 108, 118]);
    expect(reduced({ kind: 'centre' })).toEqual([4, 14, 104, 114]);
    const even = plan({ kind: 'centre' }, [0, 1, 2, 4]);
    const out = new Float32Array(1);
    even.reduce?.(Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7), Int32Array.of(0), out);
    expect([...out]).toEqual([6]);
  });

  it('lets a value that is no number through image-max, so that it is noticed', () => {
    const { reduce } = plan({ kind: 'image-max' }, [0, 1, 1, 3]);
    for (const at of [0, 1, 2]) {
      const out = new Float32Array(1);
      reduce?.(Float32Array.of(1, 3, 2).fill(Number.NaN, at, at + 1), Int32Array.of(0), out);
      expect(out[0]).toBeNaN();
    }
  });

  it('takes the same random positions for all channels, seeded, whatever the batch', () => {
    const rule: SampleRule = { kind: 'random', count: 4, seed: 5 };
    const { reduce, positions } = plan(rule);
    expect(positions).toBe(4);
    const together = reduced(rule);
    const [first, second] = [new Float32Array(8), new Float32Array(8)];
    reduce?.(values.subarray(0, 18), Int32Array.of(0), first);
    reduce?.(values.subarray(18), Int32Array.of(1), second);
    expect([...first, ...second]).toEqual(together);
    for (let image = 0; image < 2; image++) {
      const chosen = together.slice(image * 8, image * 8 + 4).map((x) => x - 100 * image);
      expect(new Set(chosen).size).toBe(4);
      expect(together.slice(image * 8 + 4, image * 8 + 8).map((x) => x - 100 * image - 10)).toEqual(chosen);
    }
    expect(reduced({ ...rule, seed: 6 })).not.toEqual(together);
    expect(reduced(rule)).toEqual(together);
  });

  it('takes every position when more are asked for than there are', () => {
    const { positions } = plan({ kind: 'random', count: 100, seed: 1 });
    expect(positions).toBe(9);
    expect(reduced({ kind: 'random', count: 100, seed: 1 }).slice(0, 9).sort()).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  it('takes the first and the last token', () => {
    expect(reduced({ kind: 'class-token' })).toEqual([0, 10, 100, 110]);
    expect(reduced({ kind: 'last-token' })).toEqual([8, 18, 108, 118]);
  });

  it('reads tensors of any number of axes of units and positions', () => {
    const of = (shape: number[], unitAxes: number) =>
      planSampling(shape, { kind: 'position' }, 'layer', 'tensor', unitAxes);
    expect(of([0, 5, 6], 1)).toMatchObject({ channels: 5, height: 1, width: 6, units: 5, positions: 6 });
    expect(of([0, 3, 8, 6], 2)).toMatchObject({ channels: 24, height: 1, width: 6, units: 24, positions: 6 });
    expect(of([0, 2, 3, 4, 5], 1)).toMatchObject({ channels: 2, height: 12, width: 5, positions: 60 });
  });

  it('refuses "image" where there are positions, and tensors without units', () => {
    expect(() => plan({ kind: 'image' })).toThrow(
      'Layer conv1: sample "image" needs one value per unit, but "t" of Net1 has 3 x 3 positions; choose position, ' +
        'image-mean, image-max, centre or flatten.',
    );
    expect(() => plan({ kind: 'position' }, [0])).toThrow(
      'Layer conv1: "t" of Net1 has shape [N], which has no units; choose another tensor.',
    );
    expect(() => plan({ kind: 'position' }, [0])).toThrow(/has shape \[N\]/);
  });
});
