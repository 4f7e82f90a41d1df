import { initial } from './0010-initial.ts';
import { jobs } from './0020-jobs.ts';
import { figures } from './0030-figures.ts';
import { checkpoints } from './0040-checkpoints.ts';
import { vocabularies } from './0050-vocabularies.ts';
import { interruptedJobs } from './0060-interrupted-jobs.ts';
import { packedMoments } from './0070-packed-moments.ts';
import type { Migration } from './migration.ts';

/** Every migration, in rising order of version. */
export const migrations: readonly Migration[] = [
  initial,
  jobs,
  figures,
  checkpoints,
  vocabularies,
  interruptedJobs,
  packedMoments,
];
