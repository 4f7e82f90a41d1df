import { viewNames } from './view-names.ts';

/** The keys, as the help shows them, by the place where they work. */
export const keyHelp: { place: string; keys: string[]; does: string }[] = [
  { place: 'Views', keys: ['1', '…', '9'], does: 'The first nine views of the rail' },
  { place: 'Views', keys: ['F'], does: 'Figures' },
  { place: 'Views', keys: ['[', ']'], does: 'Layer before, layer after' },
  { place: 'Views', keys: ['I'], does: 'Show or hide the inspector' },
  { place: 'Views', keys: ['Ctrl', 'Z'], does: 'Back to what was looked at before' },
  { place: 'Views', keys: ['Ctrl', 'Shift', 'Z'], does: 'Forward again' },
  { place: 'Views', keys: ['Esc'], does: 'Put away: a dialog, a notice, the selection' },
  { place: 'Project', keys: ['Ctrl', 'K'], does: 'Search for a command, a unit, a result' },
  { place: 'Project', keys: ['N'], does: 'New analysis' },
  { place: 'Project', keys: ['O'], does: 'Open a project' },
  { place: 'Project', keys: ['E'], does: 'Figure of what is on the screen, to export' },
  { place: 'Project', keys: ['J'], does: 'Jobs' },
  { place: 'Project', keys: ['?'], does: 'These keys' },
  { place: 'Pictures and tables', keys: ['←', '↑', '→', '↓'], does: 'Step through units or cells' },
  { place: 'Pictures and tables', keys: ['Enter'], does: 'Select what is under the cursor' },
  { place: 'Pictures and tables', keys: ['+', '−'], does: 'Zoom' },
  { place: 'Pictures and tables', keys: ['Shift', '+', '←'], does: 'Move the picture' },
  { place: 'Pictures and tables', keys: ['0', 'Esc'], does: 'Whole picture again' },
  { place: 'Correlation', keys: ['B'], does: 'Mark a range of units; B or Enter ends it' },
  { place: 'Correlation', keys: ['L'], does: 'This picture alone, or all four' },
  { place: 'Correlation', keys: ['Del'], does: 'Clear the marked units' },
  { place: 'Subspaces', keys: ['N', 'P'], does: 'Next unit by r, the one before' },
  { place: 'Subspaces', keys: ['Space'], does: 'Take the unit into the group' },
  { place: 'Subspaces', keys: ['G'], does: 'Add its nearest to the group' },
  { place: 'Subspaces', keys: ['L'], does: 'Draw around units, or turn again' },
  { place: 'Figures', keys: ['Ctrl', 'S'], does: 'Save the figure in the project' },
  { place: 'Figures', keys: ['Ctrl', 'Z'], does: 'Undo the last edit; with Shift, redo' },
  { place: 'Figures', keys: ['Alt', '←'], does: 'Move the selected panel earlier; →, later' },
  { place: 'Figures', keys: ['Ctrl', 'D'], does: 'Duplicate the selected panel' },
  { place: 'Figures', keys: ['Del'], does: 'Remove the selected panel' },
  { place: 'Figures', keys: ['E'], does: 'Formats to export' },
  { place: 'Tour', keys: ['←', '→'], does: 'Step before, step after' },
  { place: 'Tour', keys: ['Esc'], does: 'Skip the tour' },
];

export type KeyAction =
  | { do: 'view'; index: number }
  | { do: 'layer'; by: 1 | -1 }
  | {
      do:
        | 'new-analysis'
        | 'open-project'
        | 'export'
        | 'inspector'
        | 'jobs'
        | 'search'
        | 'keys'
        | 'put-away'
        | 'undo'
        | 'redo';
    };

const letters: Record<string, KeyAction> = {
  n: { do: 'new-analysis' },
  o: { do: 'open-project' },
  e: { do: 'export' },
  f: { do: 'view', index: viewNames.indexOf('figures') },
  i: { do: 'inspector' },
  j: { do: 'jobs' },
  '?': { do: 'keys' },
  Escape: { do: 'put-away' },
  '[': { do: 'layer', by: -1 },
  ']': { do: 'layer', by: 1 },
};

/** What a key press asks for, null where it belongs to a field, a picture or the system. */
export function keyAction(event: KeyboardEvent): KeyAction | null {
  const hasCommand = event.ctrlKey || event.metaKey;
  if (hasCommand && event.key.toLowerCase() === 'k') return { do: 'search' };
  if (event.altKey || event.defaultPrevented) return null;
  const target = event.target;
  if (target instanceof Element && target.closest('input, select, textarea, [role=dialog], [role=menu]'))
    return null;
  if (hasCommand && event.key.toLowerCase() === 'z') return { do: event.shiftKey ? 'redo' : 'undo' };
  if (hasCommand && event.key.toLowerCase() === 'y') return { do: 'redo' };
  if (hasCommand) return null;
  if (/^[1-9]$/.test(event.key)) return { do: 'view', index: Number(event.key) - 1 };
  return letters[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null;
}
