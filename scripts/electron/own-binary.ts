import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lastLines, runCommand } from '../support/run-command.ts';

const STALL_LIMIT_MS = 20_000;
const DOWNLOAD_LIMIT_MS = 20 * 60_000;
const RETRY_AFTER_MS = 24 * 60 * 60_000;

export interface OwnBinaryOptions {
  /** Folder of the installed `electron` package. */
  packageFolder: string;
  version: string;
  /** File that remembers a failed download. */
  memoFile: string;
  now?: number;
  download?: (packageFolder: string) => Promise<string | undefined>;
}

/**
 * The binary that the `electron` package itself downloads. It is fetched at most once a day: a download that did not
 * get through is remembered, so that a machine without access to its host does not wait in each run.
 */
export async function findOwnBinary(
  options: OwnBinaryOptions,
): Promise<{ distPath: string } | { reason: string }> {
  const distPath = path.join(options.packageFolder, 'dist');
  if (await isComplete(distPath, options)) return { distPath };
  const now = options.now ?? Date.now();
  const remembered = await rememberedFailure(options.memoFile, options.version, now);
  if (remembered) return { reason: `${remembered} (tried less than a day ago)` };
  const failure = await (options.download ?? downloadWithStallLimit)(options.packageFolder);
  if (failure === undefined && (await isComplete(distPath, options))) return { distPath };
  const reason = `the electron package could not download its binary: ${failure ?? 'it is incomplete'}`;
  await mkdir(path.dirname(options.memoFile), { recursive: true });
  await writeFile(options.memoFile, JSON.stringify({ version: options.version, at: now, reason }));
  return { reason };
}

/** `path.txt` is the last thing the package's installer writes. */
async function isComplete(distPath: string, options: OwnBinaryOptions): Promise<boolean> {
  if (!existsSync(path.join(options.packageFolder, 'path.txt'))) return false;
  const version = await readFile(path.join(distPath, 'version'), 'utf8').catch(() => '');
  return version.trim().replace(/^v/, '') === options.version;
}

async function rememberedFailure(
  memoFile: string,
  version: string,
  now: number,
): Promise<string | undefined> {
  try {
    const memo = JSON.parse(await readFile(memoFile, 'utf8')) as {
      version: string;
      at: number;
      reason: string;
    };
    if (memo.version === version && now - memo.at < RETRY_AFTER_MS) return memo.reason;
  } catch {
    // No memo, or an unreadable one: try again.
  }
  return undefined;
}

/**
 * Runs the package's own installer. The limit counts from the last byte that arrived, so a blocked host costs 20 s
 * and a slow line is still let through. Returns what went wrong, undefined if nothing.
 */
async function downloadWithStallLimit(packageFolder: string): Promise<string | undefined> {
  process.stderr.write(
    'Trying the download of the electron package (gives up when nothing arrives for 20 s) ...\n',
  );
  const temporary = await mkdtemp(path.join(tmpdir(), 'consilience-electron-'));
  const stall = new AbortController();
  const stopWatching = watchForStall([temporary, path.join(packageFolder, 'dist')], stall);
  try {
    const result = await runCommand(process.execPath, [path.join(packageFolder, 'install.js')], {
      env: {
        ...process.env,
        TMPDIR: temporary,
        TEMP: temporary,
        TMP: temporary,
        ELECTRON_GET_NO_PROGRESS: '1',
      },
      timeoutMs: DOWNLOAD_LIMIT_MS,
      abort: stall.signal,
    });
    if (stall.signal.aborted) return `nothing arrived for ${STALL_LIMIT_MS / 1000} s`;
    if (result.isTimedOut) return `it took longer than ${DOWNLOAD_LIMIT_MS / 60_000} minutes`;
    return result.status === 0 ? undefined : firstErrorLine(result.stderr);
  } finally {
    stopWatching();
    await rm(temporary, { recursive: true, force: true });
  }
}

function firstErrorLine(stderr: string): string {
  const cause = /cause\]?:? ?(.*Error: .*)/.exec(stderr)?.[1];
  return cause ?? stderr.split('\n').find((line) => line.includes('Error')) ?? lastLines(stderr);
}

function watchForStall(folders: string[], stall: AbortController): () => void {
  let size = -1;
  let lastChange = Date.now();
  const timer = setInterval(() => {
    void Promise.all(folders.map(folderBytes)).then((sizes) => {
      const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
      if (total !== size) {
        size = total;
        lastChange = Date.now();
      } else if (Date.now() - lastChange > STALL_LIMIT_MS) stall.abort();
    });
  }, 1000);
  return () => clearInterval(timer);
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const found = await stat(path.join(entry.parentPath, entry.name)).catch(() => undefined);
    total += found?.size ?? 0;
  }
  return total;
}
