import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import type { BirpcReturn } from 'birpc';
import { AppError, fromPlainError } from '#core/errors.ts';
import type { PlainError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { entryPath } from '../app/entry.ts';
import type { DatabaseService } from '../app/services.ts';

type OpenMode = Parameters<DatabaseMethods['open']>[1];
type Remote = BirpcReturn<DatabaseMethods, Record<string, never>, false>;

/** Every method, so that a missing one is a type error here and not a failure at run time. */
const methodNames: Record<keyof DatabaseMethods, true> = {
  open: true,
  close: true,
  summary: true,
  storedResults: true,
  putResult: true,
  results: true,
  result: true,
  hasCapture: true,
  putCapture: true,
  capture: true,
  exportCapture: true,
  putCheckpoint: true,
  exportCheckpoint: true,
  dropCheckpoint: true,
  captureArray: true,
  captureTile: true,
  captureOfRun: true,
  runOfResult: true,
  putRun: true,
  putVocabulary: true,
  vocabulary: true,
  putJob: true,
  jobs: true,
  putFigure: true,
  renameFigure: true,
  removeFigure: true,
  figure: true,
  figures: true,
  array: true,
  band: true,
  matrixInfo: true,
  keepOrder: true,
  tile: true,
  partnerValues: true,
  rememberedHash: true,
  rememberHash: true,
  pathsOfHash: true,
};

export const databaseMethodNames = Object.keys(methodNames) as (keyof DatabaseMethods)[];

/** The worker thread and its calls, from start to its own end. */
interface Connection {
  methods: DatabaseMethods;
  /** Resolves when the thread has ended. */
  ended: Promise<void>;
  /** Whether it has. */
  hasEnded(): boolean;
  /** From now on the thread's end is expected. */
  expectEnd(): void;
}

/**
 * Opens a project file in a worker thread of its own.
 * @throws AppError `not-found`, `bad-project`, `project-newer`, `storage`, `bad-request`; nothing stays open then
 */
export async function openDatabase(path: string, mode: OpenMode, title?: string): Promise<DatabaseService> {
  const connection = connect(path);
  const { methods } = connection;
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= shut(connection));
  try {
    await methods.open(path, mode, title);
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  return { methods: { ...methods, close }, path, close };
}

/** Asks the worker to close the file, and waits until the thread has ended by itself. */
async function shut(connection: Connection): Promise<void> {
  // A thread that died left nothing open: there is nothing to ask of it.
  if (connection.hasEnded()) return;
  connection.expectEnd();
  try {
    await connection.methods.close();
  } finally {
    await connection.ended;
  }
}

function connect(path: string): Connection {
  const worker = new Worker(entryPath('database.worker'), { name: 'database' });
  const remote: Remote = createBirpc<DatabaseMethods, Record<string, never>, false>(
    {},
    {
      post: (message) => worker.postMessage(message),
      on: (receive) => worker.on('message', (message: unknown) => void receive(message)),
      timeout: -1,
      proxify: false,
    },
  );
  let expected = false;
  let failure: unknown;
  let end: AppError | undefined;
  worker.on('error', (error: unknown) => {
    failure = error;
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      end = endedError(path, expected, failure);
      remote.$close(end);
      resolve();
    });
  });
  return {
    methods: callable(remote, path, () => end),
    ended,
    hasEnded: () => end !== undefined,
    expectEnd: () => (expected = true),
  };
}

function callable(remote: Remote, path: string, ended: () => AppError | undefined): DatabaseMethods {
  const call = async (name: keyof DatabaseMethods, args: unknown[]): Promise<unknown> => {
    const end = ended();
    if (end) throw end;
    try {
      return await remote.$callRaw({ method: name, args });
    } catch (error) {
      throw asAppError(error, path);
    }
  };
  return Object.fromEntries(
    databaseMethodNames.map((name) => [name, (...args: unknown[]) => call(name, args)]),
  ) as unknown as DatabaseMethods;
}

function asAppError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error) return new AppError('internal', error.message, { file: path }, error);
  return fromPlainError(error as PlainError);
}

function endedError(path: string, expected: boolean, failure?: unknown): AppError {
  const file = basename(path);
  if (expected)
    return new AppError('bad-request', `The project ${file} is closed. Open it again.`, { file: path });
  const reason = failure instanceof Error ? ` (${failure.message})` : '';
  return new AppError(
    'storage',
    `The part of the program that keeps ${file} ended unexpectedly${reason}. Open the project again; everything stored before is intact.`,
    { file: path },
    failure,
  );
}
