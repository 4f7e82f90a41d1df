import { app, BrowserWindow, dialog, type WebContents } from 'electron';
import type { Application } from '../app/compose.ts';
import type { Log } from '../app/log.ts';
import type { Windows } from '../app/ports.ts';
import type { WindowState } from '../app/window-state.ts';
import type { HandlerContext } from '../ipc/context.ts';
import { createDialogs } from './dialogs.ts';
import { pushEvent } from './ipc-host.ts';
import { createMainWindow, loadMainPage } from './main-window.ts';

export interface WindowSetParts {
  application: Application;
  contexts: Map<WebContents, HandlerContext>;
  devTools: boolean;
  state: WindowState;
  log: Log;
}

export interface WindowSet extends Windows {
  /** Brings a window to the front, with a project in it if one is given. */
  show(projectFile: string | null): Promise<void>;
  /** The window in front, or any where none is. */
  front(): BrowserWindow | undefined;
}

/** A new window lies so far from the one in front, so that both are seen. */
const stepPx = 28;

/** The windows, each with a context of its own from its making to its end. */
export function createWindowSet({ application, contexts, devTools, state, log }: WindowSetParts): WindowSet {
  const { settings } = application.shared;
  let opened = 0;

  const focus = (window: BrowserWindow) => {
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  const front = () => BrowserWindow.getFocusedWindow() ?? [...windows()].at(-1);
  const windows = () => BrowserWindow.getAllWindows().filter((window) => contexts.has(window.webContents));

  const open = async (projectFile: string | null) => {
    if (projectFile !== null && application.focusProject(projectFile)) return;
    const window = createMainWindow({
      devTools,
      storedPlace: state.place(),
      offsetPx: windows().length > 0 ? stepPx * ((opened % 8) + 1) : 0,
      onPlace: (place) => void state.keepPlace(place).catch((error) => log.error('Window place', error)),
    });
    opened++;
    const context = application.openWindowContext({
      dialogs: createDialogs(window),
      windows: set,
      focus: () => focus(window),
      push: (event, payload) => pushEvent(window, event, payload),
    });
    const { webContents } = window;
    contexts.set(webContents, context);
    const rescale = () => webContents.setZoomFactor(settings.get().scale);
    webContents.on('did-finish-load', rescale);
    const stopScaling = settings.subscribe(rescale);
    window.on('closed', () => {
      stopScaling();
      contexts.delete(webContents);
      application
        .closeWindowContext(context)
        .catch((error) => log.error('A window did not close in order', error));
    });
    if (projectFile !== null) await openIn(window, projectFile);
    await loadMainPage(window);
    // After the first picture, so that the window is there at once; what fails is shown in the status bar. A further
    // window's engine starts when it is needed.
    if (opened === 1) context.engine.start().catch((error) => log.error('The engine did not start', error));
  };

  const openIn = async (window: BrowserWindow, path: string) => {
    try {
      const project = await contexts.get(window.webContents)?.session.open(path, 'open');
      if (project) pushEvent(window, 'project:changed', project);
    } catch (error) {
      log.error(`Could not open ${path}`, error);
      const message = error instanceof Error ? error.message : String(error);
      void dialog.showMessageBox(window, { type: 'error', message });
    }
  };

  const set: WindowSet = {
    open,
    front,
    layout: () => state.layout(),
    keepLayout: (layout) => state.keepLayout(layout),
    async show(path) {
      const window = front();
      if (!window) return open(path);
      if (path === null) return focus(window);
      if (application.focusProject(path)) return;
      focus(window);
      await openIn(window, path);
    },
  };
  app.on('activate', () => {
    if (windows().length === 0) void open(null);
  });
  return set;
}
