import type { AnalysisDraft } from '#core/ipc/areas/analysis.ts';
import type { RunEstimate } from '#core/domain/estimate.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { PaneState } from '../../ui/resource.svelte.ts';

/** A person still ticks boxes: measuring waits until the form has been still for this long. */
const stillMs = 900;

/** What the form's analysis will cost, measured by main; follows the form. */
export class Estimate {
  #state = $state.raw<PaneState<RunEstimate>>({ status: 'empty' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = '';
  #turn = 0;
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  get state(): PaneState<RunEstimate> {
    return this.#state;
  }

  /** The draft as it is now; null while it cannot run. The title changes no cost. */
  follow(draft: AnalysisDraft | null): void {
    const asked = draft ? JSON.stringify({ ...draft, title: '' }) : '';
    if (asked === this.#asked) return;
    this.stop();
    this.#asked = asked;
    if (!draft) return;
    this.#state = { status: 'loading' };
    this.#timer = setTimeout(() => void this.#measure(draft), stillMs);
  }

  /** Ends what is being measured; the form says nothing of cost until it changes, or `retry`. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#turn++;
    if (this.#state.status === 'loading') void this.#client.analysis.cancelEstimate({});
    this.#state = { status: 'empty' };
    this.#asked = '';
  }

  async #measure(draft: AnalysisDraft): Promise<void> {
    const turn = ++this.#turn;
    const answer = await this.#client.analysis.estimate(draft);
    if (turn !== this.#turn) return;
    if (answer.ok) this.#state = { status: 'ready', value: answer.value };
    else if (answer.error.code === 'cancelled') this.#state = { status: 'empty' };
    else this.#state = { status: 'error', error: answer.error };
  }
}
