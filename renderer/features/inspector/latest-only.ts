/**
 * Lets one piece of work run at a time, and of those asked for meanwhile the last alone: who steps through units
 * quickly does not leave a queue of networks to run behind.
 */
export class LatestOnly {
  #next: (() => Promise<unknown>) | null = null;
  #isRunning = false;

  ask(work: () => Promise<unknown>): void {
    this.#next = work;
    if (!this.#isRunning) void this.#run();
  }

  /** Forgets what waits; what runs goes on. */
  drop(): void {
    this.#next = null;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#next) {
      const work = this.#next;
      this.#next = null;
      await work().catch(() => undefined);
    }
    this.#isRunning = false;
  }
}
