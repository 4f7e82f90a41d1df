import { hasEnded, type JobInfo, type JobRecord, type KeptRequest } from '#core/domain/job.ts';
import { AppError } from '#core/errors.ts';

/** What the project keeps of a job that ended; what it asked, of one that was interrupted. */
export function recordOf(job: JobInfo, request: KeptRequest): JobRecord {
  const { id, title, state, createdAt, startedAt, finishedAt, pausedMs, runId, error, log } = job;
  if (!hasEnded(state) || !finishedAt) throw new AppError('internal', `Job ${id} has not ended.`);
  return {
    ...{ id, title, state, createdAt, finishedAt, pausedMs, log },
    startedAt: startedAt ?? null,
    runId: runId ?? null,
    error: error ?? null,
    request: state === 'interrupted' ? request : null,
  };
}
