import { defaultLayout, type WindowLayout } from '#core/ipc/areas/window.ts';
import type { Client } from '#core/ipc/contract.ts';

/** A pane that is being dragged changes with every move; it is kept once it has been still for this long. */
const stillMs = 400;

/** How the panes are laid out, kept by main from one window to the next. */
export class Layout {
  #kept = $state.raw<WindowLayout>(defaultLayout);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  get inspectorPercent(): number | null {
    return this.#kept.inspectorPercent;
  }

  async refresh(): Promise<void> {
    const answer = await this.#client.window.layout({});
    if (answer.ok) this.#kept = answer.value;
  }

  keep(layout: WindowLayout): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#kept = layout;
      void this.#client.window.keepLayout(layout);
    }, stillMs);
  }
}
