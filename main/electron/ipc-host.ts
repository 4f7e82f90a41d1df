import { ipcMain, type BrowserWindow, type WebContents } from 'electron';
import type { DroppedFiles } from '#core/ipc/areas/window.ts';
import { dropChannel, eventChannel, invokeChannel } from '#core/ipc/channels.ts';
import type { EventName, Events } from '#core/ipc/contract.ts';
import { toPlainError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { droppedFiles } from '../app/dropped-files.ts';
import type { Log } from '../app/log.ts';
import type { HandlerContext } from '../ipc/context.ts';
import type { Dispatch } from '../ipc/dispatcher.ts';
import { isTrustedSender } from '../security/ipc-sender.ts';

/** The one channel of the contract. `contextOf` gives the context of the window that asks. */
export function hostContract(
  dispatch: Dispatch<HandlerContext>,
  contextOf: (contents: WebContents) => HandlerContext | undefined,
  log: Log,
): void {
  ipcMain.handle(invokeChannel, (event, area: unknown, method: unknown, input: unknown) => {
    const context = contextOf(event.sender);
    if (!context || !isTrustedSender(event)) {
      log.error(`Refused a call from ${event.senderFrame?.url ?? 'a frame that is gone'}`);
      return refusal;
    }
    return dispatch(area, method, input, context);
  });
}

/** Paths of dropped files come by a channel of their own, which the page cannot call: the preload script reads them. */
export function hostDrops(contextOf: (contents: WebContents) => HandlerContext | undefined, log: Log): void {
  ipcMain.handle(dropChannel, async (event, paths: unknown): Promise<Result<DroppedFiles>> => {
    const context = contextOf(event.sender);
    if (!context || !isTrustedSender(event)) return refusal;
    try {
      return { ok: true, value: await droppedFiles(paths, context.tokens) };
    } catch (error) {
      log.error('Dropped files were refused', error);
      return { ok: false, error: toPlainError(error) };
    }
  });
}

const refusal: Result<never> = {
  ok: false,
  error: { code: 'bad-request', message: 'Only the window of Consilience may ask this.', details: {} },
};

export function pushEvent<E extends EventName>(window: BrowserWindow, event: E, payload: Events[E]): void {
  if (!window.isDestroyed() && !window.webContents.isDestroyed()) {
    window.webContents.send(eventChannel, event, payload);
  }
}
