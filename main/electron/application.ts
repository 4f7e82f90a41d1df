import { app, dialog, nativeTheme, session, type BrowserWindow, type WebContents } from 'electron';
import { join } from 'node:path';
import { composeApplication, type Application } from '../app/compose.ts';
import { readJson, writeJson } from '../app/json-file.ts';
import { openLog, type Log } from '../app/log.ts';
import { appRoot, resourcePath } from '../app/resources.ts';
import type { HandlerContext } from '../ipc/context.ts';
import { serveFolder } from './app-protocol.ts';
import { createDialogs } from './dialogs.ts';
import { hostContract, pushEvent } from './ipc-host.ts';
import { createMainWindow, loadMainPage } from './main-window.ts';
import { setMenu } from './menu.ts';
import { createPdfWriter } from './pdf-writer.ts';

/** How long closing may take: a running batch ends, the project file is closed, the engine goes. */
const stopBudgetMs = 8000;

export interface StartOptions {
  devTools: boolean;
  /** A project file named on the command line or opened from the desktop before the window was there. */
  projectFile: string | null;
}

export interface RunningApplication {
  /** Brings the window to the front and opens a project in it, if one is given. */
  show(projectFile: string | null): void;
}

/** Runs after `ready`: services, protocol, the window, and an orderly end. */
export async function startApplication({ devTools, projectFile }: StartOptions): Promise<RunningApplication> {
  const userFolder = app.getPath('userData');
  const log = openLog(join(userFolder, 'logs', 'main.log'));
  process.on('unhandledRejection', (error) => log.error('Unhandled rejection', error));
  setMenu({ devTools });
  serveFolder(session.defaultSession, join(appRoot(), 'out', 'renderer'));
  const pdf = createPdfWriter(resourcePath('core/figure/fonts'));
  const application = await composeApplication({ userFolder, pdf, log });
  followTheme(application);

  const contexts = new Map<WebContents, HandlerContext>();
  hostContract(application.dispatch, (contents) => contexts.get(contents), log);
  const placeFile = join(userFolder, 'window.json');
  const window = createMainWindow({
    devTools,
    storedPlace: await readJson(placeFile),
    onPlace: (place) => void writeJson(placeFile, place).catch((error) => log.error('Window place', error)),
  });
  const context = application.openWindowContext({
    dialogs: createDialogs(window),
    push: (event, payload) => pushEvent(window, event, payload),
  });
  contexts.set(window.webContents, context);
  stopInOrder(application, log);

  const openFile = (path: string) => openProjectFile(path, window, context, log);
  if (projectFile !== null) await openFile(projectFile);
  await loadMainPage(window);
  // After the first picture, so that the window is there at once; what fails is shown in the status bar.
  application.shared.engine.start().catch((error) => log.error('The engine did not start', error));
  return {
    show(path) {
      if (window.isMinimized()) window.restore();
      window.focus();
      if (path !== null) void openFile(path);
    },
  };
}

async function openProjectFile(path: string, window: BrowserWindow, { session }: HandlerContext, log: Log) {
  try {
    pushEvent(window, 'project:changed', await session.open(path, 'open'));
  } catch (error) {
    log.error(`Could not open ${path}`, error);
    const message = error instanceof Error ? error.message : String(error);
    void dialog.showMessageBox(window, { type: 'error', message });
  }
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
