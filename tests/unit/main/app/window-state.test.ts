import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWindowState } from '#main/app/window-state.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const place = { x: 10, y: 20, width: 1300, height: 820, maximized: true };

it('keeps place and layout in one file, from one start to the next', async () => {
  const path = join(temporaryFolder(), 'window.json');
  const state = await openWindowState(path);
  expect(state.place()).toBeNull();
  expect(state.layout()).toEqual({ inspectorPercent: null });
  await state.keepPlace(place);
  await state.keepLayout({ inspectorPercent: 31 });
  const again = await openWindowState(path);
  expect(again.place()).toEqual(place);
  expect(again.layout()).toEqual({ inspectorPercent: 31 });
});

it('takes the file of a version that kept the place alone, and a damaged layout', async () => {
  const path = join(temporaryFolder(), 'window.json');
  writeFileSync(path, JSON.stringify({ ...place, layout: { inspectorPercent: 400 } }));
  const state = await openWindowState(path);
  expect(state.place()).toEqual(place);
  expect(state.layout()).toEqual({ inspectorPercent: null });
  await state.keepLayout({ inspectorPercent: 30 });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ ...place, layout: { inspectorPercent: 30 } });
});
