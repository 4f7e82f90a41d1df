import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '#core/ipc/areas/settings.ts';
import type { ProjectSummary } from '#core/domain/project.ts';
import { readJson, writeJson } from '#main/app/json-file.ts';
import { openRecentProjects } from '#main/app/recent-projects.ts';
import { openSettings } from '#main/app/settings-store.ts';
import { createTokenStore } from '#main/app/token-store.ts';
import { windowPlace } from '#main/app/window-place.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consilience-stores-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const summary = (title: string, runs: unknown[] = []) =>
  ({ title, fileName: 'x', schemaVersion: 10, runs }) as unknown as ProjectSummary;

describe('JSON files', () => {
  it('are replaced whole and leave nothing behind', async () => {
    const path = join(folder, 'deep', 'a.json');
    await writeJson(path, { n: 1 });
    await writeJson(path, { n: 2 });
    expect(await readJson(path)).toEqual({ n: 2 });
    expect(await readdir(join(folder, 'deep'))).toEqual(['a.json']);
  });

  it('count as absent when damaged', async () => {
    await writeFile(join(folder, 'a.json'), '{"n":');
    expect(await readJson(join(folder, 'a.json'))).toBeNull();
  });
});

describe('settings', () => {
  it('survive a restart and reach their listeners', async () => {
    const path = join(folder, 'settings.json');
    const settings = await openSettings(path);
    const heard: string[] = [];
    const unsubscribe = settings.subscribe(({ theme }) => heard.push(theme));
    await settings.set({ ...defaultSettings, theme: 'dark', provider: 'cpu', threads: 2 });
    unsubscribe();
    await settings.set({ ...defaultSettings, theme: 'light', provider: 'cpu', threads: 2 });
    expect(heard).toEqual(['dark']);
    expect((await openSettings(path)).get()).toEqual({
      ...defaultSettings,
      theme: 'light',
      provider: 'cpu',
      threads: 2,
    });
  });

  it('keep what is valid of a file and default the rest', async () => {
    const path = join(folder, 'settings.json');
    await writeFile(path, JSON.stringify({ theme: 'dark', provider: 'abacus', threads: -1, extra: true }));
    expect((await openSettings(path)).get()).toEqual({ ...defaultSettings, theme: 'dark' });
  });
});

describe('file tokens', () => {
  it('stand for a path that only main knows', () => {
    const tokens = createTokenStore();
    const token = tokens.issue('/data/net1.onnx');
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(tokens.resolve(token)).toBe('/data/net1.onnx');
    expect(tokens.issue('/data/net1.onnx')).toBe(token);
    expect(tokens.issue('/data/net2.onnx')).not.toBe(token);
  });

  it('cannot be made up', () => {
    expect(() => createTokenStore().resolve('/etc/passwd')).toThrow(/Choose the file again/);
  });
});

describe('recent projects', () => {
  it('are kept newest first, once each, with a thumbnail, across restarts', async () => {
    const path = join(folder, 'recent.json');
    const recents = await openRecentProjects(path);
    const matching = (a: string, b: string, semiMean: number, matchMean: number) => ({
      analysis: 'matching',
      a: { network: a, layer: 'conv1' },
      b: { network: b, layer: 'conv1' },
      headline: { semiMean, matchMean },
    });
    const run = {
      layers: [{ name: 'conv1' }],
      results: [matching('1', '2', 0.6, 0.4), matching('1', '3', 0.8, 0.6)],
    };
    await recents.remember(join(folder, 'one.consilience'), summary('One'));
    await recents.remember(join(folder, 'two.consilience'), summary('Two', [run]));
    await recents.remember(join(folder, 'one.consilience'), summary('One again'));
    const again = (await openRecentProjects(path)).list();
    expect(again.map((project) => project.title)).toEqual(['One again', 'Two']);
    expect(again[0].missing).toBe(true);
    expect(again[1].thumbnail[0].semiMean).toBeCloseTo(0.7, 12);
    expect(again[1].thumbnail[0].matchMean).toBeCloseTo(0.5, 12);
    expect(await readFile(path, 'utf8')).toContain('two.consilience');
  });

  it('are opened and forgotten by token', async () => {
    const recents = await openRecentProjects(join(folder, 'recent.json'));
    await recents.remember('/data/a.consilience', summary('A'));
    const [{ token }] = recents.list();
    expect(recents.pathOf(token)).toBe('/data/a.consilience');
    expect(await recents.forget(token)).toBe(true);
    expect(await recents.forget(token)).toBe(false);
    expect(() => recents.pathOf(token)).toThrow(/no longer in the list/);
  });
});

describe('place of the window', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  const place = { x: 100, y: 50, width: 1300, height: 900, maximized: false };

  it('is where it was', () => expect(windowPlace(place, screens)).toEqual(place));
  it('is the default when nothing or nonsense is stored', () => {
    expect(windowPlace(null, screens)).toEqual({ width: 1280, height: 800 });
    expect(windowPlace({ ...place, width: -4 }, screens)).toEqual({ width: 1280, height: 800 });
  });
  it('is never smaller than the smallest window', () => {
    expect(windowPlace({ ...place, width: 300, height: 200 }, screens)).toMatchObject({
      width: 1100,
      height: 700,
    });
  });
  it('leaves a screen that is gone', () => {
    expect(windowPlace({ ...place, x: 4000 }, screens)).toEqual({
      width: 1300,
      height: 900,
      maximized: false,
    });
    expect(windowPlace({ ...place, y: -500 }, screens)).not.toHaveProperty('y');
  });
});
