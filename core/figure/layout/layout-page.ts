import type { PageData } from '../data.ts';
import { layoutPanel } from '../panels/registry.ts';
import type { Mark } from '../scene.ts';
import type { PageSpec } from '../spec.ts';
import { fitText, textWidthMm } from '../text.ts';
import { lettersOf, placesOf } from './page-grid.ts';
import type { GridPlace } from './page-grid.ts';
import type { LaidOut, ScaleBar, Slot } from './slot.ts';
import { capMm, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

/**
 * Panels on a grid. They are laid out three times: to learn what room their axes want, then with the boxes of each
 * column under each other (their heights follow), then with the boxes of each row beginning and ending together.
 */
export function layoutPage(
  spec: PageSpec,
  data: PageData,
  style: FigureStyle,
): { heightMm: number; marks: Mark[] } {
  if (spec.panels.length !== data.panels.length) {
    throw new RangeError(`The page has ${spec.panels.length} panels but data for ${data.panels.length}.`);
  }
  const whole = new Grid(spec, data, style);
  const alone = whole.layOut(() => ({}));
  const scale = sharedScale(alone);
  if (!scale) return finished(whole, alone, {});
  const barMm = scale.widthMm + 0.9 * style.emMm;
  const grid = new Grid(spec, data, { ...style, widthMm: style.widthMm - barMm });
  const slot = { isScaleShown: true };
  const page = finished(
    grid,
    grid.layOut(() => slot),
    slot,
  );
  const { top, heightMm } = page.firstBox;
  const xMm = style.widthMm - style.marginMm - scale.widthMm;
  return { ...page, marks: [...page.marks, ...scale.marks({ xMm, yMm: top, heightMm })] };
}

/** The colour bar of a page whose panels all have the same. */
function sharedScale(laidOut: LaidOut[]): ScaleBar | undefined {
  const [first, ...others] = laidOut.map(({ scale }) => scale);
  return others.length > 0 && others.every((scale) => scale && scale.key === first?.key) ? first : undefined;
}

function finished(grid: Grid, first: LaidOut[], slot: Slot) {
  const columns = first.map((_, at) => ({
    ...slot,
    ...grid.columnSlot(first, at),
    knownLegends: grid.legendsBefore(first, at),
  }));
  const second = grid.layOut((at) => columns[at]);
  const rows = first.map((_, at) => grid.rowSlot(second, at));
  const last = grid.layOut((at) => ({ ...columns[at], ...rows[at] }));
  return grid.marks(last);
}

class Grid {
  readonly #spec: PageSpec;
  readonly #data: PageData;
  readonly #style: FigureStyle;
  readonly #places: GridPlace[];
  readonly #letters: string[][];
  readonly #gapMm: number;
  readonly #columnMm: number;

  constructor(spec: PageSpec, data: PageData, style: FigureStyle) {
    this.#spec = spec;
    this.#data = data;
    this.#style = style;
    this.#places = placesOf(spec);
    this.#letters = lettersOf(spec);
    this.#gapMm = spec.gapMm ?? 1.5 * style.emMm;
    const innerMm = style.widthMm - 2 * style.marginMm;
    this.#columnMm = (innerMm - (spec.columns - 1) * this.#gapMm) / spec.columns;
    if (this.#columnMm < 8 * style.emMm) {
      throw new RangeError(
        `${spec.columns} columns leave ${this.#columnMm.toFixed(0)} mm a panel; take fewer columns or a wider page.`,
      );
    }
  }

  #widthOf(span: number): number {
    return span * this.#columnMm + (span - 1) * this.#gapMm;
  }

  layOut(slotOf: (at: number) => Slot): LaidOut[] {
    return this.#spec.panels.map((panel, at) => {
      const widthMm = this.#widthOf(this.#places[at].span);
      const style = { ...this.#style, widthMm, marginMm: 0 };
      const slot: Slot = { heightMm: panel.heightMm, ...slotOf(at), letters: this.#letters[at] };
      return layoutPanel(panel, this.#data.panels[at], style, slot);
    });
  }

  /** Panels that begin in one column have their boxes' left edges under each other; those that end in one, the right. */
  columnSlot(laidOut: LaidOut[], at: number): Slot {
    const place = this.#places[at];
    const most = (pick: (panel: LaidOut) => number, isAlike: (other: GridPlace) => boolean): number =>
      Math.max(...laidOut.filter((_, other) => isAlike(this.#places[other])).map(pick));
    const end = place.column + place.span;
    const widestLetter = Math.max(...this.#letters.map(([letter]) => this.#letterMm(letter)));
    const leftMm = most(
      (panel) => panel.leftMm,
      ({ column }) => column === place.column,
    );
    return {
      leftMm: Math.max(leftMm, widestLetter),
      rightMm: most(
        ({ rightMm }) => rightMm,
        ({ column, span }) => column + span === end && span === place.span,
      ),
    };
  }

  /** Room that a letter takes left of its panel's title. */
  #letterMm(letter: string): number {
    if (letter === '') return 0;
    const { letterPt, emMm } = this.#style;
    return textWidthMm([{ text: letter }], letterPt, 'bold', this.#style.family) + 0.7 * emMm;
  }

  /** Keys that an earlier panel shows need not be shown again. */
  legendsBefore(laidOut: LaidOut[], at: number): ReadonlySet<string> {
    return new Set(laidOut.slice(0, at).flatMap(({ legend }) => (legend ? [legend] : [])));
  }

  rowSlot(laidOut: LaidOut[], at: number): Slot {
    const { row } = this.#places[at];
    const beside = laidOut.filter((_, other) => this.#places[other].row === row);
    const headMm = Math.max(...beside.map((panel) => panel.headMm));
    const footMm = Math.max(...beside.map((panel) => panel.footMm));
    // Square matrices cannot be made taller, so they decide where there are any.
    const fixed = beside.filter(({ isFixed }) => isFixed);
    const boxMm = (panel: LaidOut): number => panel.heightMm - panel.headMm - panel.footMm;
    const asked = this.#spec.panels
      .filter((_, other) => this.#places[other].row === row)
      .flatMap(({ heightMm }) => heightMm ?? []);
    const tallestMm = Math.max(...(fixed.length > 0 ? fixed : beside).map(boxMm));
    const heightMm = asked.length > 0 ? Math.max(...asked) : headMm + tallestMm + footMm;
    return { headMm, footMm, heightMm: laidOut[at].isFixed && asked.length === 0 ? undefined : heightMm };
  }

  marks(laidOut: LaidOut[]): {
    heightMm: number;
    marks: Mark[];
    firstBox: { top: number; heightMm: number };
  } {
    const { marginMm, emMm, textPt, ink, widthMm } = this.#style;
    const marks: Mark[] = [];
    let top = marginMm;
    if (this.#spec.title) {
      const title = fitText(this.#spec.title, textPt, widthMm - 2 * marginMm, 'bold', this.#style.family);
      top += capMm(textPt);
      marks.push(textMark(title, marginMm, top, { sizePt: textPt, weight: 'bold', fill: ink.text }));
      top += 1.1 * emMm;
    }
    const [{ headMm, heightMm, footMm }] = laidOut;
    const firstBox = { top: top + headMm, heightMm: heightMm - headMm - footMm };
    const rows = Math.max(...this.#places.map(({ row }) => row)) + 1;
    for (let row = 0; row < rows; row++) {
      const here = laidOut.flatMap((panel, at) => (this.#places[at].row === row ? [{ panel, at }] : []));
      for (const { panel, at } of here) marks.push(this.#panelMarks(panel, at, top));
      top += Math.max(...here.map(({ panel }) => panel.heightMm)) + (row < rows - 1 ? 1.3 * this.#gapMm : 0);
    }
    return { heightMm: Math.max(top + marginMm, this.#spec.heightMm ?? 0), marks, firstBox };
  }

  #panelMarks(panel: LaidOut, at: number, yMm: number): Mark {
    const { marginMm, letterPt, ink } = this.#style;
    const letters = this.#letters[at];
    const own: Mark[] = [];
    // A panel of several lettered parts sets its letters itself.
    if (letters.length === 1 && letters[0] !== '') {
      own.push(
        textMark(letters[0], 0, capMm(letterPt), { sizePt: letterPt, weight: 'bold', fill: ink.text }),
      );
    }
    const { column, span } = this.#places[at];
    const xMm = marginMm + column * (this.#columnMm + this.#gapMm);
    const sizeMm = { widthMm: this.#widthOf(span), heightMm: panel.heightMm };
    const name = `panel ${letters[0] || at + 1}`;
    return { kind: 'group', name, xMm, yMm, sizeMm, marks: [...own, ...panel.marks] };
  }
}
