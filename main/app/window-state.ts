import { defaultLayout, windowLayout, type WindowLayout } from '#core/ipc/areas/window.ts';
import { readJson, writeJson } from './json-file.ts';
import { createSerialQueue } from './serial-queue.ts';
import type { WindowPlace } from './window-place.ts';

/** Where the last window was, and how its panes were laid out; both as stored, so unchecked and null at first. */
export interface WindowState {
  place(): unknown;
  keepPlace(place: WindowPlace): Promise<void>;
  layout(): WindowLayout;
  keepLayout(layout: WindowLayout): Promise<WindowLayout>;
}

/** In one JSON file; a field that is missing or damaged falls back to its default. */
export async function openWindowState(path: string): Promise<WindowState> {
  const stored = await readJson(path);
  const fields = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  const { layout: storedLayout, ...storedPlace } = fields;
  let place: unknown = Object.keys(storedPlace).length > 0 ? storedPlace : null;
  let layout = windowLayout.safeParse(storedLayout).data ?? defaultLayout;
  const queue = createSerialQueue();
  const keep = () => queue(() => writeJson(path, { ...(place ?? {}), layout }));
  return {
    place: () => place,
    async keepPlace(changed) {
      place = changed;
      await keep();
    },
    layout: () => layout,
    async keepLayout(changed) {
      layout = changed;
      await keep();
      return layout;
    },
  };
}
