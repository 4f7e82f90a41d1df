import { describe, expect, it } from 'vitest';
import type { ReceptiveField } from '#core/domain/receptive-field.ts';
import { filterRgba, filterWords } from '#renderer/features/inspector/filter-drawing.ts';
import {
  fieldBox,
  frameOf,
  mapBox,
  overlayRgba,
  placeOfMaximum,
  rgbaOf,
} from '#renderer/features/inspector/input-drawing.ts';
import { distributionSource } from '#renderer/features/inspector/distribution-words.ts';
import { LatestOnly } from '#renderer/features/inspector/latest-only.ts';
import { stepFrom } from '#renderer/features/inspector/step-units.ts';
import { tracePath } from '#renderer/features/inspector/curve-drawing.ts';
import { extremePairs, hasRoomForMiddle, pictureSide } from '#renderer/features/best-worst/extreme-pairs.ts';
import { pairResult } from './synthetic.ts';
import { shownInputs } from './synthetic-units.ts';

const axis = { size: 10, jump: 2, start: -4 };
const field: ReceptiveField = { kind: 'window', axes: [axis, axis] };
const size = { height: 28, width: 28 };

describe('where a unit looks', () => {
  it('is its field moved by the stride, past the border where the input was padded', () => {
    expect(fieldBox(field, 0, 14, size)).toEqual({ top: -4, left: -4, height: 10, width: 10 });
    expect(fieldBox(field, 3 * 14 + 5, 14, size)).toEqual({ top: 2, left: 6, height: 10, width: 10 });
  });

  it('is the whole input where it has no place, no window, or one as large as the input', () => {
    expect(fieldBox(field, -1, 14, size)).toBeNull();
    expect(fieldBox({ kind: 'whole', because: '' }, 3, 14, size)).toBeNull();
    expect(fieldBox(null, 3, 14, size)).toBeNull();
    expect(fieldBox(field, 3, 14, { height: 8, width: 10 })).toBeNull();
  });

  it('centres a map on what its positions see: same padding keeps it over the input', () => {
    const same: ReceptiveField = { kind: 'window', axes: Array(2).fill({ size: 3, jump: 1, start: -1 }) };
    expect(mapBox(same, { height: 28, width: 28 }, size)).toEqual({ left: 0, top: 0, width: 28, height: 28 });
    expect(mapBox(field, { height: 14, width: 14 }, size)).toEqual({
      left: 0,
      top: 0,
      width: 28,
      height: 28,
    });
    expect(mapBox({ kind: 'whole', because: '' }, { height: 7, width: 7 }, size).width).toBe(28);
  });

  it('is framed as a square about the middle', () => {
    expect(frameOf(null, { height: 10, width: 20 })).toEqual({ left: 0, top: -5, width: 20, height: 20 });
    const box = { left: 4, top: 6, width: 3, height: 7 };
    expect(frameOf(box, size)).toEqual({ left: 2, top: 6, width: 7, height: 7 });
  });
});

describe('what is painted', () => {
  it('grey and colour become opaque pixels', () => {
    const inputs = {
      ...shownInputs([1]),
      rows: 1,
      cols: 2,
      depth: 3 as const,
      values: Uint8Array.of(1, 2, 3, 4, 5, 6),
    };
    expect([...rgbaOf(inputs, 0)]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
    expect([...rgbaOf({ ...inputs, depth: 1 }, 1)]).toEqual([3, 3, 3, 255, 4, 4, 4, 255]);
  });

  it('the activation is clear at 0 and below, strongest at its largest', () => {
    const pixels = overlayRgba(Float32Array.of(-1, 0, 2, 4), 4, [9, 8, 7]);
    expect([3, 7, 11, 15].map((at) => pixels[at])).toEqual([0, 0, 115, 230]);
    expect([...overlayRgba(Float32Array.of(3), 0, [9, 8, 7])]).toEqual([9, 8, 7, 0]);
    expect(placeOfMaximum(Float32Array.of(1, 5, 5, 2))).toBe(1);
    expect(placeOfMaximum(new Float32Array())).toBe(-1);
  });

  it('a filter is grey at 0, and colours where it reads three channels', () => {
    const filter = { channels: 1, height: 1, width: 3, values: Float32Array.of(-2, 0, 1) };
    expect([...filterRgba(filter)].filter((_, at) => at % 4 === 0)).toEqual([0, 128, 191]);
    const colour = { channels: 3, height: 1, width: 1, values: Float32Array.of(2, -2, 0) };
    expect([...filterRgba(colour)]).toEqual([255, 0, 128, 255]);
    expect(filterWords({ ...filter, height: 5, width: 5, channels: 2 })).toBe(
      '5 × 5 weights, the first of 2 channels',
    );
  });

  it('a trace keeps within its frame', () => {
    expect(tracePath(Float32Array.of(-1, 1, 0), { low: -1, high: 1 }, { width: 20, height: 12 })).toBe(
      'M0.0 11.0L10.0 1.0L20.0 6.0',
    );
  });
});

describe('best and worst', () => {
  const { table } = pairResult('conv2', 'Net1', 'Net2');

  it('are the ends of the matching, none of them twice', () => {
    const { best, worst, matched } = extremePairs(table, 8);
    const values = Array.from(table.matchValue).sort((x, y) => y - x);
    expect(best.map(({ r }) => r)).toEqual(values.slice(0, 8));
    expect(worst.map(({ r }) => r)).toEqual(values.slice(-8));
    expect([best[0].rank, worst[7].rank, matched]).toEqual([1, 48, 48]);
    expect(best.every(({ unitA, unitB }) => table.matchB[unitA] === unitB)).toBe(true);
  });

  it('leave the pairs about the median between them, and show those where a third column has room', () => {
    const { best, middle, worst } = extremePairs(table, 8);
    const ranks = middle.map(({ rank }) => rank);
    expect(ranks).toEqual([21, 22, 23, 24, 25, 26, 27, 28]);
    expect(new Set([...best, ...middle, ...worst].map(({ unitA }) => unitA)).size).toBe(24);
    expect(extremePairs(table, 24).middle).toEqual([]);
    expect(hasRoomForMiddle({ width: 1488, height: 860 }, 8, 106)).toBe(true);
    expect(hasRoomForMiddle({ width: 828, height: 600 }, 8, 106)).toBe(false);
  });

  it('share few pairs, and leave out dead and unmatched units', () => {
    const few = {
      ...table,
      unitA: Int32Array.of(0, 1, 2, 3, 4),
      matchB: Int32Array.of(4, 3, -1, 1, 0),
      matchValue: Float64Array.of(0.1, 0.9, 0, 0.5, 0.3),
      deadA: Uint8Array.of(0, 0, 0, 0, 1),
      deadB: new Uint8Array(5),
    };
    const { best, worst, matched } = extremePairs(few, 8);
    expect([best, worst].map((pairs) => pairs.map(({ unitA }) => unitA))).toEqual([[1, 3], [0]]);
    expect(matched).toBe(3);
  });

  it('fit their place', () => {
    const side = pictureSide({ width: 410, height: 560 }, 8, 106);
    expect(9 * side + 8 * 3 + 106).toBeLessThanOrEqual(410);
    expect(8 * (2 * side + 3 + 9)).toBeLessThanOrEqual(560);
    expect(pictureSide({ width: 100, height: 100 }, 8, 106)).toBe(16);
    expect(pictureSide({ width: 4000, height: 4000 }, 2, 106)).toBe(72);
  });
});

describe('in words', () => {
  it('a distribution says what it is of', () => {
    expect(distributionSource({ images: 512, ofImages: 2000, source: 'run' }, 1000)).toBe(
      'From 512 of 2,000 images, chosen at random with a fixed seed: 1,000 values.',
    );
    expect(distributionSource({ images: 60, ofImages: 60, source: 'run' }, 60)).toBe(
      'From all 60 images: 60 values.',
    );
    expect(distributionSource({ images: 60, ofImages: 99, source: 'kept' }, 1000)).toMatch(
      /kept in the project/,
    );
  });

  it('steps end at the first and the last unit, of B where A has none', () => {
    const choice = { a: 'Net1', b: 'Net2', layerFacts: { units: { Net1: 3, Net2: 5 } } as never };
    expect(stepFrom({ unitA: 1, unitB: 4 }, 1, choice)).toEqual({ network: 'Net1', unit: 2 });
    expect(stepFrom({ unitA: 2, unitB: 4 }, 1, choice)).toBeNull();
    expect(stepFrom({ unitA: 0, unitB: 4 }, -1, choice)).toBeNull();
    expect(stepFrom({ unitA: -1, unitB: 3 }, 1, choice)).toEqual({ network: 'Net2', unit: 4 });
  });
});

describe('work for a person who steps quickly', () => {
  it('is done one at a time, of what waited the last alone, and goes on after a failure', async () => {
    const done: number[] = [];
    const latest = new LatestOnly();
    const work = (n: number) => async () => {
      await Promise.resolve();
      done.push(n);
      if (n === 1) throw new Error('no engine');
    };
    [1, 2, 3].forEach((n) => latest.ask(work(n)));
    await expect.poll(() => done).toEqual([1, 3]);
    latest.ask(work(4));
    latest.ask(work(5));
    latest.drop();
    await expect.poll(() => done).toEqual([1, 3, 4]);
  });
});
