/**
 * Gives back what nothing holds any more: arrays of this thread that are done with else stay for a while. Where the
 * program is built without an inspector they do.
 */
export async function collectGarbage(): Promise<void> {
  const inspector = await import('node:inspector/promises').catch(withoutInspector);
  if (!inspector) return;
  const session = new inspector.Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}

function withoutInspector(error: NodeJS.ErrnoException): null {
  if (error.code === 'ERR_INSPECTOR_NOT_AVAILABLE') return null;
  throw error;
}
