import { describe, expect, test } from 'vitest';
import { colourMapNames, colourOf } from '#core/figure/colour/maps.ts';
import { pairColours } from '#core/figure/colour/sets.ts';
import { confusedPair, lintScene } from '#core/figure/lint.ts';
import type { Mark, Scene } from '#core/figure/scene.ts';
import { isCovered, textWidthMm } from '#core/figure/text.ts';

const sceneOf = (...marks: Mark[]): Scene => ({
  widthMm: 50,
  heightMm: 20,
  background: '#ffffff',
  title: '',
  description: '',
  provenance: '',
  marks: [{ kind: 'group', xMm: 5, yMm: 5, marks }],
});

const text = (content: string, sizePt: number, xMm = 0): Mark => ({
  kind: 'text',
  xMm,
  yMm: 5,
  runs: [{ text: content }],
  sizePt,
  weight: 'regular',
  anchor: 'start',
  baseline: 'alphabetic',
  rotate: 0,
  fill: '#000000',
});

test('a good scene has no warnings', () => {
  expect(lintScene(sceneOf(text('Net1 unit, ρ = −0.5', 5)))).toEqual([]);
});

test('small text, thin lines, uncovered characters and text over the edge are named', () => {
  const line: Mark = {
    kind: 'line',
    x1Mm: 0,
    y1Mm: 0,
    x2Mm: 1,
    y2Mm: 0,
    stroke: { colour: '#000000', widthPt: 0.2 },
  };
  expect(lintScene(sceneOf(text('tiny', 4.5)))[0]).toContain('"tiny" is 4.5 pt');
  expect(lintScene(sceneOf(line))[0]).toContain('0.2 pt wide');
  expect(lintScene(sceneOf(text('層', 7)))[0]).toContain('the figure font lacks');
  expect(lintScene(sceneOf(text('over the edge', 7, 40)))[0]).toContain('over the edge');
});

describe('red-green blindness', () => {
  test('a red-green pair is found', () => {
    expect(confusedPair(['#d62728', '#2ca02c'])).toEqual(['#d62728', '#2ca02c']);
  });

  test('the colours in use are safe', () => {
    for (const map of colourMapNames)
      expect(confusedPair([colourOf(map, 0), colourOf(map, 1)])).toBeUndefined();
    for (const pair of Object.values(pairColours))
      expect(confusedPair([pair.semi, pair.match])).toBeUndefined();
  });
});

test.each(['sans', 'serif'] as const)(
  'the %s face has what labels need, and what it lacks is named',
  (family) => {
    for (const text of [
      'αβγδεζηθικλμνξοπρστυφχψω ΔΣΩ',
      '−0.5 ± 2 × 10⁻³',
      'R² x₀ x₁₂ µm °C ≥ ≤ ≈ → ∞ ∑ √ ∂',
      '… – — “” ‘’ ′ ‰ éñøßÅ',
    ])
      expect([text, isCovered(text, family)]).toEqual([text, true]);
    expect(isCovered('漢', family)).toBe(false);
    expect(textWidthMm([{ text: '0000' }], 72, 'regular', family)).toBeCloseTo(
      4 * (family === 'sans' ? 0.556 : 0.5) * 25.4,
      1,
    );
  },
);
