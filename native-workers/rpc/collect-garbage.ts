import { Session } from 'node:inspector/promises';

/**
 * Gives back what nothing holds any more: arrays of this thread that are done with else stay for a while. Where the
 * program is built without an inspector they do.
 */
export async function collectGarbage(): Promise<void> {
  const session = new Session();
  try {
    session.connect();
    await session.post('HeapProfiler.collectGarbage');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_INSPECTOR_NOT_AVAILABLE') throw error;
  } finally {
    session.disconnect();
  }
}
