import type { PlainError } from '#core/errors.ts';
import type { PageSpec } from '#core/figure/spec.ts';
import type { ShownFigure } from '#core/ipc/areas/figure.ts';
import type { Drawings } from './drawings.ts';

/** The page that is edited, as it was last drawn: a state that cannot be drawn leaves the picture before it. */
export class LivePicture {
  readonly #drawings: Drawings;
  #shown = $state.raw<ShownFigure | null>(null);
  #shownPage = $state.raw<PageSpec | null>(null);
  #error = $state.raw<PlainError | null>(null);
  #isDrawing = $state(false);
  #turn = 0;

  constructor(drawings: Drawings) {
    this.#drawings = drawings;
  }

  get shown(): ShownFigure | null {
    return this.#shown;
  }
  /** The page that the picture is of: its panels are those that stand on the picture. */
  get shownPage(): PageSpec | null {
    return this.#shownPage;
  }
  get error(): PlainError | null {
    return this.#error;
  }
  get isDrawing(): boolean {
    return this.#isDrawing;
  }

  /** Another figure: the picture of the one before must not stand for it. */
  clear(): void {
    this.#turn++;
    this.#shown = null;
    this.#shownPage = null;
    this.#error = null;
    this.#isDrawing = false;
  }

  async draw(page: PageSpec): Promise<void> {
    const turn = ++this.#turn;
    const known = this.#drawings.known(page);
    if (known) return this.#show(page, known);
    this.#isDrawing = true;
    const drawn = await this.#drawings.drawEdited(page);
    if (turn !== this.#turn || drawn === null) return;
    if (drawn.ok) this.#show(page, drawn.value);
    else {
      this.#error = drawn.error;
      this.#isDrawing = false;
    }
  }

  #show(page: PageSpec, figure: ShownFigure): void {
    this.#shown = figure;
    this.#shownPage = page;
    this.#error = null;
    this.#isDrawing = false;
  }
}
