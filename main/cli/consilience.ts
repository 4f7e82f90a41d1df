import { enableCompileCache, getCompileCacheDir } from 'node:module';

// Keeps what Node makes of the TypeScript sources; by way of the environment also for threads and the engine.
enableCompileCache();
process.env.NODE_COMPILE_CACHE ??= getCompileCacheDir();

const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
