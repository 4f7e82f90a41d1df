import type { Locator, Page } from 'playwright-core';

/** The first screen: three doors and the recent projects. */
export class StartPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get openSample(): Locator {
    return this.#page.getByRole('button', { name: 'Open the sample project' });
  }

  get newAnalysis(): Locator {
    return this.#page.getByTestId('start-new-analysis');
  }

  get openProject(): Locator {
    return this.#page.getByTestId('start-open');
  }

  recentProject(title: string): Locator {
    return this.#page.getByTestId('recent-project').filter({ hasText: title });
  }
}
