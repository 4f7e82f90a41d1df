import { parentPort } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import { toPlainError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { createDatabaseMethods } from './database/methods.ts';
import { buffersOf } from './database/transfer.ts';

/** Entry of the worker thread that holds one project file. It ends by itself after `close`. */
const port = parentPort;
if (!port) throw new Error('database.worker is a worker thread: it is started by openDatabase, not by hand.');

const methods = createDatabaseMethods(() => {
  // After the answer is posted: then nothing keeps the thread alive.
  setImmediate(() => port.close());
});

/** Errors cross as PlainErrors: a cloned Error would lose its code. */
const plain = Object.fromEntries(
  Object.entries(methods).map(([name, method]) => [
    name,
    (...args: never[]) =>
      (method as (...args: never[]) => Promise<unknown>)(...args).catch((error: unknown) => {
        throw toPlainError(error);
      }),
  ]),
) as unknown as DatabaseMethods;

createBirpc<Record<string, never>, DatabaseMethods>(plain, {
  post: (message: { r?: unknown }) => port.postMessage(message, buffersOf(message.r)),
  on: (receive) => port.on('message', (message) => receive(message)),
  timeout: -1,
});
