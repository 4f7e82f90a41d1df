/**
 * Electron security checklist, item 18: a scheme of our own in place of `file://`.
 * Everything the window shows comes from this one origin.
 */
export const appScheme = 'app';
const appHost = 'consilience';
const appOrigin = `${appScheme}://${appHost}`;
export const appPage = `${appOrigin}/index.html`;

/** What `protocol.registerSchemesAsPrivileged` is told: an ordinary secure origin, no service workers, CSP kept. */
export const appSchemePrivileges = {
  scheme: appScheme,
  privileges: {
    standard: true,
    secure: true,
    supportFetchAPI: true,
    codeCache: true,
    bypassCSP: false,
    allowServiceWorkers: false,
    corsEnabled: false,
    stream: false,
  },
} as const;

/** Whether a URL lies in our origin. Node's URL gives opaque origins to non-web schemes, hence the comparison by part. */
export function isAppUrl(url: string): boolean {
  const parsed = parseUrl(url);
  return (
    parsed !== null &&
    parsed.protocol === `${appScheme}:` &&
    parsed.host === appHost &&
    parsed.username === ''
  );
}

/** The URL, or null where it is none (`URL.parse` of newer runtimes). */
export function parseUrl(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
