import type { ViewName } from '../../app/views.ts';

export interface TourStep {
  /** CSS selector of the control that the step is about. */
  anchor: string;
  /** The view that has to be shown for it. */
  view?: ViewName;
  title: string;
  text: string;
}

export const tourSteps: readonly TourStep[] = [
  {
    anchor: '[data-testid="finding"]',
    view: 'overview',
    title: 'The finding comes first',
    text: 'Every view starts with what was found and how sure it is. Dotted words tell what they mean when pointed at or focused.',
  },
  {
    anchor: 'nav[aria-label="Views"]',
    title: 'The rail is the argument',
    text: 'From single units through groups and spaces to whole networks, as in the paper. Keys 1 to 9 open the first nine.',
  },
  {
    anchor: '[aria-label="What is compared"]',
    title: 'What is compared',
    text: 'Two networks and a layer. The choice holds for every view; [ and ] step through the layers.',
  },
  {
    anchor: '[data-testid="run-missing"]',
    view: 'overview',
    title: 'What is still missing',
    text: 'The sample comes with correlations and matches. Run the rest here, one by one or all at once.',
  },
  {
    anchor: '[data-testid="pairs-table"]',
    view: 'match',
    title: 'Selected here, selected everywhere',
    text: 'Click a unit, or step with the arrows: every view and the inspector at the right show the same unit and its partner.',
  },
  {
    anchor: '[data-testid="history"]',
    title: 'Nothing is lost',
    text: 'These go back to what was looked at before, and forward again. Zooming and scrolling are not steps.',
  },
  {
    anchor: '[data-testid="search-open"]',
    title: 'Everything by name',
    text: 'Ctrl K finds views, layers, units, results and commands, this tour among them; ? shows all keys.',
  },
];

const key = 'consilience.tour';

/** A walk past the real controls, offered once: on the first look at the sample project. */
export class Tour {
  #at = $state<number | null>(null);
  #direction: 1 | -1 = 1;

  get step(): TourStep | null {
    return this.#at === null ? null : tourSteps[this.#at];
  }
  get at(): number {
    return this.#at ?? 0;
  }
  get isFirst(): boolean {
    return this.#at === 0;
  }
  get isLast(): boolean {
    return this.#at === tourSteps.length - 1;
  }

  offer(): void {
    if (localStorage.getItem(key) === null) this.start();
  }

  start(): void {
    this.#direction = 1;
    this.#at = 0;
  }

  next(): void {
    if (this.#at === null) return;
    this.#direction = 1;
    if (this.isLast) this.end();
    else this.#at++;
  }

  back(): void {
    if (this.#at === null || this.#at === 0) return;
    this.#direction = -1;
    this.#at--;
  }

  /** The control of this step is not there: on to the one after it, or before it when going back. */
  pass(): void {
    if (this.#direction === -1 && !this.isFirst) this.back();
    else this.next();
  }

  /** Over, and never offered again. */
  end(): void {
    this.#at = null;
    localStorage.setItem(key, 'done');
  }
}
