import { BrowserWindow, nativeTheme, screen } from 'electron';
import { join } from 'node:path';
import { appRoot } from '../app/resources.ts';
import { minimumSize, windowPlace, type WindowPlace } from '../app/window-place.ts';
import { appPage } from '../security/app-origin.ts';
import { secureWebPreferences } from '../security/web-preferences.ts';

/** The window's ground before the page is drawn: the same colours as the page's, or it would flash. */
const ground = { light: '#FFFFFF', dark: '#0F1216' };

export interface MainWindowOptions {
  devTools: boolean;
  storedPlace: unknown;
  /** Away from the stored place, so that it does not cover a window that is there. */
  offsetPx: number;
  /** Called with the place when the window closes. */
  onPlace(place: WindowPlace): void;
}

/** Makes the window; the caller loads the page once it is ready to answer it. */
export function createMainWindow({
  devTools,
  storedPlace,
  offsetPx,
  onPlace,
}: MainWindowOptions): BrowserWindow {
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const { maximized, ...place } = besides(windowPlace(storedPlace, screens), offsetPx);
  const window = new BrowserWindow({
    ...place,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    useContentSize: false,
    show: false,
    title: 'Consilience',
    autoHideMenuBar: true,
    backgroundColor: groundColour(),
    webPreferences: secureWebPreferences({
      preload: join(appRoot(), 'out', 'preload', 'index.cjs'),
      devTools,
    }),
  });
  const followTheme = () => window.setBackgroundColor(groundColour());
  nativeTheme.on('updated', followTheme);
  window.on('closed', () => nativeTheme.off('updated', followTheme));
  window.on('close', () => onPlace({ ...window.getNormalBounds(), maximized: window.isMaximized() }));
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  return window;
}

function besides(place: Partial<WindowPlace>, offsetPx: number): Partial<WindowPlace> {
  const { x, y } = place;
  if (offsetPx === 0 || x === undefined || y === undefined) return place;
  return { ...place, x: x + offsetPx, y: y + offsetPx, maximized: false };
}

export function loadMainPage(window: BrowserWindow): Promise<void> {
  return window.loadURL(appPage);
}

function groundColour(): string {
  return nativeTheme.shouldUseDarkColors ? ground.dark : ground.light;
}
