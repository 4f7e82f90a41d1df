import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '#core/errors.ts';

/** Jobs that were asked to stop. Inference cannot be interrupted mid-run, so it looks here between batches. */
export class Cancellation {
  readonly #flags = new Map<string, Int32Array>();

  /** The shared flag of a job; alignment threads watch the same memory. */
  flagOf(jobId: string): Int32Array {
    let flag = this.#flags.get(jobId);
    if (!flag) this.#flags.set(jobId, (flag = new Int32Array(new SharedArrayBuffer(4))));
    return flag;
  }

  cancel(jobId: string): boolean {
    const flag = this.#flags.get(jobId);
    if (flag) Atomics.store(flag, 0, 1);
    return flag !== undefined;
  }

  forget(jobId: string): void {
    this.#flags.delete(jobId);
  }

  /** Lets queued messages in, then throws if the job was cancelled. */
  async checkpoint(jobId: string): Promise<void> {
    await nextTurn();
    throwIfCancelled(this.flagOf(jobId));
  }
}

export function throwIfCancelled(flag: Int32Array): void {
  if (Atomics.load(flag, 0) === 1)
    throw new AppError('cancelled', 'The job was cancelled; what was stored before stays.');
}
