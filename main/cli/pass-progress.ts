import type { JobInfo } from '#core/domain/job.ts';
import type { EngineJobListener, EngineService } from '../app/services.ts';
import { progressLine } from './progress-line.ts';

/** Runs one call of the engine with progress on standard error; Ctrl-C and SIGTERM cancel it in order. */
export async function withProgress<Answer>(
  engine: EngineService,
  jobId: string,
  work: () => Promise<Answer>,
  checkpoint?: EngineJobListener['checkpoint'],
): Promise<{ answer: Answer; notes: string[] }> {
  const line = progressLine();
  const notes: string[] = [];
  let progress: JobInfo['progress'] = {
    ...{ stage: 'checking', done: 0, total: 0, unit: '', rate: 0, secondsLeft: null },
  };
  const show = () => line.update({ state: 'running', progress, notes });
  const stop = engine.follow(jobId, {
    checkpoint,
    progress: (now) => {
      const secondsLeft = now.rate > 0 && now.total > 0 ? (now.total - now.done) / now.rate : null;
      progress = { ...now, secondsLeft };
      show();
    },
    note: (sentence) => {
      notes.push(sentence);
      show();
    },
  });
  const interrupt = () => {
    if (engine.status().state !== 'ready') process.exit(130);
    engine.methods.cancel(jobId).then(
      (isHeard) => isHeard || process.exit(130),
      () => process.exit(130),
    );
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    show();
    return { answer: await work(), notes };
  } finally {
    line.end();
    stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
