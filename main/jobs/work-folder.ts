import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a project's engine files lie while a job runs: beside the project, on the same disk. */
export function workFolderOf(projectPath: string, jobId: string): string {
  return join(`${projectPath}-work`, `${process.pid}-${jobId}`);
}

/**
 * Before this program's first run into a project: removes what killed runs left behind. Another program may be running
 * into the same project; a folder of this one's own number is of an earlier program that had it.
 */
export async function clearWorkFolder(projectPath: string): Promise<void> {
  const folder = `${projectPath}-work`;
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    const pid = Number.parseInt(name, 10);
    if (pid === process.pid || !isRunning(pid))
      await rm(join(folder, name), { recursive: true, force: true });
  }
  await rmdir(folder).catch(() => undefined);
}

/** Jobs of the project that a program works on now, by their folders. */
export async function jobsAtWork(projectPath: string): Promise<Set<string>> {
  const names = await readdir(`${projectPath}-work`).catch(() => []);
  const running = names.filter((name) => isRunning(Number.parseInt(name, 10)));
  return new Set(running.map((name) => name.slice(name.indexOf('-') + 1)));
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
