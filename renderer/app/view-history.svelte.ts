import type { ChoiceState } from './choice.svelte.ts';
import type { OptionsByView } from './view-options.svelte.ts';
import type { ViewName } from './views.ts';

/** Everything that tells one sight of a project from another, as plain values. */
export interface ViewState {
  view: ViewName;
  choice: ChoiceState;
  options: OptionsByView;
}

/** Changes of the same part that follow each other this closely (a dragged slider, held arrow keys) are one step. */
const oneStepMs = 500;
const longest = 200;

/** Steps back and forward through what was looked at. */
export class ViewHistory {
  #past = $state.raw<ViewState[]>([]);
  #future = $state.raw<ViewState[]>([]);
  #current: ViewState | null = null;
  #last: { part: string; atMs: number } | null = null;

  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Another project: nothing before it can be gone back to. */
  reset(): void {
    this.#past = [];
    this.#future = [];
    this.#current = null;
    this.#last = null;
  }

  /** Takes note of the state now seen; one that was restored, or equals the last, is no step. */
  note(state: ViewState, atMs = performance.now()): void {
    const before = this.#current;
    const part = before ? changedPart(before, state) : null;
    this.#current = state;
    if (!before || part === null) return;
    const isSameStep = this.#last?.part === part && part !== 'view' && atMs - this.#last.atMs < oneStepMs;
    this.#last = { part, atMs };
    if (!isSameStep) this.#past = [...this.#past, before].slice(-longest);
    this.#future = [];
  }

  undo(): ViewState | null {
    return this.#step('back');
  }

  redo(): ViewState | null {
    return this.#step('forward');
  }

  #step(way: 'back' | 'forward'): ViewState | null {
    const from = way === 'back' ? this.#past : this.#future;
    const target = from.at(-1);
    if (!target || !this.#current) return null;
    const left = from.slice(0, -1);
    const current = this.#current;
    if (way === 'back') {
      this.#past = left;
      this.#future = [...this.#future, current];
    } else {
      this.#future = left;
      this.#past = [...this.#past, current];
    }
    this.#current = target;
    this.#last = null;
    return target;
  }
}

/** Which part differs, null where none does; several parts at once are joined. */
function changedPart(before: ViewState, after: ViewState): string | null {
  const parts = [
    before.view !== after.view && 'view',
    ...Object.keys(after.choice).map(
      (key) =>
        differs(before.choice[key as keyof ChoiceState], after.choice[key as keyof ChoiceState]) && key,
    ),
    differs(before.options, after.options) && 'options',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : null;
}

function differs(before: unknown, after: unknown): boolean {
  return before !== after && JSON.stringify(before) !== JSON.stringify(after);
}
