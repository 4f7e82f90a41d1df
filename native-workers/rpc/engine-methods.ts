import { mkdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { EngineEvents, EngineMethods, PassRequest } from '#core/ipc/engine.ts';
import { AlignmentPool } from '../align/alignment-pool.ts';
import { JobControl } from '../capture/job-control.ts';
import { capturePass, captureShard, requireShards } from '../capture/capture-pass.ts';
import type { CaptureHooks } from '../capture/capture-hooks.ts';
import { providerStatuses } from '../capture/providers.ts';
import { processMemory } from './process-memory.ts';
import { inspectModel } from '../onnx/inspect-model.ts';

/** After so long the memory of collected arrays has gone back to the system. */
const settlingMs = 250;
/** Bytes of arrays from which on looking for those that nothing holds is worth its 50 ms. */
const muchToCollect = 2 ** 26;

/** The engine's methods over whatever channel carries them. */
export function createEngineMethods(events: EngineEvents): EngineMethods {
  const control = new JobControl();
  let pool: AlignmentPool | null = null;

  /** Threads start while inference runs, so that alignment finds them ready. */
  const poolOf = async (threads: number): Promise<AlignmentPool> => {
    if (pool && pool.threads !== threads) await pool.close();
    if (!pool || pool.threads !== threads) pool = new AlignmentPool(threads);
    return pool;
  };

  const hooksOf = (jobId: string): CaptureHooks => ({
    progress: (progress) => events.progress(jobId, progress),
    note: (sentence) => events.note(jobId, sentence),
    checkpoint: (leaving) => control.checkpoint(jobId, leaving),
    keep: (state) => events.checkpoint(jobId, state),
  });

  const onePass = async <Request extends PassRequest, Answer>(
    request: Request,
    pass: (request: Request, threads: number, hooks: CaptureHooks) => Promise<Answer>,
  ): Promise<Answer> => {
    const { jobId } = request;
    const threads = request.threads ?? availableParallelism();
    control.flagOf(jobId);
    await poolOf(threads);
    mkdirSync(dirname(request.outFile), { recursive: true });
    try {
      const answer = await pass(request, threads, hooksOf(jobId));
      // What comes next reads as much again of what the pass has written.
      if (process.memoryUsage().arrayBuffers > muchToCollect)
        await (await import('./collect-garbage.ts')).collectGarbage();
      return answer;
    } catch (error) {
      control.forget(jobId);
      throw error;
    }
  };

  const probe = async () => (await import('../capture/unit-probe.ts')).unitProbe;

  return {
    providers: () => Promise.resolve(providerStatuses()),
    inspectModel,
    // Loaded when asked for: a run looks at no single inputs.
    inspectData: async (path) => (await import('../data/inspect-data.ts')).inspectData(path),
    previewData: async (data, count) => (await import('../data/preview.ts')).previewSamples(data, count),
    showInputs: async (request) => (await import('../data/show-inputs.ts')).showInputs(request),
    unitGeometry: async (request) => (await probe()).geometry(request),
    activationMaps: async (request) => (await probe()).maps(request),

    capture: (request) => onePass(request, capturePass),
    // Loaded when asked for: most runs need no second pass.
    secondPass: async (request) => onePass(request, (await import('../capture/second-pass.ts')).secondPass),

    requireShards: (request) => requireShards(request, hooksOf(request.jobId)),
    captureShard: (request) => onePass(request, captureShard),
    secondShard: async (request) => onePass(request, (await import('../capture/second-pass.ts')).secondShard),
    mergeShards: async (request) =>
      (await import('../capture/merge-shards.ts')).mergeShards(request, hooksOf(request.jobId)),
    addShards: async (request) =>
      (await import('../capture/add-shards.ts')).addShards(
        request,
        availableParallelism(),
        hooksOf(request.jobId),
      ),

    async analyse(request) {
      const { jobId } = request;
      const flag = control.flagOf(jobId);
      mkdirSync(request.outFolder, { recursive: true });
      try {
        const threads = await poolOf(request.threads ?? availableParallelism());
        const analyseMs = await threads.run(request, flag, {
          outcome: (outcome) => events.outcome(jobId, outcome),
          progress: (progress) => events.progress(jobId, progress),
        });
        return { analyseMs };
      } finally {
        control.forget(jobId);
      }
    },

    async machine() {
      const [{ productGflops }, { collectGarbage }] = await Promise.all([
        import('../linalg/product-speed.ts'),
        import('./collect-garbage.ts'),
      ]);
      // What was read before is given back by other threads while products are timed.
      await collectGarbage();
      const gflops = await productGflops();
      await setTimeout(settlingMs);
      return { gflops, ...processMemory() };
    },

    validate: async (folder) => (await import('../validation/run-validation.ts')).runValidation(folder),

    cancel: (jobId) => Promise.resolve(control.cancel(jobId)),
    pause: (jobId) => Promise.resolve(control.pause(jobId)),
    resume: (jobId) => Promise.resolve(control.resume(jobId)),
  };
}
