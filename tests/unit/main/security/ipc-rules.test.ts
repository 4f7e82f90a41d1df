import { describe, expect, it } from 'vitest';
import { isAppUrl } from '#main/security/app-origin.ts';
import { inputObjection } from '#main/security/ipc-input.ts';
import { isTrustedSender } from '#main/security/ipc-sender.ts';

describe('sender of a message (checklist 17)', () => {
  const page = { url: 'app://consilience/index.html' };

  it('is trusted as the main frame of our page', () => {
    expect(isTrustedSender({ senderFrame: page, sender: { mainFrame: page } })).toBe(true);
  });

  it('is not trusted from a frame inside the page, from elsewhere or from a frame that is gone', () => {
    expect(isTrustedSender({ senderFrame: { ...page }, sender: { mainFrame: page } })).toBe(false);
    expect(isTrustedSender({ senderFrame: null, sender: { mainFrame: page } })).toBe(false);
    const foreign = { url: 'https://example.com/index.html' };
    expect(isTrustedSender({ senderFrame: foreign, sender: { mainFrame: foreign } })).toBe(false);
  });

  it.each([
    'https://consilience/',
    'app://consilience.example.com/',
    'app://user@consilience/',
    'app:consilience',
    'file:///consilience',
    '',
  ])('%s is not our origin', (url) => expect(isAppUrl(url)).toBe(false));
});

describe('input of a message (checklist 17)', () => {
  it('may be plain data', () => {
    expect(inputObjection({ a: [1, 'two', null, true, undefined], b: { c: {} } })).toBeNull();
    expect(inputObjection(Object.create(null))).toBeNull();
  });

  it('may not be larger than the limit, in strings, keys or numbers of values', () => {
    expect(inputObjection({ text: 'x'.repeat(200) }, 100)).toMatch(/larger than 100 bytes/);
    expect(inputObjection({ ['k'.repeat(200)]: 1 }, 100)).toMatch(/larger/);
    expect(inputObjection(new Array(50).fill(0), 100)).toMatch(/larger/);
    expect(inputObjection('x'.repeat(1024 * 1024))).toMatch(/larger than 1048576 bytes/);
  });

  it('may not be deep or endless', () => {
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    expect(inputObjection(endless)).toMatch(/nested deeper/);
  });

  it.each([
    ['a buffer', new Uint8Array(4)],
    ['a map', new Map()],
    ['a date', new Date(0)],
    ['a bigint', 1n],
  ])('may not hold %s', (_name, value) => expect(inputObjection({ value })).toMatch(/other than plain data/));
});
