import type { PlainError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

/** The four states every pane shows. */
export type PaneState<T> =
  | { status: 'empty' }
  | { status: 'loading' }
  | { status: 'error'; error: PlainError }
  | { status: 'ready'; value: T };

/** One answer of the backend as a pane's state. A newer question makes an older answer void. */
export class Resource<T> {
  #state = $state.raw<PaneState<T>>({ status: 'empty' });
  #turn = 0;
  #ask: (() => Promise<Result<T>>) | null = null;

  get state(): PaneState<T> {
    return this.#state;
  }

  get value(): T | undefined {
    return this.#state.status === 'ready' ? this.#state.value : undefined;
  }

  async load(ask: () => Promise<Result<T>>): Promise<void> {
    const turn = ++this.#turn;
    this.#ask = ask;
    this.#state = { status: 'loading' };
    const answer = await ask();
    if (turn !== this.#turn) return;
    this.#state = answer.ok
      ? { status: 'ready', value: answer.value }
      : { status: 'error', error: answer.error };
  }

  async retry(): Promise<void> {
    if (this.#ask) await this.load(this.#ask);
  }

  clear(): void {
    this.#turn++;
    this.#ask = null;
    this.#state = { status: 'empty' };
  }
}
