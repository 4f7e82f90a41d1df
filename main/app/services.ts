import type { PageSpec } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { AnalysisOutcome, ArrayFile, EngineMethods, PassState, SecondSums } from '#core/ipc/engine.ts';
import type { ExportFormat, ShownFigure } from '#core/ipc/areas/figure.ts';
import type { EngineStatus } from '#core/ipc/areas/settings.ts';
import type { JobInfo, JobProgress, RunTimings } from '#core/domain/job.ts';
import type { Recipe } from '#core/domain/recipe.ts';

/** The services main is composed of. Both hosts (the window, the command line) build on these interfaces. */

/** What the engine tells of one job while it works on it. */
export interface EngineJobListener {
  progress?(progress: Omit<JobProgress, 'secondsLeft'>): void;
  note?(sentence: string): void;
  outcome?(outcome: AnalysisOutcome): void;
  /** Resolves once the state is kept, with the processor time taken (ms); null: what was kept does not fit any more. */
  checkpoint?(state: PassState | null): Promise<number>;
}

/** The supervised engine process. `methods` starts it when needed. */
export interface EngineService {
  readonly methods: EngineMethods;
  status(): EngineStatus;
  /** Starts (or starts again after a failure) and waits until it is ready. */
  start(): Promise<EngineStatus>;
  restart(): Promise<EngineStatus>;
  subscribe(listener: (status: EngineStatus) => void): () => void;
  /** Follows one job; returns how to stop. */
  follow(jobId: string, listener: EngineJobListener): () => void;
  stop(): Promise<void>;
}

/** One open project file behind the database worker thread. */
export interface DatabaseService {
  readonly methods: DatabaseMethods;
  readonly path: string;
  /** Closes the file and ends the worker; never terminates it mid-write. */
  close(): Promise<void>;
}

/** A validated recipe with absolute paths, ready to run. */
export interface RunRequest {
  recipe: Recipe;
  /** The recipe as written, kept in the project. */
  recipeText: string;
  /** Folder that relative paths in the recipe are relative to. */
  baseFolder: string;
  /** Sums of a second pass that others have made; absent: the run makes its own where it needs one. */
  second?: SecondSums & { arrays: ArrayFile };
}

export interface RunOutcome {
  runId: string;
  resultIds: string[];
  reused: number;
  computed: number;
  timings: RunTimings;
  notes: string[];
}

/** Where a waiting job goes among the others that wait. */
export type JobMove = 'first' | 'earlier' | 'later' | 'last';

/** Runs recipes into the open project, one at a time. */
export interface JobService {
  /** Resolves once the jobs that earlier programs left interrupted are listed. */
  readonly ready: Promise<void>;
  start(request: RunRequest): JobInfo;
  list(): JobInfo[];
  cancel(jobId: string): boolean;
  /** Ends every job, waiting ones too, so that it can be taken up when the project is opened again. */
  leave(): Promise<void>;
  pause(jobId: string): boolean;
  resume(jobId: string): boolean;
  move(jobId: string, to: JobMove): boolean;
  retry(jobId: string): JobInfo;
  /** Resolves when the job has ended, rejects with its AppError. */
  finished(jobId: string): Promise<RunOutcome>;
  subscribe(listener: (job: JobInfo) => void): () => void;
}

/** Where the files of a page go. */
export interface PageTarget {
  folder: string;
  /** Name of the files without an ending. */
  stem: string;
  formats: readonly ExportFormat[];
  dpi: number;
}

/** Figures from stored results. */
export interface FigureService {
  /** A page as the window shows it. */
  show(database: DatabaseMethods, page: PageSpec, theme: 'light' | 'dark'): Promise<ShownFigure>;
  /** Writes a page in every format, on white, with data, caption and spec beside it. Gives the names of the files. */
  write(
    database: DatabaseMethods,
    page: PageSpec,
    target: PageTarget,
  ): Promise<{ files: string[]; warnings: string[] }>;
  /** The bytes of one file of a page, on white. */
  picture(database: DatabaseMethods, page: PageSpec, format: ExportFormat, dpi: number): Promise<Uint8Array>;
  /** Ends what the service runs, once what it writes is written. */
  stop(): Promise<void>;
}
