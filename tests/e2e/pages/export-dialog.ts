import type { Locator, Page } from 'playwright-core';

/** The dialog that writes a figure. */
export class ExportDialog {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get preview(): Locator {
    return this.#page.getByTestId('export-dialog').locator('.paper svg, .paper img').first();
  }

  /** Opens the dialog, chooses, exports, and waits for the word that the files are written. */
  async export(choice: { figure: string; format: string; preset: string; dpi?: number }): Promise<void> {
    await this.open();
    await this.#choose('figure', choice.figure);
    await this.#choose('preset', choice.preset);
    await this.#choose('format', choice.format);
    if (choice.dpi !== undefined) await this.#choose('dpi', String(choice.dpi));
    await this.preview.waitFor();
    await this.#page.getByTestId('export-run').click();
    await this.#page.getByTestId('export-dialog').waitFor({ state: 'hidden', timeout: 30_000 });
  }

  async open(): Promise<void> {
    await this.#page.getByTestId('export-open').click();
    await this.#page.getByTestId('export-dialog').waitFor();
    await this.preview.waitFor();
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.#page.getByTestId('export-dialog').waitFor({ state: 'hidden' });
  }

  async #choose(name: string, value: string): Promise<void> {
    await this.#page.getByTestId(`export-${name}`).selectOption(value);
  }
}
