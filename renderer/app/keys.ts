/** The keys, as the help shows them. */
export const keyHelp: { keys: string[]; does: string }[] = [
  { keys: ['1', '…', '9'], does: 'The first nine views of the rail' },
  { keys: ['[', ']'], does: 'Layer before, layer after' },
  { keys: ['N'], does: 'New analysis' },
  { keys: ['O'], does: 'Open a project' },
  { keys: ['E'], does: 'Export the figure' },
  { keys: ['I'], does: 'Show or hide the inspector' },
  { keys: ['J'], does: 'Jobs' },
  { keys: ['Ctrl', 'Z'], does: 'Back to what was looked at before' },
  { keys: ['Ctrl', 'Shift', 'Z'], does: 'Forward again' },
  { keys: ['Ctrl', 'K'], does: 'Search for a command' },
  { keys: ['?'], does: 'These keys' },
  { keys: ['←', '↑', '→', '↓'], does: 'In a picture or table: step through units' },
  { keys: ['Shift', '+', '←'], does: 'In a picture: move it' },
  { keys: ['+', '−'], does: 'In a picture: zoom' },
  { keys: ['Enter'], does: 'In a picture: select the pair under the cursor' },
  { keys: ['B'], does: 'In a correlation picture: mark a range of units; B or Enter ends it' },
  { keys: ['L'], does: 'In a correlation picture: this one alone, or all four' },
  { keys: ['Del'], does: 'In a correlation picture: clear the marked units' },
  { keys: ['0', 'Esc'], does: 'In a picture: whole picture again' },
  { keys: ['N'], does: 'In Subspaces: next unit by r; P: the one before' },
  { keys: ['Space'], does: 'In Subspaces: take the unit into the group; G: add its nearest' },
  { keys: ['L'], does: 'In Subspaces: draw around units, or turn again' },
  { keys: ['Esc'], does: 'Elsewhere: put a dialog or a notice away' },
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
  if (target instanceof Element && target.closest('input, select, textarea, [role=dialog]')) return null;
  if (hasCommand && event.key.toLowerCase() === 'z') return { do: event.shiftKey ? 'redo' : 'undo' };
  if (hasCommand && event.key.toLowerCase() === 'y') return { do: 'redo' };
  if (hasCommand) return null;
  if (/^[1-9]$/.test(event.key)) return { do: 'view', index: Number(event.key) - 1 };
  return letters[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null;
}
