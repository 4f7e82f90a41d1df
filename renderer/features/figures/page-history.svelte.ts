import type { PageSpec } from '#core/figure/spec.ts';

/** What is edited of a figure: its name and its page. */
export interface FigureText {
  name: string;
  page: PageSpec;
}

/** Changes of the same field that follow each other this closely are one step: typed letters, held arrow keys. */
const oneStepMs = 1000;
const longest = 200;

/** Steps back and forward through the edits of one figure. */
export class PageHistory {
  #past = $state.raw<FigureText[]>([]);
  #future = $state.raw<FigureText[]>([]);
  #current = $state.raw<FigureText>()!;
  #last: { what: string; atMs: number } | null = null;

  constructor(start: FigureText) {
    this.#current = start;
  }

  get current(): FigureText {
    return this.#current;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** `what` names the field that was changed; null for what is always a step of its own. */
  change(next: FigureText, what: string | null, atMs = performance.now()): void {
    if (isSameFigure(next, this.#current)) return;
    const isSameStep = what !== null && this.#last?.what === what && atMs - this.#last.atMs < oneStepMs;
    this.#last = what === null ? null : { what, atMs };
    if (!isSameStep) this.#past = [...this.#past, this.#current].slice(-longest);
    this.#current = next;
    this.#future = [];
  }

  /** False where there is nothing before. */
  undo(): boolean {
    const before = this.#past.at(-1);
    if (!before) return false;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.#current];
    this.#current = before;
    this.#last = null;
    return true;
  }

  redo(): boolean {
    const after = this.#future.at(-1);
    if (!after) return false;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.#current];
    this.#current = after;
    this.#last = null;
    return true;
  }
}

/** Whether two figures are written the same; the order of fields in the text does not count. */
export function isSameFigure(one: FigureText, other: FigureText): boolean {
  return one === other || (one.name === other.name && pageText(one.page) === pageText(other.page));
}

/** The page as text, its fields in the order of the alphabet: the same for equal pages. */
export function pageText(page: PageSpec): string {
  return JSON.stringify(page, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value,
  );
}
