import { describe, expect, it } from 'vitest';
import { mirrorUpper } from '#core/numeric/linear-algebra/mirror-upper.ts';
import { packedRows, packUpper, unpackUpper } from '#core/numeric/linear-algebra/packed-upper.ts';

const sizes = [1, 2, 3, 4, 5, 8, 33, 70, 101];

/** Upper triangle of numbers that name their cells; below it what must not matter. */
const upper = (n: number) =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i <= j ? 1000 * i + j + 1 : Number.NaN;
  });

describe('a triangle packed in half the rows', () => {
  it.each(sizes)('comes back as both triangles, n = %i', (n) => {
    const whole = upper(n);
    mirrorUpper(n, whole);
    const packed = packUpper(n, upper(n));
    expect(packed.length).toBe(packedRows(n) * n);
    expect(packed.every(Number.isFinite)).toBe(true);
    const back = new Float64Array(n * n).fill(Number.NaN);
    back.set(packed);
    unpackUpper(n, back);
    expect(back).toEqual(whole);
  });

  it.each(sizes)('leaves the upper triangle as it was, n = %i', (n) => {
    const matrix = upper(n);
    packUpper(n, matrix);
    const found = upper(n);
    for (let i = 0; i < n; i++) for (let j = i; j < n; j++) found[i * n + j] -= matrix[i * n + j];
    for (let i = 0; i < n; i++) for (let j = i; j < n; j++) expect(found[i * n + j]).toBe(0);
  });

  it('holds every value once', () => {
    for (const n of sizes) {
      const values = [...packUpper(n, upper(n))].filter((value) => value !== 0);
      expect(new Set(values).size).toBe((n * (n + 1)) / 2);
      expect(values.length).toBe((n * (n + 1)) / 2);
    }
  });
});
