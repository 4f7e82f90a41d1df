import type { PageSpec } from '#core/figure/spec.ts';
import type { SavedFigure } from '#core/ipc/areas/figure.ts';
import type { Draft } from './drafts.ts';
import { isSameFigure, PageHistory, type FigureText } from './page-history.svelte.ts';

/** A figure that is open for editing, or was and holds changes that are not saved. */
export class Editor {
  /** The same while the window is open. */
  readonly key: string;
  /** Name of the gallery's figure that it was taken from. */
  readonly origin: string | null;
  readonly history: PageHistory;
  /** Raised by undo and redo, so that fields show what came back and not what was being typed. */
  #turns = $state(0);
  #savedId = $state<string | null>(null);
  /** As it was saved; of a new figure, as it came. */
  #base = $state.raw<FigureText>()!;
  #hasWork = $state(false);

  constructor(key: string, start: FigureText, origin: string | null = null, savedId: string | null = null) {
    this.key = key;
    this.origin = origin;
    this.history = new PageHistory(start);
    this.#base = start;
    this.#savedId = savedId;
  }

  static ofSaved({ id, name, page }: SavedFigure): Editor {
    return new Editor(id, { name, page }, null, id);
  }

  /** A draft that was left: `saved` is what it changes, where that is still there. */
  static ofDraft(key: string, draft: Draft, saved: SavedFigure | undefined): Editor {
    const text = { name: draft.name, page: draft.page };
    const editor = new Editor(key, text, null, saved?.id ?? null);
    if (saved) editor.#base = { name: saved.name, page: saved.page };
    editor.#hasWork = !saved;
    return editor;
  }

  get name(): string {
    return this.history.current.name;
  }
  get page(): PageSpec {
    return this.history.current.page;
  }
  get turns(): number {
    return this.#turns;
  }
  get savedId(): string | null {
    return this.#savedId;
  }
  /** Whether saving it would change the project. */
  readonly #isUnsaved = $derived.by(
    () => this.#savedId === null || !isSameFigure(this.history.current, this.#base),
  );
  get isUnsaved(): boolean {
    return this.#isUnsaved;
  }
  /** Whether closing it would lose something that a person did. */
  readonly #isDraft = $derived.by(() => this.#hasWork || !isSameFigure(this.history.current, this.#base));
  get isDraft(): boolean {
    return this.#isDraft;
  }

  change(next: Partial<FigureText>, what: string | null): void {
    this.history.change({ ...this.history.current, ...next }, what);
  }

  undo(): boolean {
    return this.#turn(this.history.undo());
  }

  redo(): boolean {
    return this.#turn(this.history.redo());
  }

  /** It is in the project now as `saved` says; edits made meanwhile stay unsaved. */
  settle(saved: SavedFigure): void {
    this.#savedId = saved.id;
    this.#base = { name: saved.name, page: saved.page };
    this.#hasWork = false;
  }

  /** It is not in the project any more. */
  unsettle(): void {
    this.#savedId = null;
    this.#hasWork = true;
  }

  #turn(isDone: boolean): boolean {
    if (isDone) this.#turns++;
    return isDone;
  }
}
