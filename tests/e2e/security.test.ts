import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { WebPreferences } from 'electron';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appFolder, isSandboxed, launchApp, type LaunchedApp } from './launch.ts';

/** Electron has it, its types do not. */
interface WithPreferences {
  getLastWebPreferences(): WebPreferences | null;
}

/** The rules of `main/security` as a hostile page would meet them, in real Electron. */
let app: LaunchedApp;
let server: Server;
let reached = 0;
let serverUrl = '';

beforeAll(async () => {
  server = createServer((_request, response) => {
    reached++;
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  app = await launchApp();
});

afterAll(async () => {
  await app?.close();
  server?.close();
});

const inPage = <T, A>(run: (argument: A) => T | Promise<T>, argument: A) =>
  app.page.evaluate<T, A>(run as never, argument);

describe('the page', () => {
  it('comes from our own scheme, with the content policy on', async () => {
    expect(app.page.url()).toMatch(/^app:\/\/consilience\/index\.html/);
    const headers = await inPage(async () => {
      const response = await fetch('/index.html');
      return Object.fromEntries(response.headers.entries());
    }, null);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('has no Node and no Electron, only the three calls of the contract', async () => {
    const seen = await inPage(() => {
      const global = globalThis as unknown as Record<string, unknown>;
      return {
        present: ['process', 'require', 'module', 'Buffer', 'ipcRenderer', '__dirname'].filter(
          (name) => name in global,
        ),
        bridge: Object.keys(global.consilience as object).sort(),
      };
    }, null);
    expect(seen).toEqual({ present: [], bridge: ['drop', 'invoke', 'subscribe'] });
  });

  it('may not run text as code', async () => {
    // In a task of the page's own: what the debugger calls directly is exempt from the policy.
    const refused = await inPage(
      () =>
        new Promise((resolve) => {
          setTimeout(() => {
            try {
              // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what the policy must refuse
              resolve(new Function('return 1')());
            } catch (error) {
              resolve((error as Error).name);
            }
          });
        }),
      null,
    );
    expect(refused).toBe('EvalError');
    const ran = await inPage(() => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.body.append(script);
      script.remove();
      return 'inlineRan' in window;
    }, null);
    expect(ran).toBe(false);
  });

  it.skipIf(!isSandboxed)('runs in a sandboxed process', async () => {
    const sandboxed = await app.electron.evaluate(({ app: electronApp, webContents }) => {
      const [contents] = webContents.getAllWebContents();
      const metric = electronApp.getAppMetrics().find(({ pid }) => pid === contents.getOSProcessId());
      return { sandboxed: metric?.sandboxed };
    });
    // Linux does not report it in the metrics; seccomp's mode 2 in the process's own status does.
    const pid = await app.electron.evaluate(({ webContents }) =>
      webContents.getAllWebContents()[0].getOSProcessId(),
    );
    if (process.platform === 'linux') {
      const { readFile } = await import('node:fs/promises');
      expect(await readFile(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m);
    } else {
      expect(sandboxed.sandboxed).toBe(true);
    }
  });

  it('is isolated from its preload script', async () => {
    const preferences = await app.electron.evaluate(({ webContents }) => {
      const { contextIsolation, nodeIntegration, webviewTag, webSecurity } =
        (webContents.getAllWebContents()[0] as unknown as WithPreferences).getLastWebPreferences() ?? {};
      return { contextIsolation, nodeIntegration, webviewTag, webSecurity };
    });
    expect(preferences).toEqual({
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
    });
  });
});

describe('ways out', () => {
  it('opens no window', async () => {
    expect(await inPage((url) => window.open(url) === null, serverUrl)).toBe(true);
    expect(await inPage(() => window.open('about:blank') === null, null)).toBe(true);
    expect(app.electron.windows()).toHaveLength(1);
  });

  it('navigates nowhere', async () => {
    for (const url of [serverUrl, 'https://example.com/', 'file:///etc/passwd', 'app://other/index.html']) {
      await inPage((target) => void (location.href = target), url);
      await app.page.waitForTimeout(300);
      expect(app.page.url(), url).toMatch(/^app:\/\/consilience\/index\.html/);
    }
  });

  it('loads no frame and no webview', async () => {
    await inPage((url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      const webview = document.createElement('webview');
      webview.setAttribute('src', url);
      document.body.append(frame, webview);
    }, serverUrl);
    await app.page.waitForTimeout(500);
    const kinds = await app.electron.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => contents.getType()),
    );
    expect(kinds).not.toContain('webview');
    await inPage(
      () => document.querySelectorAll('iframe, webview').forEach((element) => element.remove()),
      null,
    );
  });

  it('reaches no network from the page: fetch, picture, beacon, socket, worker, WebRTC', async () => {
    const failures = await inPage(async (url) => {
      const failed = async (attempt: () => Promise<unknown>) =>
        attempt().then(
          () => 'REACHED',
          () => 'failed',
        );
      const socket = () =>
        new Promise((resolve, reject) => {
          const opened = new WebSocket(url.replace('http', 'ws'));
          opened.onopen = resolve;
          opened.onerror = reject;
        });
      const picture = () =>
        new Promise((resolve, reject) => {
          const image = new Image();
          image.onload = resolve;
          image.onerror = reject;
          image.src = url;
        });
      const script = () =>
        new Promise((resolve, reject) => {
          const element = document.createElement('script');
          element.onload = resolve;
          element.onerror = reject;
          element.src = url;
          document.head.append(element);
        });
      navigator.sendBeacon(url, 'x');
      return {
        fetch: await failed(() => fetch(url)),
        far: await failed(() => fetch('https://example.com/')),
        socket: await failed(socket),
        picture: await failed(picture),
        script: await failed(script),
      };
    }, serverUrl);
    expect(new Set(Object.values(failures))).toEqual(new Set(['failed']));
    expect(reached).toBe(0);
  });

  it('reaches no network through a page that has no content policy', async () => {
    const outcome = await app.electron.evaluate(async ({ BrowserWindow }, url) => {
      const window = new BrowserWindow({ show: false });
      await window.loadURL('data:text/html,<p>hostile</p>');
      const code = `fetch(${JSON.stringify(url)}).then(() => 'REACHED', () => 'failed')`;
      const fetched: string = await window.webContents.executeJavaScript(code);
      const loaded = await window.loadURL(url).then(
        () => 'REACHED',
        () => 'failed',
      );
      window.destroy();
      return { fetched, loaded };
    }, serverUrl);
    expect(outcome).toEqual({ fetched: 'failed', loaded: 'failed' });
    expect(reached).toBe(0);
  });

  it('sends no packet by WebRTC', async () => {
    const candidates = await inPage(async () => {
      try {
        const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:3478' }] });
        const found: string[] = [];
        peer.onicecandidate = ({ candidate }) => candidate && found.push(candidate.candidate);
        peer.createDataChannel('x');
        await peer.setLocalDescription(await peer.createOffer());
        await new Promise((resolve) => setTimeout(resolve, 1000));
        peer.close();
        return found.filter((line) => /udp/i.test(line));
      } catch {
        return [];
      }
    }, null);
    expect(candidates).toEqual([]);
  });

  it('is granted no permission', async () => {
    const states = await inPage(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'];
      const queried = await Promise.all(
        names.map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state),
        ),
      );
      const asked = await Notification.requestPermission();
      const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'GRANTED',
        () => 'denied',
      );
      return [...queried, asked, media];
    }, null);
    expect(new Set(states)).toEqual(new Set(['denied']));
  });

  it('downloads nothing', async () => {
    const started = await app.electron.evaluate(async ({ session, BrowserWindow }) => {
      const states: string[] = [];
      session.defaultSession.on('will-download', (event) => states.push(String(event.defaultPrevented)));
      BrowserWindow.getAllWindows()[0].webContents.downloadURL('data:application/octet-stream,abc');
      await new Promise((resolve) => setTimeout(resolve, 500));
      return states;
    });
    expect(started).toEqual(['true']);
  });
});

describe('calls into main', () => {
  const invoke = (area: unknown, method: unknown, input: unknown) =>
    inPage(
      ([a, m, i]) =>
        (
          globalThis as unknown as { consilience: { invoke(...args: unknown[]): Promise<unknown> } }
        ).consilience.invoke(a, m, i),
      [area, method, input] as const,
    );

  it('answer what the contract knows', async () => {
    expect(await invoke('settings', 'get', {})).toMatchObject({ ok: true, value: { theme: 'system' } });
  });

  it('refuse what it does not know, and what is not asked rightly', async () => {
    for (const [area, method, input] of [
      ['fs', 'readFile', {}],
      ['constructor', 'constructor', {}],
      ['settings', 'set', { theme: 'dark', provider: 'cpu', threads: null, extra: 1 }],
      ['network', 'inspect', { token: '../../../../etc/passwd' }],
      ['settings', 'get', { x: 'y'.repeat(3_000_000) }],
    ] as const) {
      expect(await invoke(area, method, input), `${area}.${method}`).toMatchObject({ ok: false });
    }
  });

  it('are not answered to another origin', async () => {
    const preload = path.join(appFolder, 'out', 'preload', 'index.cjs');
    const answers = await app.electron.evaluate(async ({ BrowserWindow }, preload) => {
      const foreign = new BrowserWindow({ show: false, webPreferences: { preload } });
      await foreign.loadURL('data:text/html,<p>hostile</p>');
      const answer: unknown = await foreign.webContents.executeJavaScript(
        `window.consilience.invoke('settings', 'get', {})`,
      );
      foreign.destroy();
      return answer;
    }, preload);
    expect(answers).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  });

  it('subscribe to named events only', async () => {
    const refused = await inPage(() => {
      const { consilience } = globalThis as unknown as {
        consilience: { subscribe(...args: unknown[]): unknown };
      };
      try {
        consilience.subscribe('anything', () => undefined);
        return false;
      } catch {
        return true;
      }
    }, null);
    expect(refused).toBe(true);
  });
});

it('a whole session asks for nothing but our own scheme, by the log of Chromium itself', async () => {
  const session = await launchApp();
  await session.page.waitForTimeout(3000);
  const { networkLog } = await session.close();
  expect(networkLog.requested.filter((url) => !url.startsWith('data:'))).toEqual([]);
  expect(networkLog.contacted).toEqual([]);
});
