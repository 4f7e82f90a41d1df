import { app, dialog } from 'electron';
import { projectFileIn } from '../app/project-argument.ts';
import { registerAppScheme } from './app-protocol.ts';
import { startApplication, type RunningApplication } from './application.ts';
import { hardenProcess } from './hardening.ts';
import { devToolsAllowed } from '../security/dev-tools.ts';

/** Everything that must happen before `ready`, then the application itself. */
export function launch(): void {
  const devTools = devToolsAllowed(app.isPackaged, process.env);
  let projectFile = projectFileIn(process.argv, process.cwd());
  let running: RunningApplication | null = null;

  hardenProcess({ devTools });
  registerAppScheme();

  /** macOS hands files over by an event, which may come before the window is there. */
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (running) running.show(path);
    else projectFile = path;
  });
  app.on('second-instance', (_event, args, folder) => running?.show(projectFileIn(args, folder)));

  if (app.requestSingleInstanceLock()) {
    // No top-level await: an ESM main that waits for `ready` there never becomes ready.
    app
      .whenReady()
      .then(async () => {
        running = await startApplication({ devTools, projectFile });
      })
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        dialog.showErrorBox('Consilience could not start', reason);
        app.exit(1);
      });
  } else {
    app.quit();
  }
}
