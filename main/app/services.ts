import type { Scene } from '#core/figure/scene.ts';
import type { PageSpec } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { AnalysisOutcome, EngineMethods } from '#core/ipc/engine.ts';
import type { ExportFormat, FigureRequest } from '#core/ipc/areas/figure.ts';
import type { EngineStatus } from '#core/ipc/areas/settings.ts';
import type { JobInfo, JobProgress, RunTimings } from '#core/domain/job.ts';
import type { Recipe } from '#core/domain/recipe.ts';

/** The services main is composed of. Both hosts (the window, the command line) build on these interfaces. */

/** What the engine tells of one job while it works on it. */
export interface EngineJobListener {
  progress?(progress: Omit<JobProgress, 'secondsLeft'>): void;
  note?(sentence: string): void;
  outcome?(outcome: AnalysisOutcome): void;
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
  start(request: RunRequest): JobInfo;
  list(): JobInfo[];
  cancel(jobId: string): boolean;
  pause(jobId: string): boolean;
  resume(jobId: string): boolean;
  move(jobId: string, to: JobMove): boolean;
  retry(jobId: string): JobInfo;
  /** Resolves when the job has ended, rejects with its AppError. */
  finished(jobId: string): Promise<RunOutcome>;
  subscribe(listener: (job: JobInfo) => void): () => void;
}

export interface RenderedFigure {
  /** What every format is drawn from. */
  scene: Scene;
  svg: string;
  widthMm: number;
  heightMm: number;
  caption: string;
  warnings: string[];
  /** The numbers behind the figure, one CSV text per table name. */
  tables: Record<string, string>;
}

/** Figures from stored results. */
export interface FigureService {
  /** A page from its spec. */
  renderPage(database: DatabaseMethods, page: PageSpec, theme: 'light' | 'dark'): Promise<RenderedFigure>;
  render(database: DatabaseMethods, figure: FigureRequest, theme: 'light' | 'dark'): Promise<RenderedFigure>;
}

/** Writes a rendered figure as a file, in the window and without a display alike. */
export interface FigureWriter {
  write(figure: RenderedFigure, format: ExportFormat, dpi: number, filePath: string): Promise<void>;
}
