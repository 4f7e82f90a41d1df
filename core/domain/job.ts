import type { PlainError } from '../errors.ts';
import type { ProviderName } from './provider.ts';

export const jobStates = [
  'queued',
  'running',
  'paused',
  'done',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export type JobState = (typeof jobStates)[number];

/** States of a job that has ended; interrupted: by the program's own end. */
export const endedStates = [
  'done',
  'failed',
  'cancelled',
  'interrupted',
] as const satisfies readonly JobState[];
export type EndedState = (typeof endedStates)[number];

export function hasEnded(state: JobState): state is EndedState {
  return (endedStates as readonly JobState[]).includes(state);
}

/** One sentence of a job's log, and when it was written (ISO 8601, UTC). */
export interface JobLogEntry {
  at: string;
  text: string;
  /** `problem`: something went otherwise than asked. */
  kind: 'step' | 'problem';
}

export type JobStage =
  'starting' | 'checking' | 'capturing' | 'counting' | 'analysing' | 'storing' | 'finished';

/** Progress as shown to a person; `done`/`total` are in `unit`s of the current stage. */
export interface JobProgress {
  stage: JobStage;
  done: number;
  total: number;
  unit: 'images' | 'results' | 'units' | '';
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
  log: JobLogEntry[];
  createdAt: string;
  /** When its turn came; a paused job without it waits in the queue. */
  startedAt?: string;
  finishedAt?: string;
  /** Milliseconds that it has been paused since it started, up to the latest pause's begin. */
  pausedMs: number;
  pausedAt?: string;
  /** Place among the jobs that wait, from 1; absent once it has started. */
  place?: number;
  /** The run it made; absent until it is done. */
  runId?: string;
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

/** A job of the past as the project keeps it. */
export interface JobRecord {
  id: string;
  title: string;
  state: EndedState;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string;
  pausedMs: number;
  /** The run that it made; null where it made none. */
  runId: string | null;
  error: PlainError | null;
  log: JobLogEntry[];
  /** What it asked, while it can be started again in a later session. */
  request: KeptRequest | null;
}

/** A run's request as the project keeps it. */
export interface KeptRequest {
  recipeText: string;
  /** What paths in the recipe are relative to; absolute. */
  baseFolder: string;
  /** What was asked in the recipe's place. */
  provider: ProviderName;
  threads: number | null;
}
