import type { Locator, Page } from 'playwright-core';

/** Clusters: the hierarchy, its cut, and the cards of the groups. */
export class ClustersPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get dendrogram(): Locator {
    return this.#page.getByTestId('dendrogram');
  }

  get cards(): Locator {
    return this.#page.locator('[data-testid^="cluster-card-"]');
  }

  /** Groups of the cut line, as assistive technology is told. */
  async groups(): Promise<number> {
    return Number(await this.dendrogram.getAttribute('aria-valuenow'));
  }

  async press(...keys: string[]): Promise<void> {
    await this.dendrogram.focus();
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  /** Drags from one share of the dendrogram's width to another; the root is at 0. */
  async drag(from: number, to: number): Promise<void> {
    const box = (await this.dendrogram.boundingBox())!;
    const y = box.y + box.height / 2;
    await this.#page.mouse.move(box.x + from * box.width, y);
    await this.#page.mouse.down();
    await this.#page.mouse.move(box.x + to * box.width, y, { steps: 6 });
    await this.#page.mouse.up();
  }

  async chooseStored(k: number): Promise<void> {
    await this.#page.getByTestId(`stored-cut-${k}`).click();
  }

  async orderBy(order: 'hierarchy' | 'groups'): Promise<void> {
    await this.#page.getByTestId('cluster-order').selectOption(order);
  }

  card(number: number): Locator {
    return this.#page.getByTestId(`cluster-card-${number}`);
  }

  /** Selects a group, or lets go of it. */
  async select(number: number): Promise<void> {
    await this.card(number).getByRole('button').click();
  }

  isSelected(number: number): Promise<string | null> {
    return this.card(number).getByRole('button').getAttribute('aria-pressed');
  }
}

/** The sparse map: its penalty, its targets, and the sources of one of them. */
export class SparseMapPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get chart(): Locator {
    return this.#page.getByTestId('loss-chart');
  }

  get rows(): Locator {
    return this.#page.getByTestId('targets-table').locator('[aria-rowindex]:not(.head)');
  }

  get sources(): Locator {
    return this.#page.getByTestId('target-sources').getByRole('button');
  }

  get target(): Locator {
    return this.#page.getByRole('region', { name: 'One target' }).getByRole('heading');
  }

  async press(key: string): Promise<void> {
    await this.chart.focus();
    await this.#page.keyboard.press(key);
  }

  /** How many of the rows that are drawn are of the selected group. */
  inGroup(): Promise<number> {
    return this.#page.getByTestId('targets-table').locator('.row.group').count();
  }
}
