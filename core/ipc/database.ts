import type { ArrayFile, CaptureSummary, PassState } from './engine.ts';
import type { MatrixInfo, Tile } from './areas/result.ts';
import type { StoredFigure } from '../domain/figure.ts';
import type { JobRecord } from '../domain/job.ts';
import type { ProjectRun, ProjectSummary } from '../domain/project.ts';
import type { NamedArray, ResultEntry, StoredResult } from '../domain/result.ts';

/**
 * What the database worker does for its host. One worker holds one open project file; every write is one
 * transaction. Errors are `PlainError`s.
 */

/** A result to store: arrays are ingested from the engine's file, tile by tile. */
export interface NewResult extends Omit<StoredResult, 'arrays' | 'createdAt'> {
  arrays: ArrayFile;
}

/** A capture to keep, so that later analyses need no activations. */
export interface NewCapture {
  /** Hash of models, tensors, data, order, folds, sampling. */
  id: string;
  summary: Omit<CaptureSummary, 'arrays'>;
  arrays: ArrayFile;
}

/** How far a pass has come. */
export interface NewCheckpoint extends PassState {
  /** The capture that the pass makes. */
  captureId: string;
}

export interface NewRun extends Omit<ProjectRun, 'createdAt' | 'results'> {
  captureId: string;
  resultIds: string[];
}

export interface DatabaseMethods {
  /** `create` refuses an existing file that is not a project; `open` refuses a missing one. */
  open(path: string, mode: 'create' | 'open' | 'open-or-create', title?: string): Promise<ProjectSummary>;
  close(): Promise<void>;
  summary(): Promise<ProjectSummary>;

  /** Which of these result ids are stored, complete. */
  storedResults(ids: string[]): Promise<string[]>;
  putResult(result: NewResult): Promise<void>;
  results(): Promise<ResultEntry[]>;
  result(id: string): Promise<StoredResult>;

  hasCapture(id: string): Promise<boolean>;
  putCapture(capture: NewCapture): Promise<void>;
  capture(id: string): Promise<Omit<CaptureSummary, 'arrays'>>;
  /** Writes the capture's arrays back to a file for the engine. */
  exportCapture(id: string, path: string): Promise<ArrayFile>;
  /** One array of a capture, for statistics views (see `captureArrayName`). */
  captureArray(id: string, name: string): Promise<NamedArray>;
  /** Keeps how far a pass has come; the same capture again replaces it. Says how much processor time it took, ms. */
  putCheckpoint(checkpoint: NewCheckpoint): Promise<number>;
  /** Writes the checkpoint of a capture back to a file for the engine; null where there is none. */
  exportCheckpoint(captureId: string, path: string): Promise<PassState | null>;
  dropCheckpoint(captureId: string): Promise<void>;
  /** The capture a run used. */
  captureOfRun(runId: string): Promise<string>;
  /** The newest run that holds this result. */
  runOfResult(resultId: string): Promise<ProjectRun>;

  putRun(run: NewRun): Promise<void>;

  /** Keeps the words of a vocabulary file by token id, null where no token has the id; the same file again replaces them. */
  putVocabulary(sha256: string, words: (string | null)[]): Promise<void>;
  /** Null where the project does not keep it. */
  vocabulary(sha256: string): Promise<(string | null)[] | null>;

  /** Keeps what a job has left to be read; the same id again replaces it. */
  putJob(job: JobRecord): Promise<void>;
  /** The latest jobs, newest first. */
  jobs(): Promise<JobRecord[]>;

  /** Keeps a figure; the same id again replaces it. */
  putFigure(figure: StoredFigure): Promise<void>;
  renameFigure(id: string, name: string): Promise<void>;
  removeFigure(id: string): Promise<void>;
  figure(id: string): Promise<StoredFigure>;
  /** Every saved figure, the one saved last first. */
  figures(): Promise<StoredFigure[]>;

  /** A whole array of a result in its stored dtype. */
  array(resultId: string, name: string): Promise<NamedArray>;
  /** Some rows of an array in its stored dtype, band by band from the top: 512 of a large one, else all in band 0. */
  band(resultId: string, name: string, index: number): Promise<NamedArray>;
  matrixInfo(resultId: string, name: string): Promise<MatrixInfo>;
  /** Keeps an order of rows and columns, each list naming every index once; `tile` takes the id. */
  keepOrder(rows: number[], cols: number[]): Promise<string>;
  /** With `order`, a tile of the matrix in that order. */
  tile(
    resultId: string,
    name: string,
    level: number,
    row: number,
    col: number,
    order?: string,
  ): Promise<Tile>;
  /** The matrix's value at every row and the column a stored list names for it; NaN for -1. */
  partnerValues(
    resultId: string,
    name: string,
    partners: { resultId: string; array: string },
  ): Promise<{ values: Float64Array }>;

  /** One tile of an array of a capture. */
  captureTile(id: string, name: string, level: number, row: number, col: number): Promise<Tile>;

  /** Remembered SHA-256 of a file, valid while its size and modification time are unchanged. */
  rememberedHash(path: string, bytes: number, mtimeMs: number): Promise<string | null>;
  rememberHash(path: string, bytes: number, mtimeMs: number, sha256: string): Promise<void>;
  /** Paths where a file with this SHA-256 was seen; it need not be there any more. */
  pathsOfHash(sha256: string): Promise<string[]>;
}
