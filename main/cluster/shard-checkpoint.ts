import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CheckpointPlan, PassState } from '#core/ipc/engine.ts';
import { readJson, writeJson } from '../app/json-file.ts';
import { checkpointPlan } from '../jobs/pass-checkpoints.ts';

interface Kept {
  /** What the states are of: a shard of another recipe, part or pass begins again. */
  key: string;
  /** One of every pass over the data that was kept, where the first holds not all layers. */
  states: PassState[];
}

/** A file that nobody has written to for so long was left by a process that was killed. */
const staleMs = 3_600_000;

/** How far a shard has come, beside the file that it will be: a task that is put back into the queue goes on there. */
export class ShardCheckpoint {
  readonly #out: string;
  #key = '';
  /** By `CheckpointPosition.pass`. */
  readonly #states = new Map<number, PassState>();

  constructor(out: string) {
    this.#out = out;
  }

  /** Where an earlier try at the same shard stopped, in each of its passes over the data. */
  async stored(key: string): Promise<PassState[]> {
    this.#key = key;
    this.#states.clear();
    const { key: of, states = [] } = ((await readJson(this.#index)) ?? {}) as Partial<Kept>;
    if (of !== key) return [];
    for (const { position, arrays } of states) {
      // The folder may have another path on this machine.
      const path = join(dirname(this.#out), basename(arrays.path));
      this.#states.set(position.pass ?? 0, { position, arrays: { ...arrays, path } });
    }
    return [...this.#states.values()];
  }

  /** @param states what `stored` gave */
  plan(states: readonly PassState[]): CheckpointPlan {
    const isLater = ({ position }: PassState) => position.pass !== undefined;
    const from = states.find((state) => !isLater(state)) ?? null;
    const plan = checkpointPlan(`${this.#out}.${process.pid}.state`, from);
    return { ...plan, later: states.filter(isLater) };
  }

  /**
   * Two files a pass in turn, so that the index never names one that is being replaced; renaming takes no time that
   * counts, ms.
   */
  async keep(state: PassState | null): Promise<number> {
    if (!state) {
      await this.forget();
      return 0;
    }
    const { pass = 0 } = state.position;
    const turn = this.#states.get(pass)?.arrays.path.endsWith('-0') ? 1 : 0;
    const path = `${this.#out}.checkpoint-${pass}-${turn}`;
    await rename(state.arrays.path, path);
    this.#states.set(pass, { ...state, arrays: { ...state.arrays, path } });
    const kept: Kept = { key: this.#key, states: [...this.#states.values()] };
    await writeJson(this.#index, kept);
    return 0;
  }

  async forget(): Promise<void> {
    this.#states.clear();
    // First, so that it never names a file that is gone.
    await rm(this.#index, { force: true });
    for (const path of await this.#beside(/\.checkpoint-[\d-]+$/)) await rm(path, { force: true });
    await rm(`${this.#out}.${process.pid}.state`, { force: true });
  }

  /**
   * Removes what killed tries at the same shard were writing. Another try may be at work now, here or on another machine:
   * what was written to within the hour stays.
   */
  async dropStale(): Promise<void> {
    for (const path of await this.#beside(/\.\d+\.(part|state|tmp)(\.codes-\d+)?$/)) {
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > staleMs) await rm(path, { force: true });
    }
  }

  /** Files named after the shard's. */
  async #beside(end: RegExp): Promise<string[]> {
    const [folder, name] = [dirname(this.#out), `${basename(this.#out)}.`];
    const entries = await readdir(folder);
    return entries
      .filter((entry) => entry.startsWith(name) && end.test(entry))
      .map((entry) => join(folder, entry));
  }

  get #index(): string {
    return `${this.#out}.checkpoint.json`;
  }
}
