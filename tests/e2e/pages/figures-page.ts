import type { Locator, Page } from 'playwright-core';

export type ExportItem = 'pdf' | 'svg' | 'png-300' | 'png-600' | 'formats';

/** The view in which figures are laid out, kept and exported. */
export class FiguresPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get picture(): Locator {
    return this.#page.getByTestId('figure-page').locator('[role="img"] svg').first();
  }
  get state(): Locator {
    return this.#page.getByTestId('figure-state');
  }
  get size(): Locator {
    return this.#page.getByTestId('figure-size');
  }
  field(testId: string): Locator {
    return this.#page.getByTestId(testId);
  }
  saved(name: string): Locator {
    return this.#page.getByTestId('saved-figures').getByRole('button', { name });
  }

  /** From a view to the figure of what it shows. */
  async openFromView(): Promise<void> {
    await this.#page.getByTestId('export-open').click();
    await this.drawn();
  }

  /** The picture is of what the fields say. */
  async drawn(): Promise<void> {
    await this.#page
      .locator('[data-testid="figure-stage"][data-state="ready"][aria-busy="false"]')
      .waitFor({ timeout: 30_000 });
  }

  /** Chooses in the Export menu, and waits for the word that the files are written. */
  async export(item: ExportItem): Promise<void> {
    await this.#page.getByTestId('figure-export').click();
    await this.#page.getByTestId(`export-${item}`).click();
    await this.written();
  }

  /** Waits until files are written and puts the notice of it away. */
  async written(): Promise<void> {
    const notice = this.#page.getByText(/ written to /).first();
    await notice.waitFor({ timeout: 60_000 });
    await this.#page.keyboard.press('Escape');
    await notice.waitFor({ state: 'hidden' });
  }
}
