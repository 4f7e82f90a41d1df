import { AppError } from '#core/errors.ts';
import { hasEnded } from '#core/domain/job.ts';
import { jobsAtWork } from '../../jobs/work-folder.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import { projectClusterJob } from '../../cluster/slurm/project-jobs.ts';
import type { HandlerContext } from '../context.ts';

export const jobHandlers: Handlers<HandlerContext>['job'] = {
  list: (_input, { session }) => ({ jobs: session.current()?.jobs.list() ?? [] }),

  cancel: ({ jobId }, { session }) => ({ accepted: session.required().jobs.cancel(jobId) }),

  pause: ({ jobId }, { session }) => ({ accepted: session.required().jobs.pause(jobId) }),
  resume: ({ jobId }, { session }) => ({ accepted: session.required().jobs.resume(jobId) }),
  move: ({ jobId, to }, { session }) => ({ accepted: session.required().jobs.move(jobId, to) }),

  async history(_input, { session }) {
    const open = session.current();
    if (!open) return { jobs: [] };
    const atWork = await jobsAtWork(open.database.path);
    for (const { id, state } of open.jobs.list()) if (!hasEnded(state)) atWork.add(id);
    const records = (await open.database.methods.jobs()).filter(({ id }) => !atWork.has(id));
    return { jobs: records.map(({ request: _paths, ...job }) => job) };
  },

  async cluster(_input, { session }) {
    const project = session.current();
    return { cluster: project && (await projectClusterJob(project.database.path)) };
  },

  retry({ jobId }, { session }) {
    const { jobs } = session.required();
    const old = jobs.list().find((job) => job.id === jobId);
    if (!old) throw new AppError('not-found', 'This job is no longer known. Start the analysis again.');
    const job = jobs.retry(jobId);
    return { jobId: job.id };
  },
};
