import { z } from 'zod';
import { method } from '../define.ts';
import type { ClusterJob } from '../../domain/cluster.ts';
import type { JobInfo, JobRecord } from '../../domain/job.ts';

const byId = z.strictObject({ jobId: z.string().min(1).max(100) });

export const jobArea = {
  list: method<{ jobs: JobInfo[] }>()(z.strictObject({})),
  cancel: method<{ accepted: boolean }>()(byId),
  /** Holds a waiting job in the queue, or a running one at its next checkpoint, its memory kept. */
  pause: method<{ accepted: boolean }>()(byId),
  resume: method<{ accepted: boolean }>()(byId),
  /** Puts a waiting job before or after others that wait. */
  move: method<{ accepted: boolean }>()(
    z.strictObject({ jobId: z.string().min(1).max(100), to: z.enum(['first', 'earlier', 'later', 'last']) }),
  ),
  /** Jobs that ended in this project, newest first, with their logs. */
  history: method<{ jobs: Omit<JobRecord, 'request'>[] }>()(z.strictObject({})),
  /** What runs for this project on a cluster; null where nothing was submitted for it. */
  cluster: method<{ cluster: ClusterJob | null }>()(z.strictObject({})),
  /** Queues a failed or cancelled job again; the finished part is taken from the file. */
  retry: method<{ jobId: string }>()(byId),
};
