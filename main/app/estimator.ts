import { AppError } from '#core/errors.ts';
import type { RunEstimate } from '#core/domain/estimate.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { estimateRun } from '../jobs/estimate.ts';
import type { EngineService, RunRequest } from './services.ts';

/** Estimates of one window, one at a time: a newer question ends the one before. */
export interface Estimator {
  estimate(request: RunRequest, database: DatabaseMethods | null): Promise<RunEstimate>;
  cancel(): boolean;
}

/**
 * Every estimate has an engine of its own, ended with it: it neither waits for a running job nor holds one up, its peak
 * of memory is its own, and what it does can be ended at any moment.
 */
export function createEstimator(createEngine: () => EngineService): Estimator {
  let current: { engine: EngineService; isCancelled: boolean } | null = null;
  const cancel = () => {
    const ended = current;
    current = null;
    if (!ended) return false;
    ended.isCancelled = true;
    void ended.engine.stop();
    return true;
  };
  return {
    cancel,
    async estimate(request, database) {
      cancel();
      const own = { engine: createEngine(), isCancelled: false };
      current = own;
      try {
        return await estimateRun(request, { engine: own.engine, database });
      } catch (error) {
        if (own.isCancelled) throw new AppError('cancelled', 'A newer estimate took the place of this one.');
        throw error;
      } finally {
        if (current === own) current = null;
        await own.engine.stop();
      }
    },
  };
}
