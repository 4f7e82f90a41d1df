import { describe, expect, it } from 'vitest';
import { staticFileFor } from '#main/app/static-files.ts';

const folder = '/srv/renderer';
const pathOf = (url: string) => staticFileFor(url, folder)?.path ?? null;

describe('files of our scheme', () => {
  it('are served with their type', () => {
    expect(staticFileFor('app://consilience/', folder)).toEqual({
      path: '/srv/renderer/index.html',
      mimeType: 'text/html; charset=utf-8',
    });
    expect(pathOf('app://consilience/assets/a%20b.js?v=1#x')).toBe('/srv/renderer/assets/a b.js');
    expect(staticFileFor('app://consilience/x.woff2', folder)?.mimeType).toBe('font/woff2');
  });

  it.each([
    'app://consilience/%2e%2e%2fsecret.js',
    'app://consilience/assets/..%2f..%2f..%2fetc/x.js',
    'app://consilience/..%5c..%5csecret.js',
    'app://consilience/a%00.js',
    'app://consilience/%E0%A4%A.js',
    'app://consilience/.env.js',
    'app://consilience/.git/x.js',
    'app://other/index.html',
    'file:///srv/renderer/index.html',
    'app://consilience/project.consilience',
    'app://consilience/no-extension',
  ])('%s is refused', (url) => expect(pathOf(url)).toBeNull());

  it('never leave the folder, whatever the path', () => {
    for (const up of ['..', '../..', '....//', './..', '%2e%2e', '..;', '~']) {
      const path = pathOf(`app://consilience/${up}/x.js`);
      expect(path === null || path.startsWith('/srv/renderer/'), up).toBe(true);
    }
  });
});
