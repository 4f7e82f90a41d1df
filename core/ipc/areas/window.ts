import { z } from 'zod';
import { method } from '../define.ts';
import { token } from './project.ts';
import type { PickedFile } from './network.ts';

/** How the panes of a window are laid out. */
export const windowLayout = z.strictObject({
  /** Share of the width that the inspector takes, per cent; null: as wide as it was designed. */
  inspectorPercent: z.number().min(5).max(60).nullable(),
});
export type WindowLayout = z.infer<typeof windowLayout>;

export const defaultLayout: WindowLayout = { inspectorPercent: null };

/** Files dropped on the window, by what they are; the window knows them by token. */
export interface DroppedFiles {
  models: PickedFile[];
  data: PickedFile[];
  projects: PickedFile[];
  recipes: PickedFile[];
  /** Why the others were not taken, a sentence each. */
  refused: string[];
}

/** What the menu asks the window in front to do. */
export const menuCommands = [
  'new-analysis',
  'open-project',
  'open-in-new-window',
  'close-project',
  'settings',
  'jobs',
  'export',
] as const;
export type MenuCommand = (typeof menuCommands)[number];

export const windowArea = {
  /** Opens one more window: empty, on a recent project, or on one that a dialog asks for. */
  open: method<{ opened: boolean }>()(
    z.strictObject({ project: z.union([z.literal('none'), z.literal('ask'), z.strictObject({ token })]) }),
  ),
  layout: method<WindowLayout>()(z.strictObject({})),
  keepLayout: method<WindowLayout>()(windowLayout),
};
