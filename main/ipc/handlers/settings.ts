import type { Handlers } from '#core/ipc/contract.ts';
import type { HandlerContext } from '../context.ts';

export const settingsHandlers: Handlers<HandlerContext>['settings'] = {
  get: (_input, { settings }) => settings.get(),
  set: (wanted, { settings }) => settings.set(wanted),
  engine: (_input, { engine }) => engine.status(),
  restartEngine: (_input, { engine }) => engine.restart(),
};
