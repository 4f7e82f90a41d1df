import { sayFailed } from '../ui/notice.ts';
import type { Client } from '#core/ipc/contract.ts';
import { defaultSettings, type EngineStatus, type Settings } from '#core/ipc/areas/settings.ts';

/** What the engine process says of itself, and the settings that it starts with. */
export class Engine {
  #status = $state.raw<EngineStatus | null>(null);
  #settings = $state.raw<Settings>(defaultSettings);
  #isBusy = $state(false);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  get status(): EngineStatus | null {
    return this.#status;
  }
  get settings(): Settings {
    return this.#settings;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }

  async refresh(): Promise<void> {
    const [settings, status] = await Promise.all([
      this.#client.settings.get({}),
      this.#client.settings.engine({}),
    ]);
    if (settings.ok) this.#settings = settings.value;
    if (status.ok) this.#status = status.value;
  }

  /** Settings that another window has changed. */
  receiveSettings(settings: Settings): void {
    this.#settings = settings;
  }

  receive(status: EngineStatus): void {
    this.#status = status;
  }

  /** Shows the change at once; goes back when it cannot be kept. */
  async change(part: Partial<Settings>): Promise<void> {
    const before = this.#settings;
    this.#settings = { ...before, ...part };
    const answer = await this.#client.settings.set({ ...before, ...part });
    if (answer.ok) this.#settings = answer.value;
    else {
      this.#settings = before;
      sayFailed(answer.error.message);
    }
  }

  async restart(): Promise<void> {
    this.#isBusy = true;
    const answer = await this.#client.settings.restartEngine({});
    this.#isBusy = false;
    if (answer.ok) this.#status = answer.value;
    else sayFailed(answer.error.message);
  }
}
