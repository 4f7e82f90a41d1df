import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import type { JobProgress } from '#core/domain/job.ts';
import { fromPlainError, type PlainError } from '#core/errors.ts';
import {
  captureArrayName,
  type AnalyseRequest,
  type AnalysisOutcome,
  type CapturedLayer,
  type Fold,
} from '#core/ipc/engine.ts';
import { jointMomentsByteLength } from '#core/numeric/moments/joint-moments.ts';
import type { AlignmentOrder } from '../alignment.worker.ts';
import { readArray } from '../files/array-file.ts';
import { workerEntry } from '../rpc/entry.ts';
import type { SharedMoments } from './align-task.ts';

/** A pool of alignment threads; moments are shared with them, never copied. */
export class AlignmentPool {
  readonly #pool: Piscina;

  constructor(threads: number = availableParallelism()) {
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

  /** Runs every task; outcomes are announced as they are ready, in any order. The first failure ends the rest. */
  async run(
    request: AnalyseRequest,
    cancelFlag: Int32Array,
    hooks: {
      outcome(outcome: AnalysisOutcome): void;
      progress(progress: Omit<JobProgress, 'secondsLeft'>): void;
    },
  ): Promise<void> {
    const moments = new Map<string, SharedMoments | null>();
    const momentsOf = (layer: number, fold: Fold): SharedMoments | null => {
      const key = `${layer}/${fold}`;
      if (!moments.has(key)) moments.set(key, loadMoments(request, layer, fold));
      return moments.get(key) ?? null;
    };
    const started = performance.now();
    let done = 0;
    await Promise.all(
      request.tasks.map(async (task) => {
        const layer = request.capture.layers[task.layer];
        const train = momentsOf(task.layer, 'train');
        if (!train) throw new Error(`The capture has no moments of layer ${layer.name}.`);
        const input = {
          analysis: task.analysis,
          a: rangeOf(layer, task.a),
          b: rangeOf(layer, task.b),
          train,
          test: momentsOf(task.layer, 'test'),
        };
        const outFile = join(request.outFolder, `${task.id}.arrays`);
        const order: AlignmentOrder = { id: task.id, input, outFile, cancelFlag };
        const answer = (await this.#pool.run(order)) as AnalysisOutcome | { failed: PlainError };
        if ('failed' in answer) {
          // The rest of the queue ends at its first checkpoint.
          Atomics.store(cancelFlag, 0, 1);
          throw fromPlainError(answer.failed);
        }
        done++;
        const rate = (done * 1000) / (performance.now() - started);
        hooks.outcome(answer);
        hooks.progress({ stage: 'analysing', done, total: request.tasks.length, unit: 'results', rate });
      }),
    );
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

function rangeOf(layer: CapturedLayer, network: number): { start: number; count: number } {
  const start = layer.units.slice(0, network).reduce((sum, units) => sum + units, 0);
  return { start, count: layer.units[network] };
}

/** Reads one fold's moments into memory that threads share; null where the capture has no such fold. */
function loadMoments(request: AnalyseRequest, layer: number, fold: Fold): SharedMoments | null {
  const { arrays, layers } = request.capture;
  const n = fold === 'train' ? layers[layer].samples : layers[layer].testSamples;
  if (n === 0) return null;
  const m2 = readArray(arrays, captureArrayName(layer, fold, 'm2'));
  const mean = readArray(arrays, captureArrayName(layer, fold, 'mean'));
  const dead = readArray(arrays, captureArrayName(layer, fold, 'dead'), true);
  const units = mean.cols;
  const buffer = new SharedArrayBuffer(jointMomentsByteLength(units));
  new Float64Array(buffer, 0, units).set(mean.data);
  new Float64Array(buffer, units * 8, units * units).set(m2.data);
  return { n, units, buffer, dead: dead.data as Uint8Array };
}
