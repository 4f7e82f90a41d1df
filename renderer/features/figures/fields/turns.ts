import { getContext, setContext } from 'svelte';

const key = Symbol('turns');

/** A count that undo and redo raise: fields then show the value, not what was being typed. */
export function provideTurns(turns: () => number): void {
  setContext(key, turns);
}

export function useTurns(): () => number {
  return getContext<(() => number) | undefined>(key) ?? (() => 0);
}
