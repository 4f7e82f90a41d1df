import { describe, expect, it } from 'vitest';
import { version } from '#core/version.ts';
import { textOf } from './repository-files.ts';

interface PackageFile {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}
interface LockFile {
  version: string;
  packages: Record<string, { resolved?: string; link?: boolean }>;
}

const packageFile = JSON.parse(textOf('package.json')) as PackageFile;
const lockFile = JSON.parse(textOf('package-lock.json')) as LockFile;

function allOf({ dependencies, devDependencies, optionalDependencies }: PackageFile): Record<string, string> {
  return { ...dependencies, ...devDependencies, ...optionalDependencies };
}

describe('package.json', () => {
  it('has the version that results are stored with', () => {
    expect(packageFile.version).toBe(version);
    expect(lockFile.version).toBe(version);
  });

  it('pins every package to one exact version', () => {
    const versions = Object.entries(allOf(packageFile));
    expect(versions.length).toBeGreaterThan(50);
    expect(versions.filter(([, wanted]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(wanted))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('names no address, so that any registry serves it', () => {
    const packages = Object.entries(lockFile.packages);
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  });

  it('locks what package.json pins', () => {
    const locked = lockFile.packages[''] as unknown as PackageFile;
    expect(locked.dependencies).toEqual(packageFile.dependencies);
    expect(locked.devDependencies).toEqual(packageFile.devDependencies);
    expect(locked.optionalDependencies).toEqual(packageFile.optionalDependencies);
  });
});
