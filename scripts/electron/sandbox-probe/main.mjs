// Opens one hidden sandboxed window and reports whether Chromium's sandbox really holds its renderer: on Linux by
// the kernel's own word (Seccomp 2 = filter active), elsewhere by the renderer having started at all.
import { app, BrowserWindow } from 'electron';
import { readFileSync } from 'node:fs';

// Asked for together with --no-sandbox it would end every renderer.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
  await window.loadURL('data:text/html,<title>probe</title>');
  console.log(`sandbox ${isConfined(window.webContents.getOSProcessId()) ? 'on' : 'off'}`);
  app.exit(0);
});

function isConfined(rendererPid) {
  if (process.platform !== 'linux') return true;
  return /^Seccomp:\s*2$/m.test(readFileSync(`/proc/${rendererPid}/status`, 'utf8'));
}
