import { AppError } from '#core/errors.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import type { HandlerContext } from '../context.ts';

export const jobHandlers: Handlers<HandlerContext>['job'] = {
  list: (_input, { session }) => ({ jobs: session.current()?.jobs.list() ?? [] }),

  cancel: ({ jobId }, { session }) => ({ accepted: session.required().jobs.cancel(jobId) }),

  retry({ jobId }, { session }) {
    const { jobs } = session.required();
    const old = jobs.list().find((job) => job.id === jobId);
    if (!old) throw new AppError('not-found', 'This job is no longer known. Start the analysis again.');
    const job = jobs.retry(jobId);
    jobs.finished(job.id).catch(() => undefined);
    return { jobId: job.id };
  },
};
