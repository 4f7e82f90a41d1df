import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';

const repository = path.resolve(import.meta.dirname, '..', '..');
export const appFolder = process.env.CONSILIENCE_E2E_APP ?? repository;

/** The app under test: a real Electron with a user folder of its own, that is thrown away at the end. */
export interface LaunchedApp {
  electron: ElectronApplication;
  page: Page;
  userFolder: string;
  /** Console errors and uncaught exceptions of the page, in order. */
  pageErrors: string[];
  /** Process id of Electron's main process. */
  mainPid: number;
  resize(size: { width: number; height: number }): Promise<void>;
  /** Sets the theme as the person's settings do. */
  setTheme(theme: 'system' | 'light' | 'dark'): Promise<void>;
  /** Makes the next file dialogs answer with these paths. */
  answerDialogs(answers: { save?: string; open?: string[] }): Promise<void>;
  /** Quits; the log says what Chromium's network service was asked for in the whole session. */
  close(): Promise<{ networkLog: NetworkLog }>;
}

export interface LaunchOptions {
  args?: string[];
  env?: Record<string, string>;
  /** Content size of the window; the default is the app's own. */
  size?: { width: number; height: number };
  userFolder?: string;
  /** Leaves the tour to be offered. */
  isFirstLook?: boolean;
}

export const isSandboxed = process.env.CONSILIENCE_E2E_SANDBOX === '1';

export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const userFolder = options.userFolder ?? (await mkdtemp(path.join(tmpdir(), 'consilience-e2e-user-')));
  const logFile = path.join(userFolder, 'network-log.json');
  const electron = await _electron.launch({
    executablePath: requiredExecutable(),
    // Playwright switches Chromium's sandbox off unless it is told not to.
    chromiumSandbox: isSandboxed,
    args: [
      ...(isSandboxed ? [] : ['--no-sandbox']),
      appFolder,
      `--user-data-dir=${userFolder}`,
      `--log-net-log=${logFile}`,
      ...(options.args ?? []),
    ],
    env: { ...definedOnly(process.env), ...options.env },
    timeout: 60_000,
  });
  const page = await electron.firstWindow({ timeout: 60_000 });
  page.setDefaultTimeout(15_000);
  const pageErrors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text());
  });
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.waitForLoadState('load');
  // The tour is offered once to a person; it would stand over what the tests click.
  if (!options.isFirstLook) await page.evaluate(() => localStorage.setItem('consilience.tour', 'done'));
  if (options.size) await resize(electron, options.size);
  const mainPid = await electron.evaluate(() => process.pid);
  return {
    electron,
    page,
    userFolder,
    pageErrors,
    mainPid,
    resize: (size) => resize(electron, size),
    setTheme: (theme) => setTheme(page, theme),
    answerDialogs: (answers) => answerDialogs(electron, answers),
    async close() {
      await electron.close();
      const networkLog = await readNetworkLog(logFile);
      if (!options.userFolder) await rm(userFolder, { recursive: true, force: true, maxRetries: 5 });
      return { networkLog };
    },
  };
}

async function resize(electron: ElectronApplication, size: { width: number; height: number }): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, { width, height }) => {
    const [window] = BrowserWindow.getAllWindows();
    window.setContentSize(width, height);
  }, size);
}

/** Through the dialog that a person uses. */
async function setTheme(page: Page, theme: string): Promise<void> {
  const choice = page.getByTestId('theme-select');
  const wasOpen = await choice.isVisible();
  if (!wasOpen) await page.getByTestId('engine-status').click();
  await choice.selectOption(theme);
  if (!wasOpen) await page.keyboard.press('Escape');
  await choice.waitFor({ state: wasOpen ? 'visible' : 'hidden' });
}

async function answerDialogs(
  electron: ElectronApplication,
  answers: { save?: string; open?: string[] },
): Promise<void> {
  await electron.evaluate(({ dialog }, { save, open }) => {
    if (save !== undefined) dialog.showSaveDialog = async () => ({ canceled: false, filePath: save });
    if (open !== undefined) dialog.showOpenDialog = async () => ({ canceled: false, filePaths: open });
  }, answers);
}

export interface NetworkLog {
  /** Every URL that a request was started for. */
  requested: string[];
  /** Hosts looked up and addresses connected to. */
  contacted: string[];
}

/** Reads Chromium's own network log (`--log-net-log`): what was tried, beneath every filter of the app. */
async function readNetworkLog(file: string): Promise<NetworkLog> {
  const text = await readFile(file, 'utf8');
  // A log that was cut off lacks its closing brackets.
  const log = JSON.parse(/\]\s*\}\s*$/.test(text) ? text : `${text.replace(/,\s*$/, '')}]}`) as {
    constants: { logEventTypes: Record<string, number> };
    events: { type: number; params?: Record<string, unknown> }[];
  };
  const named = (name: string) =>
    log.events.filter((event) => event.type === log.constants.logEventTypes[name]);
  const texts = (name: string, key: string) =>
    named(name).flatMap(({ params }) => (typeof params?.[key] === 'string' ? [params[key]] : []));
  return {
    requested: texts('URL_REQUEST_START_JOB', 'url'),
    contacted: [
      ...texts('HOST_RESOLVER_MANAGER_REQUEST', 'host'),
      ...texts('TCP_CONNECT_ATTEMPT', 'address'),
      ...texts('UDP_CONNECT', 'address'),
    ],
  };
}

function requiredExecutable(): string {
  const executable = process.env.CONSILIENCE_ELECTRON;
  if (!executable)
    throw new Error('CONSILIENCE_ELECTRON is not set: run the end-to-end tests by "npm test -- e2e".');
  return executable;
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
