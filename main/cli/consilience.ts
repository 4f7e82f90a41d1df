import { enableCompileCache, getCompileCacheDir } from 'node:module';

// Keeps what Node makes of the TypeScript sources; by way of the environment also for threads and the engine.
enableCompileCache();
process.env.NODE_COMPILE_CACHE ??= getCompileCacheDir();

// A reader that has seen enough, as `| head`, ends the program as it does other programs: without a word.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
