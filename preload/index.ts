import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { dropChannel, eventChannel, eventNames, invokeChannel } from '#core/ipc/channels.ts';
import type { Bridge } from '#core/ipc/contract.ts';

/** The window's only way out: calls that main validates, and the events that are named in the contract. */
const bridge: Bridge = {
  invoke: (area, method, input) => ipcRenderer.invoke(invokeChannel, String(area), String(method), input),

  // A File that no person dropped has no path; main refuses it.
  drop: (files) =>
    ipcRenderer.invoke(
      dropChannel,
      files.map((file) => webUtils.getPathForFile(file as File)),
    ),

  subscribe(event, listener) {
    if (!eventNames.includes(event)) throw new Error(`There is no event "${String(event)}".`);
    const forward = (_event: unknown, name: unknown, payload: unknown) => {
      if (name === event) listener(payload as Parameters<typeof listener>[0]);
    };
    ipcRenderer.on(eventChannel, forward);
    return () => void ipcRenderer.off(eventChannel, forward);
  },
};

contextBridge.exposeInMainWorld('consilience', bridge);
