import type { Locator, Page } from 'playwright-core';

/** The form of a new analysis: networks, data, layers, run. */
export class NewAnalysisPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get title(): Locator {
    return this.#page.getByTestId('analysis-title');
  }

  get addNetworks(): Locator {
    return this.#page.getByTestId('add-networks');
  }

  get addData(): Locator {
    return this.#page.getByTestId('add-data');
  }

  get limit(): Locator {
    return this.#page.getByLabel('Inputs to use');
  }

  get layers(): Locator {
    return this.#page.getByTestId('layer-line');
  }

  get pictures(): Locator {
    return this.#page.getByRole('region', { name: 'Data' }).locator('canvas, img');
  }

  /** Unticks the others: the whole ladder takes half a minute. */
  async keepAnalyses(...labels: string[]): Promise<void> {
    for (const box of await this.#page.getByTestId('analyses').getByRole('checkbox').all()) {
      const name = await box.getAttribute('aria-label');
      await box.setChecked(labels.some((label) => name === `Run ${label}`));
    }
  }

  get problems(): Locator {
    return this.#page.getByTestId('problems');
  }

  get estimate(): Locator {
    return this.#page.getByTestId('estimate');
  }

  get run(): Locator {
    return this.#page.getByTestId('run-analysis');
  }
}
