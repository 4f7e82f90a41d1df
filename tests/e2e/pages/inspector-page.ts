import type { Locator, Page } from 'playwright-core';

/** The right pane: the selected units, what excites them, and their partners. */
export class InspectorPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get pane(): Locator {
    return this.#page.getByRole('complementary', { name: 'Inspector' });
  }

  /** Pictures of the top inputs, column by column. */
  pictures(network: string): Locator {
    return this.pane
      .getByRole('group', { name: new RegExp(`^Top inputs of unit \\d+ of ${network}$`) })
      .getByRole('img');
  }

  /** Number of the shown unit of a network, by the name of its pictures. */
  async unitOf(network: string): Promise<number> {
    const name = await this.pictures(network).first().getAttribute('aria-label');
    return Number(/unit (\d+) of/.exec(name ?? '')?.[1] ?? Number.NaN);
  }

  get distribution(): Locator {
    return this.pane.getByRole('region', { name: 'Distribution', exact: true });
  }

  get filters(): Locator {
    return this.pane.getByRole('region', { name: 'Filters' }).getByRole('img');
  }

  get partners(): Locator {
    return this.pane.getByRole('button', { name: /^Show unit \d+ of / });
  }

  async look(how: 'Crop' | 'Whole' | 'Activation'): Promise<void> {
    await this.pane.getByRole('button', { name: how, exact: true }).click();
  }

  async step(by: 'Unit before' | 'Unit after'): Promise<void> {
    await this.pane.getByRole('button', { name: by }).click();
  }

  /** What is painted, as bytes: two pictures that look alike give the same. */
  async painted(picture: Locator): Promise<string> {
    return picture.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }
}
