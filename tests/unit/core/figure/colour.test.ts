import { describe, expect, test } from 'vitest';
import {
  colourMapNames,
  colourOf,
  matrixToRgba,
  missingIndex,
  levelOf,
  paletteOf,
} from '#core/figure/colour/maps.ts';
import { networkLook } from '#core/figure/colour/sets.ts';

/** CIE L* of a colour, for what the eye makes of it in grey. */
function lightness(hex: string): number {
  const linear = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

describe('diverging', () => {
  test('is blue at the low end, exactly white in the middle, red at the high end', () => {
    const [low, high] = [colourOf('diverging', 0), colourOf('diverging', 1)];
    expect(colourOf('diverging', 0.5)).toBe('#ffffff');
    expect(parseInt(low.slice(5, 7), 16)).toBeGreaterThan(2 * parseInt(low.slice(1, 3), 16));
    expect(parseInt(high.slice(1, 3), 16)).toBeGreaterThan(2 * parseInt(high.slice(5, 7), 16));
  });

  test('darkens evenly and alike on both sides', () => {
    for (let step = 0; step < 10; step++) {
      const t = step / 20;
      const [left, right] = [lightness(colourOf('diverging', t)), lightness(colourOf('diverging', 1 - t))];
      expect(Math.abs(left - right)).toBeLessThan(8);
      expect(lightness(colourOf('diverging', t + 0.05))).toBeGreaterThan(left);
    }
  });
});

test('paper-grey goes from black to white, viridis from violet to yellow', () => {
  expect([0, 1].map((t) => colourOf('paper-grey', t))).toEqual(['#000000', '#ffffff']);
  expect([0, 1].map((t) => colourOf('viridis', t))).toEqual(['#440154', '#fde725']);
});

test('values beyond the range get the end colours, NaN one of its own', () => {
  for (const map of colourMapNames) {
    expect(colourOf(map, -3)).toBe(colourOf(map, 0));
    expect(colourOf(map, 7)).toBe(colourOf(map, 1));
    const others = Array.from({ length: 255 }, (_, at) => colourOf(map, at / 254));
    expect(others).not.toContain(colourOf(map, NaN));
    expect(paletteOf(map)).toHaveLength(768);
  }
  expect(levelOf(NaN)).toBe(missingIndex);
});

test('a matrix becomes one opaque pixel per cell, row by row', () => {
  const rgba = matrixToRgba([-1, 0, 1, 0.5], 2, 2, 'paper-grey', -1, 1);
  expect([...rgba]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255, 192, 192, 192, 255]);
  expect(() => matrixToRgba([1], 2, 2, 'viridis', 0, 1)).toThrow('needs 4 values');
});

test('networks differ by colour and by shape', () => {
  const looks = Array.from({ length: 8 }, (_, at) => networkLook(at, 'light'));
  expect(looks[0].colour).toBe('#0072b2');
  expect(looks[1].colour).toBe('#d55e00');
  expect(new Set(looks.map((look) => look.colour)).size).toBe(8);
  expect(new Set(looks.map((look) => look.shape)).size).toBe(8);
});
