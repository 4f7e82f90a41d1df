import type { Locator, Page } from 'playwright-core';

/** The match curves, the scatter of information, and the table of pairs. */
export class MatchPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get table(): Locator {
    return this.#page.getByTestId('pairs-table');
  }
  get filter(): Locator {
    return this.#page.getByRole('searchbox', { name: 'Filter pairs' });
  }
  get count(): Locator {
    return this.#page.locator('.tools [role="status"]');
  }
  get curves(): Locator {
    return this.#page.getByRole('application', { name: /^Semi-match and match of/ });
  }
  get scatter(): Locator {
    return this.#page.getByRole('application', { name: /^Mutual information against correlation/ });
  }

  async heads(): Promise<string[]> {
    await this.table.waitFor();
    return this.table.getByRole('columnheader').allTextContents();
  }

  async sortBy(name: string): Promise<void> {
    const head = this.table.getByRole('columnheader').filter({ hasText: new RegExp(`^\\s*${name}`) });
    await head.getByRole('button').click();
  }

  /** Cells of the rows in view, from the top. */
  async rows(): Promise<string[][]> {
    const rows = await this.table.locator('[role="row"]:not(.head)').all();
    return Promise.all(
      rows.map(async (row) => (await row.getByRole('gridcell').allTextContents()).map((text) => text.trim())),
    );
  }

  get selected(): Locator {
    return this.table.locator('[role="row"][aria-selected="true"]');
  }
}
