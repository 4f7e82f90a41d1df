import { existsSync } from 'node:fs';
import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, prepareFolder } from '../support/cache-folder.ts';
import { packageFolder, packageVersion } from '../support/repository.ts';
import { lastLines, runCommand } from '../support/run-command.ts';
import { describeMissing, ensureSystemPackages, findCommand } from '../system-packages.ts';
import type { FoundElectron } from './obtain.ts';

/** Node-API version that better-sqlite3's prebuilt addon asks for. */
const PREBUILT_NAPI = 10;
const BUILD_LIMIT_MS = 15 * 60_000;
const ADDON = 'better_sqlite3.node';

/**
 * The addon for better-sqlite3's `nativeBinding` under the given Electron: undefined where the package's prebuilt
 * loads, else the path of one built here from the package's own source and kept in the cache. The product takes it
 * from the environment variable CONSILIENCE_SQLITE_BINDING.
 */
export async function sqliteBindingFor(
  electron: FoundElectron,
): Promise<{ path?: string } | { missing: string }> {
  if (electron.versions.napi >= PREBUILT_NAPI) return {};
  const version = packageVersion('better-sqlite3');
  const name = `${version}-napi-experimental-${process.platform}-${process.arch}`;
  const folder = path.join(cacheFolder(), 'better-sqlite3', name);
  if (!existsSync(folder)) {
    const missing = await ensureSystemPackages(['compiler']);
    if (missing.length > 0)
      return { missing: describeMissing(missing, Boolean(findCommand('apt-get'))).join(' ') };
    process.stderr.write(
      `Building better-sqlite3 ${version} for Electron ${electron.version} (a minute, once) ...\n`,
    );
    try {
      await prepareFolder(folder, (destination) => build(destination));
    } catch (error) {
      return { missing: (error as Error).message };
    }
  }
  const addon = path.join(folder, ADDON);
  const failure = await tryToLoad(electron.executable, addon);
  return failure ? { missing: `The database binding ${addon} does not load: ${failure}` } : { path: addon };
}

async function build(destination: string): Promise<void> {
  const source = path.join(path.dirname(destination), 'source');
  await cp(packageFolder('better-sqlite3'), source, { recursive: true });
  const addonApi = path.join(source, 'node_modules', 'node-addon-api');
  await cp(packageFolder('node-addon-api'), addonApi, { recursive: true });
  await relaxNodeApi(path.join(source, 'binding.gyp'));
  const nodeGyp = path.join(packageFolder('node-gyp'), 'bin', 'node-gyp.js');
  const result = await runCommand(
    process.execPath,
    [nodeGyp, 'rebuild', '--release', '--force_build=1', ...headerOptions()],
    { cwd: source, timeoutMs: BUILD_LIMIT_MS, env: { ...process.env, JOBS: 'max' } },
  );
  const built = path.join(source, 'build', 'Release', ADDON);
  if (result.status !== 0 || !existsSync(built)) {
    throw new Error(`better-sqlite3 could not be built from its source: ${lastLines(result.stderr, 5)}`);
  }
  await copyFile(built, path.join(destination, ADDON));
}

/** The experimental Node-API level makes the addon load in any host that has the functions it calls. */
async function relaxNodeApi(bindingGyp: string): Promise<void> {
  const text = await readFile(bindingGyp, 'utf8');
  const relaxed = relaxedBindingGyp(text);
  await writeFile(bindingGyp, relaxed);
}

/** @throws when the text no longer asks for the Node-API version that this replaces. */
export function relaxedBindingGyp(text: string): string {
  const asked = `'NAPI_VERSION=${PREBUILT_NAPI}'`;
  if (!text.includes(asked))
    throw new Error(`better-sqlite3's binding.gyp has no ${asked}: adapt scripts/electron`);
  return text.replace(asked, "'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NO_WARNING'");
}

/** Node's headers lie beside its binary in the registry's packages; without them node-gyp downloads some. */
function headerOptions(): string[] {
  const nodeFolder = path.resolve(path.dirname(process.execPath), '..');
  const hasHeaders = existsSync(path.join(nodeFolder, 'include', 'node', 'node_api.h'));
  return hasHeaders ? [`--nodedir=${nodeFolder}`] : [];
}

async function tryToLoad(executable: string, addon: string): Promise<string | undefined> {
  const program = `
    const Database = require(process.env.PROBE_PACKAGE);
    const db = new Database(':memory:', { nativeBinding: process.env.PROBE_ADDON });
    console.log(db.prepare('select 6 * 7 as answer').get().answer);`;
  const result = await runCommand(executable, ['-e', program], {
    env: {
      ...process.env,
      ELECTRON_RUN_AS_NODE: '1',
      PROBE_PACKAGE: packageFolder('better-sqlite3'),
      PROBE_ADDON: addon,
    },
    timeoutMs: 60_000,
  });
  return result.stdout.trim() === '42'
    ? undefined
    : lastLines(result.stderr, 3) || `exit code ${result.status}`;
}
