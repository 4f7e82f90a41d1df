import type { PlainError } from '../errors.ts';

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

export type JobStage =
  'starting' | 'checking' | 'capturing' | 'counting' | 'analysing' | 'storing' | 'finished';

/** Progress as shown to a person; `done`/`total` are in `unit`s of the current stage. */
export interface JobProgress {
  stage: JobStage;
  done: number;
  total: number;
  unit: 'images' | 'results' | '';
  /** Units per second in this stage, 0 while unknown. */
  rate: number;
  /** Seconds left in the job, null while unknown. */
  secondsLeft: number | null;
}

export interface JobInfo {
  id: string;
  title: string;
  state: JobState;
  progress: JobProgress;
  /** Sentences for the person: fall-backs, reused results, retries. */
  notes: string[];
  error?: PlainError;
  createdAt: string;
  finishedAt?: string;
  /** Whether asking again may help (an engine that died, not a wrong recipe). */
  canRetry: boolean;
}

/** Wall-clock breakdown of a finished run, milliseconds. */
export interface RunTimings {
  checkMs: number;
  engineStartMs: number;
  sessionMs: number;
  decodeWaitMs: number;
  inferenceMs: number;
  accumulateMs: number;
  analyseMs: number;
  storeMs: number;
  totalMs: number;
}
