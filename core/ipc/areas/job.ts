import { z } from 'zod';
import { method } from '../define.ts';
import type { JobInfo } from '../../domain/job.ts';

const byId = z.strictObject({ jobId: z.string().min(1).max(100) });

export const jobArea = {
  list: method<{ jobs: JobInfo[] }>()(z.strictObject({})),
  cancel: method<{ accepted: boolean }>()(byId),
  /** Queues a failed or cancelled job again; the finished part is taken from the file. */
  retry: method<{ jobId: string }>()(byId),
};
