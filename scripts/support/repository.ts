import { createRequire } from 'node:module';
import path from 'node:path';

/** Absolute path of the repository root. */
export const repositoryRoot = path.resolve(import.meta.dirname, '..', '..');

/**
 * Folder of an installed package, whether or not its `exports` show package.json.
 * @throws when the package is not installed.
 */
export function packageFolder(name: string): string {
  const require = createRequire(import.meta.url);
  const folders = require.resolve.paths(name) ?? [];
  for (const folder of folders) {
    const candidate = path.join(folder, name);
    try {
      require.resolve(path.join(candidate, 'package.json'));
      return candidate;
    } catch {
      // Not in this node_modules: look in the next one up.
    }
  }
  throw new Error(`The package ${name} is not installed: run npm ci.`);
}

/** Version in an installed package's package.json. */
export function packageVersion(name: string): string {
  const require = createRequire(import.meta.url);
  return (require(path.join(packageFolder(name), 'package.json')) as { version: string }).version;
}
