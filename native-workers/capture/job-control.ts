import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '#core/errors.ts';

/** What a job was asked to do: the one word of its shared flag. */
const going = 0;
const cancelled = 1;
const paused = 2;

/**
 * Jobs that were asked to stop or to wait. Inference cannot be interrupted mid-run, so it looks here between batches;
 * alignment threads watch the same memory at their checkpoints, and sleep on it while the job is paused.
 */
export class JobControl {
  readonly #flags = new Map<string, Int32Array>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** The shared flag of a job. */
  flagOf(jobId: string): Int32Array {
    let flag = this.#flags.get(jobId);
    if (!flag) this.#flags.set(jobId, (flag = new Int32Array(new SharedArrayBuffer(4))));
    return flag;
  }

  cancel(jobId: string): boolean {
    return this.#ask(jobId, cancelled);
  }

  /** Takes effect at the next checkpoint; what is in memory stays there. False for a job that is not at work here. */
  pause(jobId: string): boolean {
    const flag = this.#flags.get(jobId);
    return flag !== undefined && Atomics.compareExchange(flag, 0, going, paused) !== cancelled;
  }

  resume(jobId: string): boolean {
    const flag = this.#flags.get(jobId);
    if (!flag || Atomics.compareExchange(flag, 0, paused, going) !== paused) return false;
    this.#wake(jobId, flag);
    return true;
  }

  forget(jobId: string): void {
    this.#flags.delete(jobId);
  }

  /**
   * Lets queued messages in, waits while the job is paused, then throws if it was cancelled.
   *
   * @param leaving done first where it will wait or throw
   */
  async checkpoint(jobId: string, leaving?: (how: 'paused' | 'cancelled') => Promise<void>): Promise<void> {
    await nextTurn();
    const flag = this.flagOf(jobId);
    const asked = Atomics.load(flag, 0);
    if (asked !== going) await leaving?.(asked === paused ? 'paused' : 'cancelled');
    while (Atomics.load(flag, 0) === paused) await this.#untilAsked(jobId);
    throwIfCancelled(flag);
  }

  #ask(jobId: string, what: number): boolean {
    const flag = this.#flags.get(jobId);
    if (!flag) return false;
    Atomics.store(flag, 0, what);
    this.#wake(jobId, flag);
    return true;
  }

  #wake(jobId: string, flag: Int32Array): void {
    Atomics.notify(flag, 0);
    for (const go of this.#waiting.get(jobId) ?? []) go();
    this.#waiting.delete(jobId);
  }

  #untilAsked(jobId: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(jobId) ?? new Set();
      this.#waiting.set(jobId, waiting.add(resolve));
    });
  }
}

/** Time that this thread has slept at checkpoints of paused jobs. */
let sleptMs = 0;

/** A clock that stands still while this thread sleeps at a checkpoint. */
export function workingMs(): number {
  return performance.now() - sleptMs;
}

/** The checkpoint of an alignment thread: sleeps, using no processor time, while the job is paused. */
export function sleepOrThrow(flag: Int32Array): void {
  if (Atomics.load(flag, 0) === paused) {
    const began = performance.now();
    while (Atomics.load(flag, 0) === paused) Atomics.wait(flag, 0, paused);
    sleptMs += performance.now() - began;
  }
  throwIfCancelled(flag);
}

function throwIfCancelled(flag: Int32Array): void {
  if (Atomics.load(flag, 0) === cancelled)
    throw new AppError('cancelled', 'The job was cancelled; what was stored before stays.');
}

/** Ends the rest of a job after one of its parts failed: sleeping threads wake to find it so. */
export function abandon(flag: Int32Array): void {
  Atomics.store(flag, 0, cancelled);
  Atomics.notify(flag, 0);
}

/** Milliseconds in which the job was not paused, as seen by whoever asks from time to time. */
export class WorkingClock {
  readonly #flag: Int32Array;
  #worked = 0;
  #last = performance.now();

  constructor(flag: Int32Array) {
    this.#flag = flag;
  }

  get isHeld(): boolean {
    return Atomics.load(this.#flag, 0) === paused;
  }

  now(): number {
    const now = performance.now();
    if (!this.isHeld) this.#worked += now - this.#last;
    this.#last = now;
    return this.#worked;
  }
}
