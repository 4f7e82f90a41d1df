import type { Locator, Page } from 'playwright-core';
import type { OrderName } from '#core/domain/unit-orders.ts';
import type { PanelName } from '#renderer/plots/heatmap/linked-viewport.ts';

/** Room of the axes around a picture in its canvas, CSS pixels. */
const margin = { left: 52, top: 8, right: 16, bottom: 34 };

/** What the card says of the cell at the cursor. */
export interface CursorFacts {
  unitA: number;
  unitB: number;
  r: number;
  text: string;
}

/** The four correlation pictures with their tools and the card of the cursor. */
export class CorrelationPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get order(): Locator {
    return this.#page.getByTestId('correlation-order');
  }
  get panels(): Locator {
    return this.#page.getByTestId('correlation-panels');
  }
  get group(): Locator {
    return this.#page.getByTestId('correlation-group');
  }
  get card(): Locator {
    return this.#page.getByTestId('heatmap-readout');
  }

  picture(panel: PanelName): Locator {
    return this.#page.getByTestId(`heatmap-${panel}`).locator('canvas').first();
  }

  /** Tiles that the picture is drawn of. */
  async tiles(panel: PanelName): Promise<number> {
    return Number(await this.picture(panel).getAttribute('data-drawn'));
  }

  /** The order in which the picture is drawn by now; empty for the stored one. */
  async drawnOrder(panel: PanelName): Promise<string> {
    return (await this.picture(panel).getAttribute('data-order')) ?? '';
  }

  async orderBy(name: OrderName): Promise<void> {
    await this.order.selectOption(name);
  }

  /** A point in shares of the picture's sides; beyond 0 and 1 lie its axes. */
  async point(panel: PanelName, x: number, y: number): Promise<{ x: number; y: number }> {
    const box = (await this.picture(panel).boundingBox())!;
    const side = Math.min(box.width - margin.left - margin.right, box.height - margin.top - margin.bottom);
    return { x: box.x + margin.left + x * side, y: box.y + margin.top + y * side };
  }

  async pointAt(panel: PanelName, x: number, y: number): Promise<void> {
    const at = await this.point(panel, x, y);
    await this.#page.mouse.move(at.x, at.y);
  }

  /** What the card says once its value is there. */
  async facts(): Promise<CursorFacts> {
    const shown = /Net1 unit ([\d,]+) × Net2 unit ([\d,]+)\s*r = (−?)(\d?\.\d{3})/;
    await this.#page.waitForFunction(
      ([pattern]) =>
        new RegExp(pattern).test(
          document.querySelector('[data-testid="heatmap-readout"]')?.textContent ?? '',
        ),
      [shown.source],
    );
    const text = (await this.card.textContent()) ?? '';
    const [, unitA, unitB, sign, size] = shown.exec(text) ?? [];
    const number = (digits: string) => Number(digits.replaceAll(',', ''));
    return { unitA: number(unitA), unitB: number(unitB), r: (sign ? -1 : 1) * Number(size), text };
  }

  /** Drags from one point to another, both in shares of the picture. */
  async drag(panel: PanelName, from: [number, number], to: [number, number]): Promise<void> {
    const start = await this.point(panel, ...from);
    const end = await this.point(panel, ...to);
    await this.#page.mouse.move(start.x, start.y);
    await this.#page.mouse.down();
    await this.#page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
    await this.#page.mouse.move(end.x, end.y);
    await this.#page.mouse.up();
  }
}
