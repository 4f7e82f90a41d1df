import { describe, expect, it } from 'vitest';
import { layoutChart, markedEdges, stairsPath, type Series } from '#renderer/plots/charts/chart-layout.ts';

const points = [
  [0.25, 1],
  [0.5, 1],
  [0.75, 0.5],
] as const;
const series: Series[] = [{ label: 'a', kind: 'stairs', points }];
const box = { left: 0, top: 0, width: 100, height: 100 };

describe('a value that holds over a share of the units', () => {
  it('is drawn in treads around its points, joined upright', () => {
    const layout = layoutChart(series, box, { yRange: [0, 1] });
    const { x, y } = layout;
    const at = (px: number, py: number) => `${x.place(px).toFixed(1)} ${y.place(py).toFixed(1)}`;
    expect(stairsPath(points, layout)).toBe(
      `M${at(0.125, 1)}L${at(0.375, 1)}L${at(0.375, 1)}L${at(0.625, 1)}L${at(0.625, 0.5)}L${at(0.875, 0.5)}`,
    );
  });

  it('is marked where it changes, and not at every one of many changes', () => {
    expect([...markedEdges(points)]).toEqual([1, 2]);
    const many = Array.from({ length: 100 }, (_, unit) => [unit, unit] as const);
    expect(markedEdges(many).size).toBe(8);
  });

  it('lies within the picture, treads and all', () => {
    const { x } = layoutChart(series, box, { yRange: [0, 1] });
    expect(x.place(0.125)).toBeGreaterThanOrEqual(0);
    expect(x.place(0.875)).toBeLessThanOrEqual(100);
  });
});
