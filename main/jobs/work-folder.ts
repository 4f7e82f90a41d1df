import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a project's engine files lie while a job runs: beside the project, on the same disk. */
export function workFolderOf(projectPath: string, jobId: string): string {
  return join(`${projectPath}-work`, `${process.pid}-${jobId}`);
}

/** Removes what killed runs left behind; another program may be running into the same project. */
export async function clearWorkFolder(projectPath: string): Promise<void> {
  const folder = `${projectPath}-work`;
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    if (!isRunning(Number.parseInt(name, 10))) await rm(join(folder, name), { recursive: true, force: true });
  }
  await rmdir(folder).catch(() => undefined);
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
