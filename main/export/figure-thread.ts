import { Worker } from 'node:worker_threads';
import { createBirpc, type BirpcReturn } from 'birpc';
import { AppError, fromPlainError, toPlainError, type PlainError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { entryPath } from '../app/entry.ts';
import type { FigureService } from '../app/services.ts';
import { movedBuffers, type FigureHostMethods, type FigureThreadMethods } from './figure-thread-protocol.ts';

interface Thread {
  remote: BirpcReturn<FigureThreadMethods, FigureHostMethods>;
  /** Resolves when the thread has ended. */
  ended: Promise<void>;
}

/**
 * Figures made in a thread of their own: laying out and packing a picture of 8,192 x 8,192 cells takes seconds, in
 * which windows have to answer. The thread starts with the first figure, and again after one that ended it (out of
 * memory). Numbers are read here, where the project is open, and moved there.
 */
export function createFigureThread(fontFolder: string): FigureService {
  const projects = new Map<number, DatabaseMethods>();
  const working = new Set<Promise<unknown>>();
  let tickets = 0;
  let thread: Thread | null = null;

  const start = (): Thread => {
    const worker = new Worker(entryPath('figure.worker'), { name: 'figures', workerData: { fontFolder } });
    const host: FigureHostMethods = {
      async read(ticket, method, args) {
        const project = projects.get(ticket);
        if (!project) throw toPlainError(new AppError('cancelled', 'This figure is not wanted any more.'));
        const call = project[method] as (...args: unknown[]) => Promise<unknown>;
        return call(...args).catch((error: unknown) => {
          throw toPlainError(error);
        });
      },
    };
    const remote = createBirpc<FigureThreadMethods, FigureHostMethods>(host, {
      post: (message: { r?: unknown }) => worker.postMessage(message, movedBuffers(message.r)),
      on: (receive) => worker.on('message', (message: unknown) => void receive(message)),
      timeout: -1,
    });
    let failure: unknown;
    worker.on('error', (error: unknown) => (failure = error));
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        if (thread === started) thread = null;
        remote.$close(endedError(failure));
        resolve();
      });
    });
    const started: Thread = { remote, ended };
    return started;
  };

  const draw = async <T>(
    database: DatabaseMethods,
    work: (remote: Thread['remote'], ticket: number) => Promise<T>,
  ): Promise<T> => {
    const ticket = ++tickets;
    projects.set(ticket, database);
    const { remote } = (thread ??= start());
    const done = work(remote, ticket);
    working.add(done);
    try {
      return await done;
    } catch (error) {
      throw error instanceof Error ? error : fromPlainError(error as PlainError);
    } finally {
      working.delete(done);
      projects.delete(ticket);
    }
  };

  return {
    show: (database, page, theme) => draw(database, (remote, ticket) => remote.show(ticket, page, theme)),
    write: (database, page, target) => draw(database, (remote, ticket) => remote.write(ticket, page, target)),
    picture: (database, page, format, dpi) =>
      draw(database, (remote, ticket) => remote.picture(ticket, page, format, dpi)),
    async stop() {
      await Promise.allSettled([...working]);
      const stopping = thread;
      if (!stopping) return;
      await stopping.remote.close().catch(() => undefined);
      await stopping.ended;
    },
  };
}

function endedError(failure: unknown): AppError {
  const reason = failure instanceof Error ? ` (${failure.message})` : '';
  return new AppError(
    'run-failed',
    `The part of the program that draws figures ended${reason}. Try again, with a smaller size or dpi if it was a large figure; the project is as it was.`,
    {},
    failure,
  );
}
