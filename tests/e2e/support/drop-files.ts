import type { LaunchedApp } from '../launch.ts';

/** Files of the disk over the middle of the window, by Chromium's own drag events: real paths, as from a desktop. */
async function drag(app: LaunchedApp, files: string[], types: ('dragEnter' | 'dragOver' | 'drop')[]) {
  const session = await app.page.context().newCDPSession(app.page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of types) await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await session.detach();
}

export function enterFiles(app: LaunchedApp, files: string[]): Promise<void> {
  return drag(app, files, ['dragEnter', 'dragOver']);
}

export function dropFiles(app: LaunchedApp, files: string[]): Promise<void> {
  return drag(app, files, ['dragEnter', 'dragOver', 'drop']);
}
