import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { denyNavigation } from '#main/security/navigation.ts';
import { denyNewWindows } from '#main/security/new-windows.ts';
import { denyWebviews } from '#main/security/webviews.ts';
import { denyDownloads } from '#main/security/downloads.ts';

/** Emits an event that can be prevented, and says whether it was. */
function isPrevented(emitter: EventEmitter, name: string, url = ''): boolean {
  let prevented = false;
  emitter.emit(name, { url, preventDefault: () => (prevented = true) });
  return prevented;
}

describe('navigation (checklist 13)', () => {
  const contents = new EventEmitter();
  denyNavigation(contents);

  it.each([
    'https://example.com/',
    'http://localhost:5173/',
    'file:///etc/passwd',
    'app://other/index.html',
    'app://consilience/other.html',
    'app://consilience/index.html.evil',
    'data:text/html,hello',
    'about:blank',
  ])('is denied to %s', (url) => {
    expect(isPrevented(contents, 'will-frame-navigate', url)).toBe(true);
    expect(isPrevented(contents, 'will-redirect', url)).toBe(true);
  });

  it('lets the one page be loaded again', () => {
    expect(isPrevented(contents, 'will-frame-navigate', 'app://consilience/index.html')).toBe(false);
    expect(isPrevented(contents, 'will-frame-navigate', 'app://consilience/index.html?x=1#y')).toBe(false);
  });
});

it('new windows are denied (checklist 14)', () => {
  let handler: (() => { action: string }) | undefined;
  denyNewWindows({ setWindowOpenHandler: (given) => (handler = given) });
  expect(handler?.()).toEqual({ action: 'deny' });
});

it('webviews are never attached (checklist 11, 12)', () => {
  const contents = new EventEmitter();
  denyWebviews(contents);
  expect(isPrevented(contents, 'will-attach-webview')).toBe(true);
});

it('pages download nothing', () => {
  const session = new EventEmitter();
  denyDownloads(session);
  expect(isPrevented(session, 'will-download')).toBe(true);
});
