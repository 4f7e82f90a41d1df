import type { Handlers } from '#core/ipc/contract.ts';
import type { HandlerContext } from '../context.ts';
import { projectFiles } from './project.ts';

export const windowHandlers: Handlers<HandlerContext>['window'] = {
  async open({ project }, { windows, recents, dialogs }) {
    if (project === 'none') await windows.open(null);
    else if (project === 'ask') {
      const [path] = await dialogs.openFiles({
        title: 'Open a project in a new window',
        filters: projectFiles,
        many: false,
      });
      if (path === undefined) return { opened: false };
      await windows.open(path);
    } else await windows.open(recents.pathOf(project.token));
    return { opened: true };
  },

  layout: (_input, { windows }) => windows.layout(),
  keepLayout: (layout, { windows }) => windows.keepLayout(layout),
};
