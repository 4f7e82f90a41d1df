import type { PageSpec } from '#core/figure/spec.ts';
import type { ShownFigure } from '#core/ipc/areas/figure.ts';
import type { Result } from '#core/result.ts';
import { pageText } from './page-history.svelte.ts';

type Ask = (page: PageSpec) => Promise<Result<ShownFigure>>;
interface Wanted {
  page: PageSpec;
  isWanted: () => boolean;
  answer: (drawn: Result<ShownFigure> | null) => void;
}

const mostKept = 80;

/**
 * Pages drawn by main, one at a time: the page that is edited before any thumbnail, and of its states that were asked
 * for meanwhile the last alone. Pictures are kept by what their page says.
 */
export class Drawings {
  readonly #ask: Ask;
  readonly #known = new Map<string, ShownFigure>();
  #edited: Wanted | null = null;
  #thumbnails: Wanted[] = [];
  #isBusy = false;
  #age = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  known(page: PageSpec): ShownFigure | undefined {
    return this.#known.get(pageText(page));
  }

  /** The page that is edited; null where a newer state of it was asked for before its turn came. */
  drawEdited(page: PageSpec): Promise<Result<ShownFigure> | null> {
    return this.#queue((wanted) => {
      this.#edited?.answer(null);
      this.#edited = wanted;
    }, page);
  }

  /** Null where nobody looks at it any more when its turn comes. */
  drawThumbnail(page: PageSpec, isWanted: () => boolean): Promise<Result<ShownFigure> | null> {
    return this.#queue((wanted) => this.#thumbnails.push(wanted), page, isWanted);
  }

  /** Results have changed: everything is to be drawn anew. */
  forget(): void {
    this.#age++;
    this.#known.clear();
  }

  #queue(
    put: (wanted: Wanted) => void,
    page: PageSpec,
    isWanted = () => true,
  ): Promise<Result<ShownFigure> | null> {
    return new Promise((answer) => {
      put({ page, isWanted, answer });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#next(); next; next = this.#next()) {
      next.answer(next.isWanted() ? await this.#draw(next.page) : null);
    }
    this.#isBusy = false;
  }

  #next(): Wanted | undefined {
    const next = this.#edited ?? this.#thumbnails.shift();
    if (next === this.#edited) this.#edited = null;
    return next;
  }

  async #draw(page: PageSpec): Promise<Result<ShownFigure>> {
    const key = pageText(page);
    const before = this.#known.get(key);
    if (before) return { ok: true, value: before };
    const age = this.#age;
    const drawn = await this.#ask(page);
    if (drawn.ok && age === this.#age) {
      this.#known.set(key, drawn.value);
      if (this.#known.size > mostKept) this.#known.delete([...this.#known.keys()][0]);
    }
    return drawn;
  }
}
