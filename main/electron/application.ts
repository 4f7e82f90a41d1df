import { app, dialog, nativeTheme, session, type WebContents } from 'electron';
import { join } from 'node:path';
import { composeApplication, type Application } from '../app/compose.ts';
import { openLog, type Log } from '../app/log.ts';
import { appRoot } from '../app/resources.ts';
import { openWindowState } from '../app/window-state.ts';
import type { HandlerContext } from '../ipc/context.ts';
import { serveFolder } from './app-protocol.ts';
import { createClipboard } from './clipboard.ts';
import { hostContract, hostDrops } from './ipc-host.ts';
import { setMenu } from './menu.ts';
import { createWindowSet } from './window-set.ts';

/** How long closing may take: a running batch ends, the project file is closed, the engine goes. */
const stopBudgetMs = 8000;

export interface StartOptions {
  devTools: boolean;
  /** A project file named on the command line or opened from the desktop before the window was there. */
  projectFile: string | null;
}

export interface RunningApplication {
  /** Brings a window to the front; a project is opened in the one that has it, or in the one in front. */
  show(projectFile: string | null): void;
}

/** Runs after `ready`: services, protocol, the first window, and an orderly end. */
export async function startApplication({ devTools, projectFile }: StartOptions): Promise<RunningApplication> {
  const userFolder = app.getPath('userData');
  const log = openLog(join(userFolder, 'logs', 'main.log'));
  process.on('unhandledRejection', (error) => log.error('Unhandled rejection', error));
  serveFolder(session.defaultSession, join(appRoot(), 'out', 'renderer'));
  const application = await composeApplication({ userFolder, log, clipboard: createClipboard() });
  followTheme(application);

  const contexts = new Map<WebContents, HandlerContext>();
  const contextOf = (contents: WebContents) => contexts.get(contents);
  hostContract(application.dispatch, contextOf, log);
  hostDrops(contextOf, log);
  const state = await openWindowState(join(userFolder, 'window.json'));
  const windows = createWindowSet({ application, contexts, devTools, state, log });
  setMenu({ devTools, windows });
  stopInOrder(application, log);
  await windows.open(projectFile);
  return {
    show(path) {
      windows.show(path).catch((error: unknown) => {
        log.error(`Could not open ${path}`, error);
        dialog.showErrorBox(
          'The project was not opened',
          error instanceof Error ? error.message : String(error),
        );
      });
    },
  };
}

function followTheme({ shared: { settings } }: Application): void {
  nativeTheme.themeSource = settings.get().theme;
  settings.subscribe(({ theme }) => {
    nativeTheme.themeSource = theme;
  });
}

/** Ends the services before the process; a second `quit` while they end changes nothing. */
function stopInOrder(application: Application, log: Log): void {
  let isStopping = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    const late = new Promise<void>((resolve) => setTimeout(resolve, stopBudgetMs));
    void Promise.race([application.stop(), late])
      .catch((error) => log.error('Did not stop in order', error))
      // Not within the event: Electron takes no exit while it still asks whether to quit.
      .finally(() => setImmediate(() => app.exit(0)));
  });
}
