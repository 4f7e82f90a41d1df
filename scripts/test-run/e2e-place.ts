import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { executableIn } from '../electron/inspect-binary.ts';
import type { FoundElectron } from '../electron/obtain.ts';
import { repositoryRoot } from '../support/repository.ts';
import { lastLines, runCommand } from '../support/run-command.ts';
import { findCommand } from '../system-packages.ts';
import { endProgramsFrom, stageForUser } from './unprivileged-user.ts';
import type { RunPlace } from './vitest-project.ts';

const PROBE_LIMIT_MS = 60_000;
/** Large enough for the biggest window that the tests open. */
const SCREEN = '-screen 0 1920x1200x24';

type Wrap = NonNullable<RunPlace['wrap']>;

export interface E2ePlace extends Required<RunPlace> {
  isSandboxed: boolean;
  /** How the tests run, for the log. */
  description: string;
  dispose: () => Promise<void>;
}

/**
 * A place where the window opens, with Chromium's sandbox on if this machine has any way to it: as this user, or as
 * an unprivileged one when this is root. A probe window decides, not an assumption.
 */
export async function findE2ePlace(
  electron: FoundElectron,
  binding: string | undefined,
): Promise<E2ePlace | { missing: string }> {
  const screen = screenWrapper();
  if (!screen)
    return { missing: 'there is no screen (DISPLAY is not set) and no xvfb-run to stand in for one' };
  let whyUnsandboxed = '';
  try {
    const isRoot = process.getuid?.() === 0;
    const place = isRoot
      ? await userPlace(electron, binding, screen)
      : await ownPlace(electron, binding, screen);
    const problem = await probe(place);
    if (!problem) return place;
    await place.dispose();
    whyUnsandboxed = problem;
  } catch (error) {
    whyUnsandboxed = (error as Error).message;
  }
  const place = await ownPlace(electron, binding, screen, whyUnsandboxed);
  const problem = await probe(place);
  if (!problem) return place;
  await place.dispose();
  return {
    missing: `Electron opens no window here: ${problem} (before that, with its sandbox: ${whyUnsandboxed})`,
  };
}

function screenWrapper(): Wrap | undefined {
  if (process.platform !== 'linux') return (command, args) => [command, args];
  if (findCommand('xvfb-run') && findCommand('xauth')) {
    return (command, args) => ['xvfb-run', ['-a', '-s', SCREEN, command, ...args]];
  }
  return process.env.DISPLAY ? (command, args) => [command, args] : undefined;
}

async function userPlace(
  electron: FoundElectron,
  binding: string | undefined,
  screen: Wrap,
): Promise<E2ePlace> {
  const stage = await stageForUser(electron.distPath, binding);
  const from = stage.repository === repositoryRoot ? '' : ', on a copy of the repository that it can read';
  return {
    cwd: stage.repository,
    env: { ...stage.env, ...electronEnvironment(stage.distPath, stage.binding, true) },
    reportFolder: stage.temporary,
    wrap: (command, args) => stage.asUser(...screen(command, args)),
    node: nodeIn(stage.repository),
    isSandboxed: true,
    description: `as an unprivileged user with Chromium's sandbox on${from}`,
    dispose: async () => {
      await endProgramsFrom(stage.folder);
      await rm(stage.folder, { recursive: true, force: true });
    },
  };
}

async function ownPlace(
  electron: FoundElectron,
  binding: string | undefined,
  screen: Wrap,
  whyUnsandboxed?: string,
): Promise<E2ePlace> {
  const isSandboxed = whyUnsandboxed === undefined;
  const reportFolder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-'));
  return {
    cwd: repositoryRoot,
    env: { ...process.env, ...electronEnvironment(electron.distPath, binding, isSandboxed) },
    reportFolder,
    wrap: screen,
    node: nodeIn(repositoryRoot),
    isSandboxed,
    description: isSandboxed
      ? "with Chromium's sandbox on"
      : `WITHOUT Chromium's sandbox (tests of it are skipped): ${whyUnsandboxed}`,
    dispose: () => rm(reportFolder, { recursive: true, force: true }),
  };
}

function nodeIn(repository: string): string {
  const own = path.join(repository, 'node_modules', '.bin', 'node');
  return existsSync(own) ? own : process.execPath;
}

function electronEnvironment(
  distPath: string,
  binding: string | undefined,
  isSandboxed: boolean,
): NodeJS.ProcessEnv {
  return {
    ELECTRON_OVERRIDE_DIST_PATH: distPath,
    CONSILIENCE_ELECTRON: executableIn(distPath),
    CONSILIENCE_E2E_SANDBOX: isSandboxed ? '1' : '0',
    ...(binding ? { CONSILIENCE_SQLITE_BINDING: binding } : {}),
  };
}

/** Opens a hidden window in the place; says what went wrong, undefined if it opened as promised. */
async function probe(place: E2ePlace): Promise<string | undefined> {
  const app = path.join(place.cwd, 'scripts', 'electron', 'sandbox-probe');
  const options = place.isSandboxed ? [] : ['--no-sandbox'];
  const [command, args] = place.wrap(place.env.CONSILIENCE_ELECTRON!, [...options, app]);
  const run = await runCommand(command, args, { cwd: place.cwd, env: place.env, timeoutMs: PROBE_LIMIT_MS });
  if (run.stdout.includes(`sandbox ${place.isSandboxed ? 'on' : 'off'}`)) return undefined;
  if (run.isTimedOut) return `the window did not open in ${PROBE_LIMIT_MS / 1000} s`;
  return lastLines(run.stderr) || lastLines(run.stdout) || `exit code ${run.status}`;
}
