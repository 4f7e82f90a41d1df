import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CheckpointPlan, PassState } from '#core/ipc/engine.ts';
import { readJson, writeJson } from '../app/json-file.ts';
import { checkpointPlan } from '../jobs/pass-checkpoints.ts';

interface Kept {
  /** What the state is of: a shard of another recipe, part or pass begins again. */
  key: string;
  state: PassState;
}

/** A file that nobody has written to for so long was left by a process that was killed. */
const staleMs = 3_600_000;

/** How far a shard has come, beside the file that it will be: a task that is put back into the queue goes on there. */
export class ShardCheckpoint {
  readonly #out: string;
  #key = '';
  #turn = 0;

  constructor(out: string) {
    this.#out = out;
  }

  /** Where an earlier try at the same shard stopped. */
  async stored(key: string): Promise<PassState | null> {
    this.#key = key;
    const { key: of, state } = ((await readJson(this.#index)) ?? {}) as Partial<Kept>;
    if (of !== key || !state) return null;
    const { position, arrays } = state;
    this.#turn = arrays.path.endsWith('-0') ? 1 : 0;
    // The folder may have another path on this machine.
    return { position, arrays: { ...arrays, path: join(dirname(this.#out), basename(arrays.path)) } };
  }

  plan(from: PassState | null): CheckpointPlan {
    return checkpointPlan(`${this.#out}.${process.pid}.state`, from);
  }

  /**
   * Two files in turn, so that the index never names one that is being replaced; renaming takes no time that counts,
   * ms.
   */
  async keep(state: PassState | null): Promise<number> {
    if (!state) {
      await this.forget();
      return 0;
    }
    const path = `${this.#out}.checkpoint-${this.#turn++ % 2}`;
    await rename(state.arrays.path, path);
    const kept: Kept = { key: this.#key, state: { ...state, arrays: { ...state.arrays, path } } };
    await writeJson(this.#index, kept);
    return 0;
  }

  async forget(): Promise<void> {
    const { pid } = process;
    for (const end of ['checkpoint.json', 'checkpoint-0', 'checkpoint-1', `${pid}.state`])
      await rm(`${this.#out}.${end}`, { force: true });
  }

  /**
   * Removes what killed tries at the same shard were writing. Another try may be at work now, here or on another machine:
   * what was written to within the hour stays.
   */
  async dropStale(): Promise<void> {
    const [folder, name] = [dirname(this.#out), `${basename(this.#out)}.`];
    for (const entry of await readdir(folder)) {
      if (!entry.startsWith(name) || !/\.\d+\.(part|state|tmp)$/.test(entry)) continue;
      const path = join(folder, entry);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > staleMs) await rm(path, { force: true });
    }
  }

  get #index(): string {
    return `${this.#out}.checkpoint.json`;
  }
}
