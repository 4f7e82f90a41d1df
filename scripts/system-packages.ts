import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, runCommand } from './support/run-command.ts';
import {
  NEED_GROUPS,
  missingNeeds,
  namesWithCandidate,
  packageNames,
  sonames,
} from './support/system-needs.ts';
import type { NeedGroup, SystemNeed } from './support/system-needs.ts';

const APT_LIMIT_MS = 10 * 60_000;
const APT_ENV = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

/** Path of a command on PATH or among the system's administration programs, if it is there. */
export function findCommand(name: string): string | undefined {
  for (const folder of [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin']) {
    const candidate = path.join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** The system's Chromium that the browser tests use: CONSILIENCE_CHROMIUM, else Debian's. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const candidate = env.CONSILIENCE_CHROMIUM || '/usr/bin/chromium';
  return existsSync(candidate) ? candidate : undefined;
}

/** What is missing of the named groups (all by default). Only Linux needs system packages. */
export async function findMissing(ids?: NeedGroup['id'][]): Promise<NeedGroup[]> {
  if (process.platform !== 'linux') return [];
  const ldconfig = await runCommand(findCommand('ldconfig') ?? 'ldconfig', ['-p']);
  const known = sonames(ldconfig.stdout);
  const isThere = ({ evidence }: SystemNeed): boolean => {
    if ('library' in evidence) return known.has(evidence.library);
    return evidence.command === 'chromium' ? Boolean(findChromium()) : Boolean(findCommand(evidence.command));
  };
  const groups = ids ? NEED_GROUPS.filter((group) => ids.includes(group.id)) : NEED_GROUPS;
  return missingNeeds(groups, isThere);
}

/** Installs what is missing where that is this script's to do (Debian, as root); returns what is missing then. */
export async function ensureSystemPackages(ids?: NeedGroup['id'][]): Promise<NeedGroup[]> {
  const missing = await findMissing(ids);
  if (missing.length === 0 || process.getuid?.() !== 0 || !findCommand('apt-get')) return missing;
  const update = await runCommand('apt-get', ['update', '-q'], { env: APT_ENV, timeoutMs: APT_LIMIT_MS });
  if (update.status !== 0) process.stderr.write(`apt-get update failed: ${lastLines(update.stderr)}\n`);
  const wanted = missing.flatMap((group) => group.needs.flatMap((need) => need.packages));
  const policy = await runCommand('apt-cache', ['policy', ...wanted], { env: APT_ENV });
  const inIndex = namesWithCandidate(policy.stdout);
  if (!(await install(missing, inIndex))) {
    // One package that cannot be installed must not keep the others out.
    for (const group of missing) {
      for (const need of group.needs) await install([{ ...group, needs: [need] }], inIndex);
    }
  }
  return findMissing(ids);
}

async function install(groups: NeedGroup[], inIndex: Set<string>): Promise<boolean> {
  const names = packageNames(groups, (name) => inIndex.has(name));
  process.stdout.write(`Installing ${names.join(' ')}\n`);
  const options = ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  const result = await runCommand('apt-get', [...options, ...names], {
    env: APT_ENV,
    timeoutMs: APT_LIMIT_MS,
  });
  if (result.status !== 0) process.stderr.write(`apt-get install failed: ${lastLines(result.stderr, 3)}\n`);
  return result.status === 0;
}

/** Plain sentences: what is missing, what cannot run without it, how to install it. */
export function describeMissing(missing: NeedGroup[], hasApt: boolean): string[] {
  const lines = missing.map((group) => {
    const names = group.needs.map((need) =>
      'library' in need.evidence ? need.evidence.library : need.evidence.command,
    );
    return `Missing: ${names.join(', ')}. Without it cannot run: ${group.purpose}.`;
  });
  if (missing.length === 0) return lines;
  const names = packageNames(missing, () => false).join(' ');
  const remedy = hasApt
    ? `Install with: sudo apt-get install ${names} (on newer releases some names end in t64)`
    : `Install your system's equivalents of these Debian packages: ${names}`;
  return [...lines, `${remedy}.`];
}

// Not import.meta.main: the guard that finds the right Node imports this file.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = await ensureSystemPackages();
  const report = describeMissing(missing, Boolean(findCommand('apt-get')));
  process.stdout.write(
    report.length === 0 ? 'All system packages are installed.\n' : `${report.join('\n')}\n`,
  );
  process.exitCode = missing.length === 0 ? 0 : 1;
}
