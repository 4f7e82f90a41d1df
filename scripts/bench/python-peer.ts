import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/repository.ts';

const run = promisify(execFile);

/** A Python that has the named modules, or null. */
export async function pythonWith(modules: string[]): Promise<string | null> {
  for (const python of [process.env.CONSILIENCE_PYTHON, '/usr/bin/python3', 'python3']) {
    if (!python) continue;
    try {
      await run(python, ['-c', modules.map((name) => `import ${name}`).join(';')]);
      return python;
    } catch {
      // Not this one.
    }
  }
  return null;
}

/** Runs a peer script and reads the one JSON document it prints. */
export async function runPeer<T>(python: string, script: string, args: string[]): Promise<T> {
  const { stdout } = await run(python, [join(repositoryRoot, script), ...args], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as T;
}
