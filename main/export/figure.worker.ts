import { parentPort, workerData } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import { fromPlainError, toPlainError, type PlainError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { databaseMethodNames } from '../database/client.ts';
import { createFigureService } from './figure-service.ts';
import { movedBuffers, type FigureHostMethods, type FigureThreadMethods } from './figure-thread-protocol.ts';

/** Entry of the thread that lays out, encodes and writes figures. It ends by itself after `close`. */
const port = parentPort;
if (!port)
  throw new Error('figure.worker is a worker thread: it is started by createFigureThread, not by hand.');

const { fontFolder } = workerData as { fontFolder: string };
const figures = createFigureService(fontFolder);

/** The project behind a ticket: every call goes to the host, which has the file open. */
function database(ticket: number): DatabaseMethods {
  const call = (method: keyof DatabaseMethods, args: unknown[]) =>
    host.read(ticket, method, args).catch((error: unknown) => {
      throw error instanceof Error ? error : fromPlainError(error as PlainError);
    });
  return Object.fromEntries(
    databaseMethodNames.map((name) => [name, (...args: unknown[]) => call(name, args)]),
  ) as unknown as DatabaseMethods;
}

/** Errors cross as PlainErrors: a cloned Error would lose its code. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toPlainError(error);
  }
}

const methods: FigureThreadMethods = {
  show: (ticket, page, theme) => told(figures.show(database(ticket), page, theme)),
  write: (ticket, page, target) => told(figures.write(database(ticket), page, target)),
  picture: (ticket, page, format, dpi) => told(figures.picture(database(ticket), page, format, dpi)),
  async close() {
    // After the answer is posted: then nothing keeps the thread alive.
    setImmediate(() => port.close());
  },
};

const host = createBirpc<FigureHostMethods, FigureThreadMethods>(methods, {
  post: (message: { r?: unknown }) => port.postMessage(message, movedBuffers(message.r)),
  on: (receive) => port.on('message', (message) => receive(message)),
  timeout: -1,
});
