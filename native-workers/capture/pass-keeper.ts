import type { CheckpointPlan, CheckpointPosition } from '#core/ipc/engine.ts';
import { StateWriter, type Resumable } from '../accumulate/saved-state.ts';
import { stateBytes, writeStateFile } from '../files/state-file.ts';
import type { CaptureHooks } from './capture-hooks.ts';

/** What a pass adds its batches to, as far as its checkpoints need it. */
export interface KeptSums extends Resumable {
  /** Waits for what is in flight, so that `save` finds everything. */
  settle(): Promise<void>;
}

/** Until one was taken: writing a state and storing it, milliseconds a byte (about 100 MB/s). */
const usualMsPerByte = 1e-5;
/** A pass that is cancelled is kept where that takes no longer. */
const cheapMs = 2000;

/**
 * Keeps a pass between two batches, no more often than asked and at no more than a share of its time: a checkpoint that
 * cost c milliseconds is followed by the next after c (1 - share) / share at the earliest. The pass waits while its
 * state is written to a file, and goes on while that is stored, which costs it the processor time alone.
 */
export class PassKeeper {
  readonly #plan: CheckpointPlan | undefined;
  readonly #hooks: CaptureHooks;
  readonly #sums: KeptSums;
  readonly #position: (done: number) => CheckpointPosition;
  #last: number;
  /** No use to look before. */
  #nextLook: number;
  #kept = -1;
  #costMs: number | null = null;
  #storing: Promise<void> | null = null;
  #hasFailed = false;

  /** @param started when the pass began, by `performance.now` */
  constructor(
    plan: CheckpointPlan | undefined,
    hooks: CaptureHooks,
    sums: KeptSums,
    position: (done: number) => CheckpointPosition,
    started: number,
  ) {
    this.#plan = plan;
    this.#hooks = hooks;
    this.#sums = sums;
    this.#position = position;
    this.#last = started;
    this.#nextLook = started + (plan?.everyMs ?? 0);
  }

  /** Takes a checkpoint where one is due. */
  async between(done: number): Promise<void> {
    if (this.#isDue()) await this.#take(done);
  }

  /** Where a pass is over and another follows it: kept once more, where that is worth its time by now. */
  async ended(done: number): Promise<void> {
    await this.#storing;
    if (done !== this.#kept && performance.now() >= this.#last + this.#apartMs()) await this.#take(done);
    await this.#storing;
  }

  /** Before the pass waits or ends early: what was done is kept first; at a cancellation only where that is cheap. */
  async leaving(how: 'paused' | 'cancelled', done: number): Promise<void> {
    await this.#storing;
    if (!this.#plan || done === this.#kept || (how === 'cancelled' && this.#expectedMs() > cheapMs)) return;
    await this.#take(done);
    await this.#storing;
  }

  /**
   * Between two steps: takes a checkpoint where one is due, then waits while the job is paused, or throws when it was
   * cancelled. Gives the time that it was held, milliseconds, which is none of the pass's own.
   */
  async step(done: number): Promise<number> {
    await this.between(done);
    const began = performance.now();
    await this.#hooks.checkpoint((how) => this.leaving(how, done));
    const held = performance.now() - began;
    this.#last += held;
    this.#nextLook += held;
    return held;
  }

  /** What was done since the last checkpoint is not in `done`: the next is not the same. */
  changed(): void {
    this.#kept = -1;
  }

  /** Waits for what is being stored. */
  async close(): Promise<void> {
    await this.#storing;
  }

  #isDue(): boolean {
    const now = performance.now();
    if (!this.#plan || this.#storing || now < this.#nextLook) return false;
    this.#nextLook = this.#last + Math.max(this.#plan.everyMs, this.#apartMs());
    return now >= this.#nextLook;
  }

  /** From one checkpoint to the next at least, so that they take no more than their share. */
  #apartMs(): number {
    const share = this.#plan?.share ?? 0;
    return share > 0 ? (this.#expectedMs() * (1 - share)) / share : Infinity;
  }

  #expectedMs(): number {
    return this.#costMs ?? stateBytes(this.#state().arrays) * usualMsPerByte;
  }

  #state(): StateWriter {
    const state = new StateWriter();
    this.#sums.save(state);
    return state;
  }

  async #take(done: number): Promise<void> {
    const { keep } = this.#hooks;
    if (!this.#plan || !keep) return;
    const began = performance.now();
    this.#last = began;
    this.#nextLook = began + this.#plan.everyMs;
    await this.#sums.settle();
    try {
      const arrays = await writeStateFile(this.#plan.file, this.#state().arrays);
      const heldMs = performance.now() - began;
      this.#kept = done;
      this.#storing = keep({ position: this.#position(done), arrays })
        .catch((error: unknown) => this.#failed(error))
        .then((storingMs) => this.#taken(heldMs + storingMs));
    } catch (error) {
      this.#taken(performance.now() - began + this.#failed(error));
    }
  }

  #taken(costMs: number): void {
    this.#storing = null;
    this.#costMs = costMs;
  }

  /** No reason to end the pass, which goes on as it would without. */
  #failed(error: unknown): number {
    if (this.#hasFailed) return 0;
    this.#hasFailed = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#hooks.note(
      `How far this pass has come cannot be kept, so an interruption begins it again: ${reason}`,
    );
    return 0;
  }
}
