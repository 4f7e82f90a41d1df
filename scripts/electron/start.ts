import { spawn } from 'node:child_process';
import { repositoryRoot } from '../support/repository.ts';
import { buildApp, isBuildStale } from './build-app.ts';
import { describeElectron, obtainElectron } from './obtain.ts';
import type { FoundElectron } from './obtain.ts';
import { sqliteBindingFor } from './sqlite-binding.ts';

/** Opens the window: `npm start`, `npm start -- FILE.consilience`. Returns the exit code. */
async function start(args: string[]): Promise<number> {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return refuse(
      'There is no screen to open a window on (DISPLAY is not set): start it on a desktop, or with a virtual screen ' +
        'by "xvfb-run -a npm start"; the command line (npm run consilience -- --help) needs no screen.',
    );
  }
  const electron = await obtainElectron();
  if ('missing' in electron) return refuse(electron.missing);
  process.stderr.write(`${describeElectron(electron)}.\n`);
  const binding = await sqliteBindingFor(electron);
  if ('missing' in binding) return refuse(binding.missing);
  if ((await isBuildStale()) && !(await buildApp()))
    return refuse('The app did not build: see the errors above.');
  return openWindow(electron, binding.path, args);
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}

function openWindow(electron: FoundElectron, binding: string | undefined, args: string[]): Promise<number> {
  const options: string[] = [];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    process.stderr.write("Running as root, which Chromium's sandbox refuses: started with --no-sandbox.\n");
    options.push('--no-sandbox');
  }
  const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: electron.distPath };
  if (binding) Object.assign(env, { CONSILIENCE_SQLITE_BINDING: binding });
  return new Promise((resolve) => {
    const child = spawn(electron.executable, [...options, repositoryRoot, ...args], {
      stdio: 'inherit',
      env,
    });
    child.on('error', (error) => resolve(refuse(`Electron did not start: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (signal === 'SIGTRAP' || signal === 'SIGABRT') {
        refuse(
          'Electron ended before it opened a window. If it spoke of the sandbox above: this system keeps user ' +
            'namespaces from programs; allow them, or make chrome-sandbox in the Electron folder setuid root.',
        );
      }
      resolve(code ?? 1);
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal));
  });
}

process.exitCode = await start(process.argv.slice(2));
