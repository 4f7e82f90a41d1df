/** What a key asks for while figures are shown; null where it belongs to the system or to every view. */
export type FigureKey =
  'save' | 'undo' | 'redo' | 'duplicate-panel' | 'remove-panel' | 'panel-earlier' | 'panel-later' | 'let-go';

/** Undo is of the page everywhere, in its fields too: they show what the page holds. */
export function figureKey(event: KeyboardEvent): FigureKey | null {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('[role=dialog], [role=menu]')) return null;
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    if (key === 's') return 'save';
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
    if (key === 'y') return 'redo';
    if (key === 'd') return 'duplicate-panel';
    return null;
  }
  const isField = target?.closest('input, select, textarea') ?? null;
  if (event.altKey && !event.ctrlKey) {
    if (key === 'ArrowLeft' || key === 'ArrowUp') return 'panel-earlier';
    if (key === 'ArrowRight' || key === 'ArrowDown') return 'panel-later';
    return null;
  }
  if (isField) return null;
  // In the list of figures Delete and Escape are not about a panel.
  const isOfPage = target?.closest('[data-testid="figure-stage"], aside') ?? null;
  if (isOfPage && (key === 'Delete' || key === 'Backspace')) return 'remove-panel';
  if (isOfPage && key === 'Escape') return 'let-go';
  return null;
}
