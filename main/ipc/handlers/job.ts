import { AppError } from '#core/errors.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import type { HandlerContext } from '../context.ts';

export const jobHandlers: Handlers<HandlerContext>['job'] = {
  list: (_input, { session }) => ({ jobs: session.current()?.jobs.list() ?? [] }),

  cancel: ({ jobId }, { session }) => ({ accepted: session.required().jobs.cancel(jobId) }),

  pause: ({ jobId }, { session }) => ({ accepted: session.required().jobs.pause(jobId) }),
  resume: ({ jobId }, { session }) => ({ accepted: session.required().jobs.resume(jobId) }),
  move: ({ jobId, to }, { session }) => ({ accepted: session.required().jobs.move(jobId, to) }),

  async history(_input, { session }) {
    return { jobs: (await session.current()?.database.methods.jobs()) ?? [] };
  },

  retry({ jobId }, { session }) {
    const { jobs } = session.required();
    const old = jobs.list().find((job) => job.id === jobId);
    if (!old) throw new AppError('not-found', 'This job is no longer known. Start the analysis again.');
    const job = jobs.retry(jobId);
    return { jobId: job.id };
  },
};
