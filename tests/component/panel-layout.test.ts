import { describe, expect, it } from 'vitest';
import { layoutPanels } from '#renderer/features/correlation/panel-layout.ts';

const widthsOf = (columns: string) => columns.split(' ').map((column) => parseFloat(column));

describe('the four correlation pictures', () => {
  it.each([
    ['a wide stage', { width: 1168, height: 590, aspect: 1 }],
    ['a large stage', { width: 1808, height: 860, aspect: 1 }],
    ['one that an inspector narrows', { width: 870, height: 590, aspect: 1 }],
    ['a low one', { width: 1600, height: 330, aspect: 1 }],
    ['networks of different width', { width: 1168, height: 590, aspect: 2 }],
    ['the other way round', { width: 1168, height: 590, aspect: 0.25 }],
  ])('stay inside %s', (_name, stage) => {
    const { areas, columns } = layoutPanels(stage);
    const widths = widthsOf(columns);
    const gaps = 24 * (widths.length - 1);
    expect(widths.reduce((sum, width) => sum + width, gaps)).toBeLessThanOrEqual(stage.width);
    for (const panel of ['a', 'b', 'between', 'permuted']) expect(areas).toContain(panel);
  });

  it('give the comparison more room than the networks where it is to be had', () => {
    const [small, large] = widthsOf(layoutPanels({ width: 1168, height: 590, aspect: 1 }).columns);
    expect(large).toBeGreaterThan(1.3 * small);
  });

  it('stand two by two on a stage that is nearly square, four in a row on a low one', () => {
    expect(layoutPanels({ width: 700, height: 700, aspect: 1 }).areas).toBe('"a b" "between permuted"');
    expect(layoutPanels({ width: 1600, height: 330, aspect: 1 }).areas).toBe('"a b between permuted"');
  });
});
