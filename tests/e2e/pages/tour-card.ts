import type { Locator, Page } from 'playwright-core';

/** The card that walks past the controls on the first look. */
export class TourCard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get card(): Locator {
    return this.#page.getByTestId('tour');
  }

  get title(): Locator {
    return this.card.getByRole('heading');
  }

  /** "3 of 7". */
  get place(): Locator {
    return this.card.locator('.numbers');
  }

  /** What Enter would press. */
  focused(): Promise<string> {
    return this.#page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
  }
}
