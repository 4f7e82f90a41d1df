import type { Locator, Page } from 'playwright-core';

/** Engine and settings. */
export class SettingsDialog {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get root(): Locator {
    return this.#page.getByTestId('settings-dialog');
  }

  async open(): Promise<void> {
    await this.#page.getByTestId('engine-status').click();
    await this.root.waitFor();
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.root.waitFor({ state: 'hidden' });
  }

  async choose(what: 'theme' | 'scale' | 'motion' | 'information' | 'linear-algebra', value: string) {
    await this.#page.getByTestId(`${what}-select`).selectOption(value);
  }

  async restart(): Promise<void> {
    await this.root.getByRole('button', { name: 'Restart the engine' }).click();
    await this.root.getByRole('button', { name: 'Restart the engine' }).waitFor();
  }
}
