import { FuseV1Options } from '@electron/fuses';
import { describe, expect, it } from 'vitest';
import {
  contentSecurityPolicy,
  reportContentSecurityPolicy,
  securityHeaders,
} from '#main/security/content-security-policy.ts';
import { devToolsAllowed } from '#main/security/dev-tools.ts';
import { fuses } from '#main/security/fuses.ts';
import { secureWebPreferences } from '#main/security/web-preferences.ts';
import { appSchemePrivileges } from '#main/security/app-origin.ts';

it('pages are sandboxed and isolated, without Node (checklist 2, 3, 4, 6, 8, 9, 11)', () => {
  expect(secureWebPreferences({ preload: '/p.cjs', devTools: false })).toMatchObject({
    preload: '/p.cjs',
    devTools: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    spellcheck: false,
  });
});

describe('content security policy (checklist 7)', () => {
  const directives = (policy: string) =>
    new Map(policy.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1)] as const));

  it('starts from nothing and names its exceptions', () => {
    const policy = directives(contentSecurityPolicy);
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('connect-src')).toEqual(["'self'"]);
    for (const closed of ['base-uri', 'form-action', 'frame-ancestors']) {
      expect(policy.get(closed), closed).toEqual(["'none'"]);
    }
  });

  it('never names a network, eval or any host', () => {
    for (const policy of [contentSecurityPolicy, reportContentSecurityPolicy]) {
      expect(policy).not.toMatch(/https?:|wss?:|\*|unsafe-eval|file:/);
    }
  });

  it('runs no script in the page that is printed', () => {
    expect(directives(reportContentSecurityPolicy).has('script-src')).toBe(false);
    expect(directives(reportContentSecurityPolicy).get('default-src')).toEqual(["'none'"]);
  });

  it('travels with every answer', () => {
    const headers = securityHeaders(contentSecurityPolicy);
    expect(headers['Content-Security-Policy']).toBe(contentSecurityPolicy);
    expect(headers['X-Content-Type-Options']).toBe('nosniff');
  });
});

it('our scheme keeps its content policy and has no service workers (checklist 18)', () => {
  expect(appSchemePrivileges.privileges).toMatchObject({
    standard: true,
    secure: true,
    bypassCSP: false,
    allowServiceWorkers: false,
  });
});

it('developer tools are off in a packaged app unless asked for', () => {
  expect(devToolsAllowed(true, {})).toBe(false);
  expect(devToolsAllowed(true, { CONSILIENCE_DEVTOOLS: '1' })).toBe(true);
  expect(devToolsAllowed(false, {})).toBe(true);
});

it('every fuse there is, is set on purpose (checklist 19)', () => {
  const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
  expect(Object.keys(fuses).sort()).toEqual(known.sort());
  expect(fuses).toMatchObject({
    RunAsNode: false,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    GrantFileProtocolExtraPrivileges: false,
  });
});
