import { existsSync } from 'node:fs';
import path from 'node:path';
import { lastLines, runCommand } from '../support/run-command.ts';

const ASK_TIMEOUT_MS = 60_000;

export interface ElectronVersions {
  electron: string;
  chrome: string;
  node: string;
  /** Node-API version the binary offers to native addons. */
  napi: number;
}

/** Path of the executable inside an Electron `dist` folder. */
export function executableIn(distPath: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return path.join(distPath, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return path.join(distPath, platform === 'win32' ? 'electron.exe' : 'electron');
}

/** Asks the binary itself for its versions; a sentence if it does not run on this machine. */
export async function askVersions(executable: string): Promise<ElectronVersions | { reason: string }> {
  if (!existsSync(executable)) return { reason: `there is no Electron executable at ${executable}` };
  const answer = await runCommand(executable, ['-p', 'JSON.stringify(process.versions)'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeoutMs: ASK_TIMEOUT_MS,
  });
  try {
    const versions = JSON.parse(answer.stdout) as Record<string, string>;
    const { electron, chrome, node, napi } = versions;
    if (electron && chrome && node && napi) return { electron, chrome, node, napi: Number(napi) };
  } catch {
    // No JSON: explained below from what the binary wrote.
  }
  return { reason: `${executable} does not run: ${explain(lastLines(answer.stderr), answer.isTimedOut)}` };
}

function explain(message: string, isTimedOut: boolean): string {
  if (isTimedOut) return `it gave no answer in ${ASK_TIMEOUT_MS / 1000} s`;
  const library = /loading shared libraries: (\S+):/.exec(message)?.[1];
  if (library)
    return `the system library ${library} is missing (npm run system-packages says which package has it)`;
  return message === '' ? 'it wrote nothing' : message;
}
