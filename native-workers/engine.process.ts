import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { engineProtocolVersion } from '#core/ipc/engine.ts';

// Keeps what Node makes of the TypeScript sources; by way of the environment also for its threads.
enableCompileCache();
process.env.NODE_COMPILE_CACHE ??= getCompileCacheDir();

/** The engine process: inference and alignment, a supervised child of the window's main process or of the command line. */
const { serveOverProcessChannel } = await import('./rpc/serve-process.ts');
const { engineVersions, lapackTitle, linearAlgebraTitle } = await import('./rpc/engine-facts.ts');

const events = serveOverProcessChannel();
events.ready({
  protocol: engineProtocolVersion,
  pid: process.pid,
  versions: engineVersions(),
  linearAlgebra: linearAlgebraTitle(),
  lapack: lapackTitle(),
  threads: availableParallelism(),
});
