import type { FigureStyle } from '../layout/style.ts';
import type { LaidOut, Slot } from '../layout/slot.ts';
import type { PanelKind, PanelOf } from '../spec.ts';
import type { FigureTable } from '../table-rows.ts';
import type { PanelDataOf } from './panel-data.ts';

/** Everything about one kind of panel: what it draws, says and lists. */
export interface Panel<K extends PanelKind> {
  /** Name for menus, files and window titles. */
  label: string;
  layout(spec: PanelOf<K>, data: PanelDataOf[K], style: FigureStyle, slot: Slot): LaidOut;
  /** Sentences for under the figure, without the letter, ending with a full stop. */
  caption(spec: PanelOf<K>, data: PanelDataOf[K], letters: string[]): string;
  /** The numbers behind it, complete and unrounded. */
  tables(spec: PanelOf<K>, data: PanelDataOf[K], letters: string[]): FigureTable[];
}
