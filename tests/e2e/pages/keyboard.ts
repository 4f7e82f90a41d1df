import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';

/** A person without a mouse: what they reach, they reach by Tab. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Presses Tab until the control has the focus; fails where no number of them brings it there. */
  async reach(control: Locator, mostSteps = 80): Promise<void> {
    await control.waitFor();
    for (let step = 0; step < mostSteps; step++) {
      if (await this.#hasFocus(control)) return;
      await this.#page.keyboard.press('Tab');
    }
    expect(await this.#hasFocus(control), 'reached by Tab').toBe(true);
  }

  /** Reaches a button and presses it. */
  async activate(control: Locator): Promise<void> {
    await expect.poll(() => control.isEnabled(), { timeout: 30_000 }).toBe(true);
    await this.reach(control);
    await this.#page.keyboard.press('Enter');
  }

  /** Reaches a text field and writes over what it holds. */
  async write(field: Locator, text: string): Promise<void> {
    await this.reach(field);
    await this.#page.keyboard.press('Control+a');
    await this.#page.keyboard.type(text);
  }

  press(key: string): Promise<void> {
    return this.#page.keyboard.press(key);
  }

  #hasFocus(control: Locator): Promise<boolean> {
    return control.evaluate((element) => element === document.activeElement);
  }
}
