import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '#core/ipc/areas/window.ts';
import { pushEvent } from './ipc-host.ts';
import type { WindowSet } from './window-set.ts';

/**
 * The menu, with the usual shortcuts. It hides until Alt is pressed outside macOS, where the window has every action
 * itself; its shortcuts work all the same. Undo and redo are the page's own there: an Edit menu would take them away.
 * Reload and developer items are there only with developer tools.
 */
export function setMenu({ devTools, windows }: { devTools: boolean; windows: WindowSet }): void {
  const isMac = process.platform === 'darwin';
  const tell = (command: MenuCommand) => () => {
    const window = windows.front();
    if (window) pushEvent(window, 'menu:command', command);
    else void windows.open(null);
  };
  const item = (label: string, accelerator: string, click: () => void): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click,
  });
  const settings = item('Settings…', 'CmdOrCtrl+,', tell('settings'));
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      item('New Window', 'CmdOrCtrl+Shift+N', () => void windows.open(null)),
      item('New Analysis', 'CmdOrCtrl+N', tell('new-analysis')),
      { type: 'separator' },
      item('Open Project…', 'CmdOrCtrl+O', tell('open-project')),
      item('Open Project in New Window…', 'CmdOrCtrl+Shift+O', tell('open-in-new-window')),
      item('Close Project', 'CmdOrCtrl+Shift+W', tell('close-project')),
      { type: 'separator' },
      item('Export the Figure…', 'CmdOrCtrl+E', tell('export')),
      ...(isMac ? [] : [{ type: 'separator' } as const, settings]),
      { type: 'separator' },
      { role: 'close' },
      ...(isMac ? [] : [{ role: 'quit' } as const]),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      item('Jobs', 'CmdOrCtrl+J', tell('jobs')),
      { type: 'separator' },
      ...(devTools ? [{ role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
      { role: 'togglefullscreen' },
    ],
  };
  const appMenu: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [appMenu] : []),
    file,
    ...(isMac ? [{ role: 'editMenu' } as const] : []),
    view,
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
