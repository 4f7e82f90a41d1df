import { Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * macOS needs a menu for its editing and window shortcuts; elsewhere the window has all actions itself and there
 * is none. Reload and developer items are there only with developer tools.
 */
export function setMenu({ devTools }: { devTools: boolean }): void {
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [{ role: 'reload' }, { role: 'toggleDevTools' }, { role: 'togglefullscreen' }],
  };
  const template: MenuItemConstructorOptions[] = [
    { role: 'appMenu' },
    { role: 'editMenu' },
    ...(devTools ? [view] : []),
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate(template) : null);
}
