import type { JobProgress } from '#core/domain/job.ts';

/** How a pass over the data speaks with its job. */
export interface CaptureHooks {
  progress(progress: Omit<JobProgress, 'secondsLeft'>): void;
  note(sentence: string): void;
  /** Throws when the job was cancelled. */
  checkpoint(): Promise<void>;
}
