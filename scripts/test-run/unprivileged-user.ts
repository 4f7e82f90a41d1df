import { chmod, chown, cp, mkdir, mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../support/repository.ts';
import { lastLines, runCommand } from '../support/run-command.ts';
import { findCommand } from '../system-packages.ts';

const USER = 'consilience-test';
const PASSED_ON = /^(CI|LANG|LC_.*|TZ|TERM|NO_COLOR|FORCE_COLOR|CONSILIENCE_.*)$/;

/** Everything an unprivileged user needs to run the end-to-end tests of a repository that root owns. */
export interface UserStage {
  folder: string;
  /** The repository, or a copy of it where the user cannot read the original. */
  repository: string;
  distPath: string;
  binding?: string;
  /** Writable by the user, nothing else is. */
  temporary: string;
  env: NodeJS.ProcessEnv;
  asUser: (command: string, args: string[]) => [string, string[]];
}

/**
 * Sets up the user and a folder with its own copy of Electron (whose sandbox helper must be root's and setuid), HOME
 * and TMPDIR. Chromium refuses its sandbox to root, so this is how root tests with the sandbox really on.
 * @throws with one sentence where this system has no way to do it.
 */
export async function stageForUser(distPath: string, binding: string | undefined): Promise<UserStage> {
  const runuser = findCommand('runuser');
  if (!runuser) throw new Error('there is no runuser command on this system');
  const { uid, gid } = await ensureUser();
  // A short path: Chromium puts Unix sockets below it, whose paths may have 107 bytes.
  const folder = await mkdtemp('/tmp/consilience-e2e-');
  try {
    await chmod(folder, 0o755);
    const [home, temporary] = [path.join(folder, 'home'), path.join(folder, 'tmp')];
    for (const writable of [home, temporary]) {
      await mkdir(writable, { mode: 0o700 });
      await chown(writable, uid, gid);
    }
    // runuser sets HOME and its like to the account's own, so they are set again behind it.
    const own = [`HOME=${home}`, `TMPDIR=${temporary}`];
    const asUser = (command: string, args: string[]): [string, string[]] => {
      return [runuser, ['-u', USER, '--', 'env', ...own, command, ...args]];
    };
    // Xvfb cannot make it itself without being root.
    if (!existsSync('/tmp/.X11-unix'))
      await mkdir('/tmp/.X11-unix').then(() => chmod('/tmp/.X11-unix', 0o1777));
    const dist = await stageElectron(distPath, path.join(folder, 'electron'));
    const stagedBinding = binding && path.join(folder, path.basename(binding));
    if (binding && stagedBinding) await copyReadable(binding, stagedBinding);
    const repository = await readableRepository(asUser, folder);
    const env = userEnvironment(repository, home, temporary);
    return { folder, repository, distPath: dist, binding: stagedBinding, temporary, env, asUser };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function ensureUser(): Promise<{ uid: number; gid: number }> {
  if ((await runCommand('id', ['-u', USER])).status !== 0) {
    const options = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
    const added = await runCommand(findCommand('useradd') ?? 'useradd', [
      ...options,
      '--shell',
      '/usr/sbin/nologin',
      USER,
    ]);
    if (added.status !== 0) throw new Error(`the user ${USER} could not be made: ${lastLines(added.stderr)}`);
  }
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => runCommand('id', [flag, USER])));
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

async function stageElectron(from: string, to: string): Promise<string> {
  await copyReadable(from, to);
  const helper = path.join(to, 'chrome-sandbox');
  if (existsSync(helper)) {
    await chown(helper, 0, 0);
    await chmod(helper, 0o4755);
  }
  return to;
}

/** The repository if the user can read all of it, else a copy: opening up folders above it is not ours to do. */
async function readableRepository(asUser: UserStage['asUser'], folder: string): Promise<string> {
  const git = path.join(repositoryRoot, '.git');
  const unreadable = ['-path', git, '-prune', '-o', '!', '-readable', '-print', '-quit'];
  const [command, args] = asUser('find', [repositoryRoot, ...unreadable]);
  const found = await runCommand(command, args, { cwd: '/' });
  if (found.status === 0 && found.stdout.trim() === '') return repositoryRoot;
  const copy = path.join(folder, 'repository');
  await mkdir(copy);
  for (const name of await readdir(repositoryRoot)) {
    if (name !== '.git') await copyReadable(path.join(repositoryRoot, name), path.join(copy, name));
  }
  return copy;
}

async function copyReadable(from: string, to: string): Promise<void> {
  const copied = await runCommand('cp', ['-a', '--reflink=auto', from, to]);
  if (copied.status !== 0) {
    if ((await stat(from)).isFile()) await cp(from, to);
    else throw new Error(`${from} could not be copied: ${lastLines(copied.stderr)}`);
  }
  await runCommand('chmod', ['-R', 'a+rX', to]);
}

/** Only what the tests use: root's session variables (XDG_RUNTIME_DIR, DBUS...) name places closed to the user. */
function userEnvironment(repository: string, home: string, temporary: string): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));
  const programs = path.join(repository, 'node_modules', '.bin');
  const PATH = [programs, '/usr/local/bin', '/usr/bin', '/bin'].join(path.delimiter);
  return { ...env, PATH, HOME: home, TMPDIR: temporary, USER, LOGNAME: USER };
}

/** Ends programs that were started from a folder and outlived their test (a window that hung). */
export async function endProgramsFrom(folder: string): Promise<void> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const program = await readlink(`/proc/${name}/exe`).catch(() => '');
    if (!program.startsWith(`${folder}/`)) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  }
}
