import type { Locator, Page } from 'playwright-core';

export type ShownJobState = 'idle' | 'queued' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';

/** The bar at the foot: the running job, what became of it, and the engine. */
export class JobBar {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get bar(): Locator {
    return this.#page.getByTestId('job-bar');
  }

  get cancel(): Locator {
    return this.#page.getByTestId('job-cancel');
  }

  get retry(): Locator {
    return this.#page.getByTestId('job-retry').first();
  }

  get failure(): Locator {
    return this.#page.getByTestId('job-failure');
  }

  get engine(): Locator {
    return this.#page.getByTestId('engine-status');
  }

  async waitFor(state: ShownJobState, timeoutMs = 60_000): Promise<void> {
    await this.#page
      .locator(`[data-testid="job-bar"][data-state="${state}"]`)
      .waitFor({ timeout: timeoutMs });
  }

  /** Waits until the engine works on images, not only starts. */
  async waitForProgress(): Promise<void> {
    await this.cancel.waitFor();
    await this.bar.filter({ hasText: /[1-9]\d? %/ }).waitFor({ timeout: 60_000 });
  }
}
