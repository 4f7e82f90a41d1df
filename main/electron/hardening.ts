import { app } from 'electron';
import { applyOfflineSwitches } from '../security/command-line.ts';
import { denyDownloads } from '../security/downloads.ts';
import { denyNavigation } from '../security/navigation.ts';
import { blockNetwork } from '../security/network.ts';
import { denyNewWindows } from '../security/new-windows.ts';
import { denyPermissions } from '../security/permissions.ts';
import { disableSpellChecking } from '../security/spell-checking.ts';
import { denyWebviews } from '../security/webviews.ts';

/**
 * Applies every rule of `main/security` to the whole process: to each session and each page that is ever made, not
 * only to those we know of. Must run before `ready`.
 */
export function hardenProcess(options: { devTools: boolean }): void {
  applyOfflineSwitches(app.commandLine);
  // Item 4: without it a window made without `sandbox: true` would run unsandboxed.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('session-created', (session) => {
    blockNetwork(session, options);
    denyPermissions(session);
    denyDownloads(session);
    disableSpellChecking(session);
  });
  app.on('web-contents-created', (_event, contents) => {
    denyNavigation(contents);
    denyNewWindows(contents);
    denyWebviews(contents);
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  });
}
