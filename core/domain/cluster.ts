/** One step of a recipe that runs as jobs of a cluster. */
export type ClusterStage = 'first' | 'merge' | 'second' | 'finish';

/** A task that ended without what it was to make. */
export interface FailedTask {
  /** Of an array, from 1; 0 for a job of one task. */
  index: number;
  /** What Slurm says of it (OUT_OF_MEMORY); null where it says nothing. */
  state: string | null;
  /** In plain words, with the remedy where one is known. */
  reason: string;
  /** The end of its log. */
  log: string[];
}

export interface ClusterStep {
  stage: ClusterStage;
  jobId: string | null;
  tasks: number;
  done: number;
  running: number;
  waiting: number;
  failed: FailedTask[];
  /** Times that tasks were put back into the queue after they failed, from their logs. */
  requeued: number;
  /** Of running tasks, the last line of the log. */
  now: string[];
  /** Why tasks wait, in Slurm's word (Resources, Priority); null where none waits. */
  waitsFor: string | null;
}

/** A recipe's jobs on a cluster, from their folder and the queue. */
export interface ClusterJob {
  title: string;
  folder: string;
  /** `unknown`: no queue can be asked here. */
  state: 'running' | 'done' | 'failed' | 'unknown';
  shards: number;
  submittedAt: string;
  steps: ClusterStep[];
}
