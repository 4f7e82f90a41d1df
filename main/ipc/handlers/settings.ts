import type { Handlers } from '#core/ipc/contract.ts';
import { resourcePath } from '../../app/resources.ts';
import type { HandlerContext } from '../context.ts';

export const settingsHandlers: Handlers<HandlerContext>['settings'] = {
  get: (_input, { settings }) => settings.get(),
  set: (wanted, { settings }) => settings.set(wanted),
  engine: (_input, { engine }) => engine.status(),
  validate: (_input, { engine }) => engine.methods.validate(resourcePath('samples/oracles')),
  restartEngine: (_input, { engine }) => engine.restart(),
};
