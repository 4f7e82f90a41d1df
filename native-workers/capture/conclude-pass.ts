import type { JobProgress } from '#core/domain/job.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import type { BatchSink } from './data-pass.ts';
import type { PassKeeper } from './pass-keeper.ts';

const progressIntervalMs = 100;

/** Lets a sink do what is left once the data are read to their end, kept and held like the reading itself. */
export async function conclude(
  sink: BatchSink,
  stage: JobProgress['stage'],
  end: number,
  keeper: PassKeeper,
  hooks: CaptureHooks,
): Promise<void> {
  let started = performance.now();
  let announced = 0;
  let before = -1;
  await sink.conclude?.(async (done, total) => {
    const now = performance.now();
    if (now - announced > progressIntervalMs || done === total) {
      announced = now;
      const rate = before < 0 ? 0 : ((done - before) * 1000) / (now - started);
      hooks.progress({ stage, done, total, unit: 'units', rate });
    }
    // What was done before an interruption is no part of the rate, nor is a pause.
    if (before < 0) [before, started] = [done, now];
    keeper.changed();
    started += await keeper.step(end);
  });
}
