import { presets } from '../presets.ts';
import type { PageSpec, PanelSpec } from '../spec.ts';

/** Where a panel stands on the page's grid. */
export interface GridPlace {
  row: number;
  column: number;
  span: number;
}

/** Panels row by row; one that does not fit in what is left of a row begins the next. */
export function placesOf({ columns, panels }: PageSpec): GridPlace[] {
  let [row, column] = [0, 0];
  return panels.map((panel) => {
    const span = Math.min(columns, panel.span);
    if (column > 0 && (panel.newRow || column + span > columns)) [row, column] = [row + 1, 0];
    const place = { row, column, span };
    column += span;
    return place;
  });
}

/** Figure 1 has a letter for each of its four matrices. */
const lettersTaken = (panel: PanelSpec): number => (panel.kind === 'correlation-quad' ? 4 : 1);

/** The letters of every panel; one empty letter where a page has a single panel, or none are wanted. */
export function lettersOf(spec: PageSpec): string[][] {
  const style = spec.letters ?? presets[spec.preset].letters;
  const total = spec.panels.reduce((sum, panel) => sum + lettersTaken(panel), 0);
  let next = 0;
  return spec.panels.map((panel) =>
    Array.from({ length: lettersTaken(panel) }, (_, at) => {
      if (panel.letter !== undefined && at === 0) return panel.letter;
      const letter = letterAt(next++);
      if (style === 'none' || total === 1) return '';
      return style === 'upper' ? letter.toUpperCase() : letter;
    }),
  );
}

/** a ... z, aa, ab ... */
function letterAt(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : letterAt(Math.floor(index / 26) - 1) + letter;
}
