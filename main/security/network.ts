import { parseUrl } from './app-origin.ts';

interface RequestSession {
  webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, answer: (response: { cancel: boolean }) => void) => void,
    ): void;
  };
}

const localSchemes = new Set(['app:', 'data:', 'blob:']);

/**
 * Electron security checklist, item 1 taken to its end: nothing is loaded from any network, secure or not. The
 * product promises that models never leave the machine, so every request but our own scheme's is cancelled.
 */
export function blockNetwork(session: RequestSession, options: { devTools: boolean }): void {
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isLocal(details.url, options) }));
}

function isLocal(url: string, { devTools }: { devTools: boolean }): boolean {
  const scheme = parseUrl(url)?.protocol;
  return scheme !== undefined && (localSchemes.has(scheme) || (devTools && scheme === 'devtools:'));
}
