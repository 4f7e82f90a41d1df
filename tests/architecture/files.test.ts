import { describe, expect, it } from 'vitest';
import { isText, repositoryFiles, textOf } from './repository-files.ts';

const files = repositoryFiles();
const texts = files.filter(isText);

/** Files that hold one thing only because nothing else may gather there. */
const longest: Record<string, number> = { 'preload/index.ts': 40, 'main/index.ts': 60 };

describe('the entries of the window', () => {
  it.each(Object.entries(longest))('%s has at most %i lines', (file, most) => {
    expect(textOf(file).trimEnd().split('\n').length).toBeLessThanOrEqual(most);
  });
});

/** Where somebody's own folders or package sources would show; the pieces keep this file from naming them itself. */
const privatePlaces = [
  {
    what: 'a home folder',
    pattern: new RegExp(`(?<![\\w.])/(?:${['home', 'Users'].join('|')})/[a-z][\\w-]*/`),
  },
  { what: 'a folder of root', pattern: new RegExp(`(?<![\\w.])/${'root'}/[\\w.-]`) },
  { what: 'a Windows home folder', pattern: new RegExp(`[A-Z]:\\\\{1,2}${'Users'}\\\\`) },
  { what: 'a work folder', pattern: new RegExp(`(?<![\\w.])/${'work'}(?:space)?/[a-z]`) },
  {
    what: 'a package registry',
    pattern: new RegExp(`https?://(?:registry\\.|[\\w.-]*\\b${'npmjs'}\\.org|[\\w.-]+/(?:npm|pypi)/)`),
  },
  {
    what: 'a registry address',
    pattern: new RegExp(`^(?:\\s*registry\\s*=|//[\\w.-]+(?::\\d+)?/.*_auth)`, 'm'),
  },
];

function privatePlacesIn(text: string): string[] {
  return privatePlaces.filter(({ pattern }) => pattern.test(text)).map(({ what }) => what);
}

describe('tracked text', () => {
  it('names no folder of a machine and no package registry', () => {
    expect(texts.length).toBeGreaterThan(200);
    const found = texts.flatMap((file) => privatePlacesIn(textOf(file)).map((what) => `${file}: ${what}`));
    expect(found).toEqual([]);
  });

  it.each([
    ['/ho' + 'me/someone/data.npz', 'a home folder'],
    ['/Us' + 'ers/someone/data.npz', 'a home folder'],
    ['C:\\Us' + 'ers\\someone', 'a Windows home folder'],
    ['cd /wo' + 'rk/project', 'a work folder'],
    ['/ro' + 'ot/.cache', 'a folder of root'],
    ['"https://regis' + 'try.example.org/a"', 'a package registry'],
    ['regis' + 'try=https://example.org', 'a registry address'],
  ])('would refuse %s', (text, what) => {
    expect(privatePlacesIn(text)).toContain(what);
  });

  it('ends its lines as every system expects in git', () => {
    expect(texts.filter((file) => textOf(file).includes('\r\n'))).toEqual([]);
  });
});
