import type { Handlers } from '#core/ipc/contract.ts';
import type { HandlerContext } from '../context.ts';
import { pickedFile } from './picked-file.ts';

const modelFiles = [{ name: 'ONNX model', extensions: ['onnx'] }];

export const networkHandlers: Handlers<HandlerContext>['network'] = {
  async pick(_input, { dialogs, tokens }) {
    const paths = await dialogs.openFiles({ title: 'Choose networks', filters: modelFiles, many: true });
    return { files: await Promise.all(paths.map((path) => pickedFile(path, tokens))) };
  },

  inspect: ({ token }, { engine, tokens }) => engine.methods.inspectModel(tokens.resolve(token)),
};
