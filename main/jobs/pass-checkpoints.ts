import { join } from 'node:path';
import { toPlainError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { CheckpointPlan, PassState, SecondSums } from '#core/ipc/engine.ts';

/** A pass is kept so often, ... */
const everyMs = 30_000;
/** ... and checkpoints take at most this share of its time. */
const share = 0.02;

interface Parts {
  database: DatabaseMethods;
  workFolder: string;
  say(sentence: string, kind: 'problem'): void;
}

/**
 * The checkpoints in the project of the passes of one job; each pass by a key of its own. Further passes of a capture
 * whose layers do not fit into one are kept beside the first, as `KEY-pass-1` and so on, and forgotten with it.
 */
export class PassCheckpoints {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Where an earlier pass stopped; one that cannot be read is forgotten. */
  stored(key: string): Promise<PassState | null> {
    return this.#exported(key, key, 'stopped.state');
  }

  /** Where earlier passes after the first stopped, of at most `passes` in all. */
  async storedLater(key: string, passes: number): Promise<PassState[]> {
    const states: PassState[] = [];
    for (let pass = 1; pass < passes; pass++) {
      const state = await this.#exported(key, keyOfPass(key, pass), `stopped-${pass}.state`);
      if (state) states.push(state);
    }
    return states;
  }

  async #exported(key: string, passKey: string, file: string): Promise<PassState | null> {
    const { database, workFolder, say } = this.#parts;
    try {
      return await database.exportCheckpoint(passKey, join(workFolder, file));
    } catch (error) {
      const { message } = toPlainError(error);
      say(`Where an earlier run stopped cannot be read; this one begins again. ${message}`, 'problem');
      await this.forget(key);
      return null;
    }
  }

  /** For the engine. */
  plan(from: PassState | null): CheckpointPlan {
    return checkpointPlan(join(this.#parts.workFolder, 'pass.state'), from);
  }

  /** Keeps what the engine says of the pass; gives the processor time that took, ms. */
  async keep(key: string, state: PassState | null): Promise<number> {
    if (state)
      return this.#parts.database.putCheckpoint({ captureId: keyOfPass(key, state.position.pass), ...state });
    await this.forget(key);
    return 0;
  }

  async forget(key: string): Promise<void> {
    await this.#parts.database.dropCheckpoint(key);
  }
}

function keyOfPass(key: string, pass = 0): string {
  return pass === 0 ? key : `${key}-pass-${pass}`;
}

/**
 * How often a pass is kept. `CONSILIENCE_CHECKPOINT_MS` sets the time from one checkpoint to the next, whatever they
 * cost: for tests, which interrupt short passes.
 */
export function checkpointPlan(file: string, from: PassState | null): CheckpointPlan {
  const asked = Number(process.env.CONSILIENCE_CHECKPOINT_MS ?? Number.NaN);
  const often = asked >= 0 ? { everyMs: asked, share: 1 } : { everyMs, share };
  return { file, ...often, from, later: [] };
}

/** A second pass counts for all that is wanted now: what an earlier one counted where that covers it, else null. */
export function coveringSums({ position }: PassState, wanted: SecondSums): SecondSums | null {
  if (position.made.sums === undefined) return null;
  const sums = JSON.parse(position.made.sums) as SecondSums;
  return covers(sums, wanted) ? sums : null;
}

/** Whether sums of a second pass hold all that is wanted. */
export function covers(sums: SecondSums, wanted: SecondSums): boolean {
  const has = ([a, b]: [number, number]) => sums.pairs.some(([x, y]) => x === a && y === b);
  return (
    (wanted.bins === 0 || wanted.bins === sums.bins) &&
    wanted.pairs.every(has) &&
    (sums.halves || !wanted.halves) &&
    (sums.squaredNorms || !wanted.squaredNorms)
  );
}
