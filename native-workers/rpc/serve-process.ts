import { createBirpc } from 'birpc';
import { toPlainError } from '#core/errors.ts';
import type { EngineEvents, EngineMethods } from '#core/ipc/engine.ts';
import { createEngineMethods } from './engine-methods.ts';

/** Serves the engine's methods over the channel to the parent process; the process ends when the channel closes. */
export function serveOverProcessChannel(): EngineEvents {
  if (!process.send) {
    throw new Error('The engine is started by Consilience as a child process; it does nothing by itself.');
  }
  const parent = process.ppid;
  process.once('disconnect', () => {
    // An orderly exit waits for the threads, and one may be in a decomposition that takes minutes and gigabytes. The
    // parent would end that; where it was killed itself, nobody would.
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
    process.exit(0);
  });
  // Ctrl-C at a terminal reaches the whole process group; the host hears it and cancels the job in order.
  process.on('SIGINT', () => undefined);
  const methods = {} as EngineMethods;
  const remote = createBirpc<EngineEvents, EngineMethods>(methods, {
    post: (message: unknown) => process.send?.(message),
    on: (receive) => process.on('message', receive),
    timeout: -1,
  });
  const events: EngineEvents = {
    ready: (hello) => void remote.ready.asEvent(hello),
    progress: (jobId, progress) => void remote.progress.asEvent(jobId, progress),
    note: (jobId, sentence) => void remote.note.asEvent(jobId, sentence),
    outcome: (jobId, outcome) => void remote.outcome.asEvent(jobId, outcome),
    checkpoint: (jobId, state) => remote.checkpoint(jobId, state),
  };
  Object.assign(methods, withPlainErrors(createEngineMethods(events)));
  return events;
}

/** Errors cross as PlainErrors: a cloned Error would lose its code. */
function withPlainErrors(methods: EngineMethods): EngineMethods {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      async (...args: never[]) => {
        try {
          return await (method as (...args: never[]) => Promise<unknown>)(...args);
        } catch (error) {
          if (process.env.CONSILIENCE_VERBOSE) console.error(error);
          throw toPlainError(error);
        }
      },
    ]),
  ) as unknown as EngineMethods;
}
