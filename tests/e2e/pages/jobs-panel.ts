import type { Locator, Page } from 'playwright-core';

/** The drawer of jobs: the one at work, those that wait, those that ended. */
export class JobsPanel {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get root(): Locator {
    return this.#page.getByTestId('jobs-panel');
  }

  get active(): Locator {
    return this.#page.getByTestId('active-job');
  }

  get queued(): Locator {
    return this.#page.getByTestId('queued-job');
  }

  get past(): Locator {
    return this.#page.getByTestId('past-job');
  }

  async open(): Promise<void> {
    if (await this.root.isVisible()) return;
    await this.#page.getByTestId('jobs-open').click();
    await this.root.waitFor();
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.root.waitFor({ state: 'hidden' });
  }

  async do(what: 'pause' | 'resume' | 'cancel'): Promise<void> {
    await this.#page.getByTestId(`panel-${what}`).click();
  }

  async press(label: string): Promise<void> {
    await this.root.getByRole('button', { name: label }).click();
  }

  async titlesOfQueue(): Promise<string[]> {
    return this.queued.locator('.title').allTextContents();
  }

  /** Opens the log of the newest job that ended and gives its sentences. */
  async newestLog(): Promise<string[]> {
    const row = this.past.first();
    const toggle = row.getByRole('button', { expanded: false });
    if (await toggle.count()) await toggle.first().click();
    return row.locator('.log li').allTextContents();
  }
}
