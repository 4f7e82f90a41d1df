import { describe, expect, it } from 'vitest';
import { layoutPanels, type Place } from '#renderer/features/correlation/panel-layout.ts';

const panels = ['a', 'b', 'between', 'permuted'] as const;
const right = ({ left, width }: Place) => left + width;
const bottom = ({ top, height }: Place) => top + height;
const overlap = (one: Place, other: Place) =>
  one.left < right(other) && other.left < right(one) && one.top < bottom(other) && other.top < bottom(one);

describe('the four correlation pictures', () => {
  it.each([
    ['a wide stage', { width: 1168, height: 590, aspect: 1 }],
    ['a large stage', { width: 1808, height: 860, aspect: 1 }],
    ['one that an inspector narrows', { width: 870, height: 590, aspect: 1 }],
    ['a low one', { width: 1600, height: 330, aspect: 1 }],
    ['the least window', { width: 980, height: 480, aspect: 1 }],
    ['networks of different width', { width: 1168, height: 590, aspect: 2 }],
    ['the other way round', { width: 1168, height: 590, aspect: 0.25 }],
  ])('and the card stay inside %s, apart from each other', (_name, stage) => {
    for (const only of [null, ...panels]) {
      const { panels: places, card, curves } = layoutPanels(stage, only);
      const all = [...Object.values(places), card, ...(curves ? [curves] : [])];
      expect(Object.keys(places).sort()).toEqual(only ? [only] : [...panels]);
      for (const place of all) {
        expect(Math.min(place.left, place.top)).toBeGreaterThanOrEqual(0);
        expect(right(place)).toBeLessThanOrEqual(stage.width);
        expect(bottom(place)).toBeLessThanOrEqual(stage.height);
      }
      all.forEach((one, at) => {
        for (const other of all.slice(at + 1)) expect(overlap(one, other)).toBe(false);
      });
      expect(card.width).toBeGreaterThanOrEqual(216);
      expect(card.height).toBeGreaterThanOrEqual(100);
    }
  });

  it('give the comparison more room than the networks where it is to be had', () => {
    const { panels: places } = layoutPanels({ width: 1168, height: 590, aspect: 1 });
    expect(places.between!.width - 68).toBeGreaterThan(1.3 * (places.a!.width - 68));
    expect(places.permuted!.width).toBe(places.between!.width);
  });

  it('leave no more than a third of a wide stage unused, the card counted as used', () => {
    for (const stage of [
      { width: 1168, height: 590, aspect: 1 },
      { width: 1808, height: 860, aspect: 1 },
    ]) {
      const { panels: places, card, curves } = layoutPanels(stage);
      const used = [...Object.values(places), card, ...(curves ? [curves] : [])].reduce(
        (sum, { width, height }) => sum + width * height,
        0,
      );
      expect(used / (stage.width * stage.height)).toBeGreaterThan(0.66);
    }
  });

  it('leave a strip of a large stage to the curves of the matches, and none of a small one', () => {
    const { curves, card } = layoutPanels({ width: 1808, height: 860, aspect: 1 });
    expect(curves!.height).toBeGreaterThanOrEqual(168);
    expect(curves!.width).toBeGreaterThan(card.width);
    expect(layoutPanels({ width: 980, height: 480, aspect: 1 }).curves).toBeNull();
  });

  it('stand two by two on a stage that is nearly square, four in a row on a low one', () => {
    const square = layoutPanels({ width: 700, height: 700, aspect: 1 }).panels;
    expect([square.b!.top, square.between!.left]).toEqual([0, 0]);
    const row = layoutPanels({ width: 1600, height: 330, aspect: 1 }).panels;
    expect(panels.map((name) => row[name]!.top)).toEqual([0, 0, 0, 0]);
  });
});
