import type { JobStage } from './job.ts';

/** What a run will cost, before it is started. */
export interface RunEstimate {
  seconds: number;
  /** In the order of the run. */
  stages: { stage: JobStage; seconds: number }[];
  /** Peak memory of the engine process. */
  memoryBytes: number;
  /** What the project file grows by. */
  diskBytes: number;
  images: number;
  results: number;
  /** Results that the project holds already. */
  reused: number;
  threads: number;
  /** Seconds that the measurement took. */
  measuredSeconds: number;
  /** What makes the estimate less sure, in sentences. */
  notes: string[];
}
