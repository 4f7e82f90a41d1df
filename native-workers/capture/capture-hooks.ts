import type { JobProgress } from '#core/domain/job.ts';
import type { PassState } from '#core/ipc/engine.ts';

/** How a pass over the data speaks with its job. */
export interface CaptureHooks {
  progress(progress: Omit<JobProgress, 'secondsLeft'>): void;
  note(sentence: string): void;
  /** Waits while the job is paused, throws when it was cancelled; `leaving` is done before either. */
  checkpoint(leaving?: (how: 'paused' | 'cancelled') => Promise<void>): Promise<void>;
  /**
   * Keeps the state of the pass, and gives the processor time that took (ms); null: what was kept does not fit. Left out
   * where nothing is kept.
   */
  keep?(state: PassState | null): Promise<number>;
}
