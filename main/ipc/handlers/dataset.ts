import type { Handlers } from '#core/ipc/contract.ts';
import type { HandlerContext } from '../context.ts';
import { pickedFile } from './picked-file.ts';

const dataFiles = [{ name: 'NumPy arrays', extensions: ['npz', 'npy'] }];

export const datasetHandlers: Handlers<HandlerContext>['dataset'] = {
  async pick(_input, { dialogs, tokens }) {
    const [path] = await dialogs.openFiles({ title: 'Choose inputs', filters: dataFiles, many: false });
    return { file: path === undefined ? null : await pickedFile(path, tokens) };
  },

  inspect: ({ token }, { engine, tokens }) => engine.methods.inspectData(tokens.resolve(token)),

  preview({ data: { token, ...reading }, count }, { engine, tokens }) {
    return engine.methods.previewData(
      { path: tokens.resolve(token), ...reading, scale: reading.scale ?? 1 },
      count,
    );
  },
};
