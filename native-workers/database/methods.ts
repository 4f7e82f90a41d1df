import { AppError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { matrixInfoOf, readArray, readBand, readTile, valuesOfPartners } from './array-store.ts';
import { captureArray, captureKey, exportCapture, getCapture, putCapture } from './capture-store.ts';
import { dropCheckpoint, exportCheckpoint, putCheckpoint } from './checkpoint-store.ts';
import { describeFailure } from './failures.ts';
import { pathsOfHash, recalledHash, storeHash } from './file-hash-store.ts';
import { getFigure, listFigures, putFigure, removeFigure, renameFigure } from './figure-store.ts';
import { check, schemas } from './input.ts';
import { listJobs, putJob } from './job-store.ts';
import { OrderedMatrices } from './ordered-matrix.ts';
import { openProjectFile } from './project-file.ts';
import type { ProjectFile } from './project-file.ts';
import { getResult, listResults, putResult, resultArray, storedResults } from './result-store.ts';
import { captureOfRun, putRun, runOfResult } from './run-store.ts';
import type { Sql } from './sql.ts';
import { getVocabulary, putVocabulary } from './vocabulary-store.ts';

/** The same methods, answering at once: SQLite does, and a worker has nothing else to do meanwhile. */
type Synchronous<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never;
};

/**
 * The methods on one project file, none open at first. Every argument is checked; every failure is an AppError
 * that names the file. `closed` is called after `close`.
 */
export function createDatabaseMethods(closed: () => void = () => {}): DatabaseMethods {
  let file: ProjectFile | null = null;
  const ordered = new OrderedMatrices();
  const opened = (): ProjectFile => {
    if (!file) throw new AppError('bad-request', 'No project is open. Open or create one first.');
    return file;
  };
  const methods: Synchronous<DatabaseMethods> = {
    open(path, mode, title) {
      if (file) throw new AppError('bad-request', `${file.path} is open already. Close it first.`);
      check(schemas.title, title, 'title');
      file = openProjectFile(check(schemas.path, path, 'path'), check(schemas.mode, mode, 'mode'), title);
      return file.summary();
    },
    close() {
      try {
        file?.close();
      } finally {
        file = null;
        ordered.clear();
        closed();
      }
    },
    summary: () => opened().summary(),
    ...contentMethods(() => opened().sql, ordered),
  };
  return asynchronous(methods, () => file?.path ?? 'the project file');
}

/** What reads and writes the content of the open file. */
function contentMethods(
  sql: () => Sql,
  ordered: OrderedMatrices,
): Omit<Synchronous<DatabaseMethods>, 'open' | 'close' | 'summary'> {
  const result = (id: string, name: string) =>
    resultArray(sql(), check(schemas.id, id, 'resultId'), check(schemas.name, name, 'name'));
  return {
    storedResults: (ids) => storedResults(sql(), check(schemas.ids, ids, 'ids')),
    putResult: (added) => putResult(sql(), check(schemas.result, added, 'result')),
    results: () => listResults(sql()),
    result: (id) => getResult(sql(), check(schemas.id, id, 'id')),
    hasCapture: (id) => captureKey(sql(), check(schemas.id, id, 'id')) !== undefined,
    putCapture: (capture) => putCapture(sql(), check(schemas.capture, capture, 'capture')),
    capture: (id) => getCapture(sql(), check(schemas.id, id, 'id')),
    exportCapture: (id, path) =>
      exportCapture(sql(), check(schemas.id, id, 'id'), check(schemas.path, path, 'path')),
    captureArray: (id, name) =>
      readArray(sql(), captureArray(sql(), check(schemas.id, id, 'id'), check(schemas.name, name, 'name'))),
    captureTile: (id, name, level, row, col) =>
      readTile(
        sql(),
        captureArray(sql(), check(schemas.id, id, 'id'), check(schemas.name, name, 'name')),
        check(schemas.level, level, 'level'),
        check(schemas.count, row, 'row'),
        check(schemas.count, col, 'col'),
      ),
    putCheckpoint: (checkpoint) => putCheckpoint(sql(), check(schemas.checkpoint, checkpoint, 'checkpoint')),
    exportCheckpoint: (id, path) =>
      exportCheckpoint(sql(), check(schemas.id, id, 'captureId'), check(schemas.path, path, 'path')),
    dropCheckpoint: (id) => dropCheckpoint(sql(), check(schemas.id, id, 'captureId')),
    captureOfRun: (runId) => captureOfRun(sql(), check(schemas.id, runId, 'runId')),
    runOfResult: (id) => runOfResult(sql(), check(schemas.id, id, 'resultId')),
    putRun: (run) => putRun(sql(), check(schemas.run, run, 'run')),
    putVocabulary: (sha256, words) =>
      putVocabulary(sql(), check(schemas.sha256, sha256, 'sha256'), check(schemas.words, words, 'words')),
    vocabulary: (sha256) => getVocabulary(sql(), check(schemas.sha256, sha256, 'sha256')),
    putJob: (job) => putJob(sql(), check(schemas.job, job, 'job')),
    jobs: () => listJobs(sql()),
    putFigure: (figure) => putFigure(sql(), check(schemas.figure, figure, 'figure')),
    renameFigure: (id, name) =>
      renameFigure(sql(), check(schemas.id, id, 'id'), check(schemas.figureName, name, 'name')),
    removeFigure: (id) => removeFigure(sql(), check(schemas.id, id, 'id')),
    figure: (id) => getFigure(sql(), check(schemas.id, id, 'id')),
    figures: () => listFigures(sql()),
    array: (id, name) => readArray(sql(), result(id, name)),
    band: (id, name, index) => readBand(sql(), result(id, name), check(schemas.count, index, 'index')),
    matrixInfo: (id, name) => matrixInfoOf(result(id, name)),
    keepOrder: (rows, cols) =>
      ordered.keep(check(schemas.order, rows, 'rows'), check(schemas.order, cols, 'cols')),
    tile(id, name, level, row, col, order) {
      const at = [
        check(schemas.level, level, 'level'),
        check(schemas.count, row, 'row'),
        check(schemas.count, col, 'col'),
      ] as const;
      const array = result(id, name);
      if (order === undefined) return readTile(sql(), array, ...at);
      return ordered.tile(sql(), array, check(schemas.id, order, 'order'), ...at);
    },
    partnerValues(id, name, partners) {
      const { data } = readArray(sql(), result(partners.resultId, partners.array));
      return { values: valuesOfPartners(sql(), result(id, name), data) };
    },
    rememberedHash: (path, bytes, mtimeMs) => recalledHash(sql(), fileState(path, bytes, mtimeMs)),
    rememberHash: (path, bytes, mtimeMs, sha256) =>
      storeHash(sql(), fileState(path, bytes, mtimeMs), check(schemas.sha256, sha256, 'sha256')),
    pathsOfHash: (sha256) => pathsOfHash(sql(), check(schemas.sha256, sha256, 'sha256')),
  };
}

function fileState(path: string, bytes: number, mtimeMs: number) {
  return {
    path: check(schemas.path, path, 'path'),
    bytes: check(schemas.count, bytes, 'bytes'),
    mtimeMs: check(schemas.milliseconds, mtimeMs, 'mtimeMs'),
  };
}

function asynchronous(methods: Synchronous<DatabaseMethods>, path: () => string): DatabaseMethods {
  const wrapped = Object.entries(methods).map(([name, method]) => {
    const call = method as (...args: unknown[]) => unknown;
    return [
      name,
      async (...args: unknown[]) => {
        try {
          return call(...args);
        } catch (error) {
          throw describeFailure(error, path());
        }
      },
    ];
  });
  return Object.fromEntries(wrapped) as DatabaseMethods;
}
