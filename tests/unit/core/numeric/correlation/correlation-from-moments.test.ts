import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correlationFromMoments } from '#core/numeric/correlation/correlation-from-moments.ts';
import { createJointMoments, type JointMoments } from '#core/numeric/moments/joint-moments.ts';
import { createRandom } from '#core/random.ts';
import { expectClose, type Tolerance } from '../../close.ts';

const tolerance: Tolerance = {
  rtol: 0,
  atol: 1e-12,
  reason: 'a few dozen float64 operations on values of order 1',
};

/** Moments by definition, upper triangle only: the rest is NaN and must not be read. */
function momentsOf(columns: number[][]): JointMoments {
  const p = columns.length;
  const n = columns[0].length;
  const moments = createJointMoments(p, undefined, n);
  moments.m2.fill(NaN);
  const centred = columns.map((column, i) => {
    moments.mean[i] = column.reduce((sum, x) => sum + x, 0) / n;
    return column.map((x) => x - moments.mean[i]);
  });
  for (let i = 0; i < p; i++) {
    for (let j = i; j < p; j++)
      moments.m2[i * p + j] = centred[i].reduce((sum, x, k) => sum + x * centred[j][k], 0);
  }
  return moments;
}

const whole = (p: number) => ({ rowStart: 0, rowCount: p, colStart: 0, colCount: p });

describe('correlationFromMoments', () => {
  test('closed forms: identical, opposite, orthogonal, dead', () => {
    const moments = momentsOf([
      [1, 2, 3, 4],
      [-2, -4, -6, -8],
      [1, -1, -1, 1],
      [7, 7, 7, 7],
    ]);
    const r = correlationFromMoments(moments, whole(4));
    expectClose(r, [1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], tolerance);
    expect([r[0], r[5], r[10], r[15]]).toEqual([1, 1, 1, 0]);
  });

  test('the mask of dead units overrides rounding noise', () => {
    const moments = momentsOf([
      [1, 2, 4],
      [1e-9, 2e-9, 4e-9],
    ]);
    expect([...correlationFromMoments(moments, whole(2), Uint8Array.of(0, 1))]).toEqual([1, 0, 0, 0]);
  });

  test('a negative or vanishing second moment is dead, never NaN, and nothing leaves [-1, 1]', () => {
    const moments = createJointMoments(3, undefined, 5);
    moments.m2.set([1, 1.0000001, 1, 0, 1, 1e-200, 0, 0, -1e-9]);
    expect([...correlationFromMoments(moments, whole(3))]).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0]);
  });

  test('tiny and huge deviations do not under- or overflow', () => {
    const columns = [
      [1e-140, 2e-140, 4e-140],
      [1e140, 2e140, 4e140],
      [1e-140, 3e-140, 2e-140],
    ];
    const plain = [
      [1, 2, 4],
      [1, 2, 4],
      [1, 3, 2],
    ];
    expectClose(
      correlationFromMoments(momentsOf(columns), whole(3)),
      correlationFromMoments(momentsOf(plain), whole(3)),
      tolerance,
    );
  });

  test('blocks are cut-outs of the whole; B-A is bit-equal to the transpose of A-B; within is symmetric', () => {
    const random = createRandom(4);
    const [p, a] = [75, 33];
    const moments = momentsOf(
      Array.from({ length: p }, () => Array.from({ length: 20 }, () => random.nextFloat())),
    );
    const all = correlationFromMoments(moments, whole(p));
    const ab = correlationFromMoments(moments, { rowStart: 0, rowCount: a, colStart: a, colCount: p - a });
    const ba = correlationFromMoments(moments, { rowStart: a, rowCount: p - a, colStart: 0, colCount: a });
    for (let i = 0; i < p; i++) {
      expect(all[i * p + i]).toBe(1);
      for (let j = 0; j < p; j++) expect(all[i * p + j]).toBe(all[j * p + i]);
    }
    for (let i = 0; i < a; i++) {
      for (let j = 0; j < p - a; j++) {
        expect(ab[i * (p - a) + j]).toBe(all[i * p + a + j]);
        expect(ba[j * a + i]).toBe(ab[i * (p - a) + j]);
      }
    }
  });

  test('unchanged when a unit is shifted and scaled; the sign follows the scale', () => {
    const column = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(column, column, fc.integer({ min: 1, max: 9 }), fc.integer(), (x, y, scale, shift) => {
        const block = { rowStart: 0, rowCount: 1, colStart: 1, colCount: 1 };
        const r = correlationFromMoments(momentsOf([x, y]), block);
        const moved = correlationFromMoments(momentsOf([x.map((v) => -scale * v + (shift % 100)), y]), block);
        expectClose([-moved[0]], r, tolerance);
      }),
    );
  });

  test('refuses ranges and masks that do not fit, and no samples', () => {
    const moments = momentsOf([[1, 2]]);
    expect(() => correlationFromMoments(moments, whole(2))).toThrow(/row range 0\.\.2/);
    expect(() => correlationFromMoments(moments, { ...whole(1), colStart: 1 })).toThrow(/column range/);
    expect(() => correlationFromMoments(moments, whole(1), new Uint8Array(3))).toThrow(
      /mask of dead units has 3/,
    );
    expect(() => correlationFromMoments(createJointMoments(1), whole(1))).toThrow(/at least one sample/);
  });
});
