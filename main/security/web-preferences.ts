/**
 * Electron security checklist, items 2 (no Node integration), 3 (context isolation), 4 (process sandbox),
 * 6 (web security stays on), 8 (no insecure content), 9 and 10 (no experimental or named Blink features),
 * 11 (no webview tag). Spelling dictionaries are downloaded by Chromium, so the spell checker is off.
 */
export function secureWebPreferences(options: { preload?: string; devTools: boolean; partition?: string }) {
  return {
    ...options,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    spellcheck: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
  } as const;
}
