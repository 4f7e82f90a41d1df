import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import type { JobProgress } from '#core/domain/job.ts';
import { fromPlainError, type PlainError } from '#core/errors.ts';
import type { AnalyseRequest, AnalysisOutcome, AnalysisTask } from '#core/ipc/engine.ts';
import type { LassoPath } from '#core/numeric/sparse-mapping/lasso-path.ts';
import { abandon, WorkingClock } from '../capture/job-control.ts';
import type { AlignmentOrder, MappingOrder } from '../alignment.worker.ts';
import { shareTurns } from '../linalg/library-turns.ts';
import { workerEntry } from '../rpc/entry.ts';
import { joinMappingParts, mappingParts } from './sparse-mapping-parts.ts';
import { LayerInputs } from './task-inputs.ts';
import type { AlignInput, MappingPaths } from './task.ts';

const progressIntervalMs = 200;

export interface AlignmentHooks {
  outcome(outcome: AnalysisOutcome): void;
  progress(progress: Omit<JobProgress, 'secondsLeft'>): void;
}

/** A pool of alignment threads; moments are shared with them, never copied. */
export class AlignmentPool {
  readonly #pool: Piscina;

  constructor(threads: number = availableParallelism()) {
    shareTurns();
    this.#pool = new Piscina({
      filename: workerEntry('alignment.worker'),
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Infinity,
      concurrentTasksPerWorker: 1,
    });
  }

  get threads(): number {
    return this.#pool.options.maxThreads;
  }

  /**
   * Runs every task; outcomes are announced as they are ready, in any order. The first failure ends the rest.
   * Resolves with the milliseconds it took, pauses left out.
   */
  async run(request: AnalyseRequest, cancelFlag: Int32Array, hooks: AlignmentHooks): Promise<number> {
    // Layer by layer, so that only what a few tasks need is in memory.
    const queue = [...request.tasks].sort((one, other) => one.layer - other.layer);
    const share = new Progress(queue.length, hooks, new WorkingClock(cancelFlag));
    let inputs: { layer: number; of: LayerInputs } | null = null;
    const next = async (): Promise<void> => {
      for (let task = queue.shift(); task; task = queue.shift()) {
        if (inputs?.layer !== task.layer)
          inputs = { layer: task.layer, of: new LayerInputs(request, task.layer) };
        const leavesThreadsIdle = queue.length < this.threads;
        hooks.outcome(await this.#align(request, task, inputs.of, cancelFlag, share, leavesThreadsIdle));
        share.finished();
      }
    };
    try {
      // One task more than threads, so that none waits for its input to be read.
      await Promise.all(Array.from({ length: this.threads + 1 }, next));
      return share.workedMs;
    } finally {
      share.stop();
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #align(
    request: AnalyseRequest,
    task: AnalysisTask,
    inputs: LayerInputs,
    cancelFlag: Int32Array,
    share: Progress,
    leavesThreadsIdle: boolean,
  ): Promise<AnalysisOutcome> {
    const done = share.begin();
    try {
      const outFile = join(request.outFolder, `${task.id}.arrays`);
      const input = inputs.inputOf(task);
      // Threads that would have nothing to do take some of the targets.
      const mapping = leavesThreadsIdle ? asSparseMapping(input) : null;
      if (mapping) mapping.paths = await this.#solveParts(mapping, cancelFlag, done);
      const order: AlignmentOrder = { id: task.id, input, outFile, cancelFlag, done };
      const answer = (await this.#pool.run(order)) as AnalysisOutcome | { failed: PlainError };
      if ('failed' in answer) throw fromPlainError(answer.failed);
      return answer;
    } catch (error) {
      // The rest of the queue ends at its first checkpoint.
      abandon(cancelFlag);
      throw error;
    } finally {
      share.end(done);
    }
  }

  /** The lasso paths of a sparse mapping, its targets spread over all threads; undefined where they are too few. */
  async #solveParts(
    input: AlignInput<'sparse-mapping'>,
    cancelFlag: Int32Array,
    done: Float64Array,
  ): Promise<MappingPaths | undefined> {
    const parts = mappingParts(input, this.threads);
    if (parts.length === 0) return undefined;
    let solved = 0;
    const paths = await Promise.all(
      parts.map(async (part) => {
        const order: MappingOrder = { input, part, cancelFlag };
        const answer = (await this.#pool.run(order)) as LassoPath | { failed: PlainError };
        if ('failed' in answer) throw fromPlainError(answer.failed);
        done[0] = ++solved / (parts.length + 1);
        return answer;
      }),
    );
    return joinMappingParts(parts, paths, input.analysis.alphas.length);
  }
}

function asSparseMapping(input: AlignInput): AlignInput<'sparse-mapping'> | null {
  return input.analysis.name === 'sparse-mapping' ? (input as AlignInput<'sparse-mapping'>) : null;
}

/** Results done, with the shares of those under way that their threads report. */
class Progress {
  readonly #total: number;
  readonly #hooks: AlignmentHooks;
  readonly #clock: WorkingClock;
  readonly #running = new Set<Float64Array>();
  readonly #timer: NodeJS.Timeout;
  #done = 0;

  constructor(total: number, hooks: AlignmentHooks, clock: WorkingClock) {
    this.#clock = clock;
    this.#total = total;
    this.#hooks = hooks;
    this.#timer = setInterval(() => this.#announce(), progressIntervalMs);
  }

  begin(): Float64Array {
    const done = new Float64Array(new SharedArrayBuffer(8));
    this.#running.add(done);
    return done;
  }

  end(done: Float64Array): void {
    this.#running.delete(done);
  }

  finished(): void {
    this.#done++;
    this.#announce();
  }

  get workedMs(): number {
    return this.#clock.now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #announce(): void {
    const worked = this.#clock.now();
    if (this.#clock.isHeld) return;
    const under = [...this.#running].reduce((sum, share) => sum + share[0], 0);
    const rate = ((this.#done + under) * 1000) / Math.max(worked, 1);
    this.#hooks.progress({ stage: 'analysing', done: this.#done, total: this.#total, unit: 'results', rate });
  }
}
