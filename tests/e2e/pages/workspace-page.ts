import type { Locator, Page } from 'playwright-core';

import type { ViewName } from '#renderer/app/views.ts';

/** An open project: the rail of views, what is compared, and the picture. */
export class WorkspacePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get finding(): Locator {
    return this.#page.getByTestId('finding').first();
  }

  get projectMenu(): Locator {
    return this.#page.getByTestId('project-menu');
  }

  async show(view: ViewName): Promise<void> {
    await this.#page.getByTestId(`rail-${view}`).click();
    await this.#page.getByTestId(`view-${view}`).waitFor();
  }

  async choose(what: { a?: string; b?: string; layer?: string }): Promise<void> {
    for (const [name, value] of Object.entries(what)) {
      await this.#page.getByTestId(`select-${name}`).selectOption(value);
    }
  }

  async options(name: 'a' | 'b' | 'layer' | 'run'): Promise<string[]> {
    return this.#page.getByTestId(`select-${name}`).locator('option').allTextContents();
  }

  heatmap(panel: 'a' | 'b' | 'between' | 'permuted'): Locator {
    return this.#page.getByTestId(`heatmap-${panel}`);
  }

  get readout(): Locator {
    return this.#page.getByTestId('heatmap-readout');
  }

  async closeProject(): Promise<void> {
    await this.projectMenu.click();
    await this.#page.getByRole('menuitem', { name: 'Close project' }).click();
  }

  /** Through the palette, without a mouse. */
  async closeProjectByName(): Promise<void> {
    await this.#page.keyboard.press('Control+k');
    await this.#page.getByRole('dialog', { name: 'Search commands' }).waitFor();
    await this.#page.keyboard.type('close project');
    await this.#page.keyboard.press('Enter');
    await this.projectMenu.waitFor({ state: 'hidden' });
  }

  async newAnalysis(): Promise<void> {
    await this.projectMenu.click();
    await this.#page.getByRole('menuitem', { name: 'New analysis' }).click();
  }
}
