import type { Locator, Page } from 'playwright-core';
import type { FrameName } from '#core/space/space-data.ts';

/** Units in space: the picture, its tools, the list beside it. */
export class SubspacesPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get stage(): Locator {
    return this.#page.getByTestId('space-stage');
  }
  get canvas(): Locator {
    return this.stage.locator('canvas');
  }
  /** What is said of the unit under the pointer or the keyboard's cursor. */
  get tip(): Locator {
    return this.#page.getByTestId('space-tip');
  }
  get list(): Locator {
    return this.#page.getByRole('region', { name: 'Units', exact: true });
  }

  tool(name: 'lasso' | 'grow' | 'home' | 'projection' | 'list' | 'save'): Locator {
    return this.#page.getByTestId(`tool-${name}`);
  }

  async frame(name: FrameName): Promise<void> {
    await this.#page.getByTestId(`frame-${name}`).click();
    await this.canvas.waitFor();
  }

  async set(name: 'colour' | 'scope' | 'k', value: string): Promise<void> {
    await this.#page.getByTestId(`space-${name}`).selectOption(value);
  }

  async tick(name: 'links' | 'hulls', isTicked = true): Promise<void> {
    await this.#page.getByTestId(`space-${name}`).setChecked(isTicked);
  }

  async press(...keys: string[]): Promise<void> {
    await this.canvas.focus();
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  /** Drawings since the stage was opened. */
  async drawings(): Promise<number> {
    return Number(await this.canvas.getAttribute('data-drawn'));
  }

  /** Waits until nothing is drawn any more; the picture then. */
  async picture(): Promise<string> {
    let before = -1;
    while (before !== (await this.drawings())) {
      before = await this.drawings();
      await this.#page.waitForTimeout(250);
    }
    await this.#page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    return (await this.stage.screenshot()).toString('base64');
  }

  /** Drags over the picture, in shares of its sides. */
  async drag(points: [x: number, y: number][], steps = 6): Promise<void> {
    const box = (await this.canvas.boundingBox())!;
    const { mouse } = this.#page;
    const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
    await mouse.move(...at(points[0]));
    await mouse.down();
    for (const point of points.slice(1)) await mouse.move(...at(point), { steps });
    await mouse.up();
  }

  /** Where the pointed unit is in the window: the tip stands 14 pixels right of and below it. */
  async pointedPlace(): Promise<{ x: number; y: number }> {
    const stage = (await this.stage.boundingBox())!;
    const [left, top] = await this.tip.evaluate((tip) => [
      parseFloat(tip.style.left),
      parseFloat(tip.style.top),
    ]);
    return { x: stage.x + left - 14, y: stage.y + top - 14 };
  }

  async groupSize(): Promise<number> {
    return Number(/(\d+) in the group/.exec((await this.list.textContent()) ?? '')?.[1] ?? 0);
  }

  async savePicture(width: number): Promise<void> {
    await this.tool('save').click();
    await this.#page.getByTestId('picture-width').fill(String(width));
    await this.#page.getByTestId('picture-save').click();
    await this.#page.getByTestId('picture-save').waitFor({ state: 'hidden' });
  }
}
