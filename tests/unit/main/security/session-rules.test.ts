import { describe, expect, it } from 'vitest';
import { applyOfflineSwitches } from '#main/security/command-line.ts';
import { blockNetwork } from '#main/security/network.ts';
import { denyPermissions } from '#main/security/permissions.ts';
import { disableSpellChecking } from '#main/security/spell-checking.ts';

type Listener = Parameters<Parameters<typeof blockNetwork>[0]['webRequest']['onBeforeRequest']>[0];

function isCancelled(url: string, devTools = false): boolean {
  let listener: Listener | undefined;
  blockNetwork({ webRequest: { onBeforeRequest: (given) => (listener = given) } }, { devTools });
  let answer: boolean | undefined;
  listener?.({ url }, ({ cancel }) => (answer = cancel));
  if (answer === undefined) throw new Error('The request was left without an answer.');
  return answer;
}

describe('network (checklist 1)', () => {
  it.each([
    'https://example.com/x',
    'http://127.0.0.1:8080/',
    'ws://example.com/',
    'wss://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'chrome-extension://abc/x.js',
    'devtools://devtools/bundled/inspector.html',
    'application://consilience/',
    'not a url',
  ])('cancels %s', (url) => expect(isCancelled(url)).toBe(true));

  it.each(['app://consilience/index.html', 'data:image/png;base64,AA==', 'blob:app://consilience/1234'])(
    'lets %s pass',
    (url) => expect(isCancelled(url)).toBe(false),
  );

  it('lets the developer tools load themselves only where they are allowed', () => {
    expect(isCancelled('devtools://devtools/bundled/inspector.html', true)).toBe(false);
    expect(isCancelled('https://example.com/', true)).toBe(true);
  });

  it('switches off what Chromium requests on its own', () => {
    const switches = new Map<string, string | undefined>();
    applyOfflineSwitches({ appendSwitch: (name, value) => void switches.set(name, value) });
    expect([...switches.keys()]).toEqual(
      expect.arrayContaining(['disable-background-networking', 'disable-component-update', 'no-pings']),
    );
    expect(switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
    expect(switches.get('force-webrtc-ip-handling-policy')).toBe('disable_non_proxied_udp');
  });
});

it('permissions are denied, asked for or checked (checklist 5)', () => {
  const answers: Record<string, unknown> = {};
  denyPermissions({
    setPermissionRequestHandler: (handler) =>
      handler(null, 'media', (granted) => (answers.request = granted)),
    setPermissionCheckHandler: (handler) => (answers.check = handler()),
    setDevicePermissionHandler: (handler) => (answers.device = handler()),
  });
  expect(answers).toEqual({ request: false, check: false, device: false });
});

it('no spelling dictionary is ever downloaded (checklist 1)', () => {
  const state: Record<string, unknown> = {};
  disableSpellChecking({
    setSpellCheckerLanguages: (languages) => (state.languages = languages),
    setSpellCheckerEnabled: (enabled) => (state.enabled = enabled),
  });
  expect(state).toEqual({ languages: [], enabled: false });
});
