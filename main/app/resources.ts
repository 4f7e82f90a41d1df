import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder inside a packaged app's resources that holds the files other programs read (samples, fonts). */
const packagedFolder = 'consilience';

/**
 * Absolute path of a file that travels with the app, named relative to the repository (`samples/digits.yaml`).
 * Works from source, from the bundle, and packaged, where the files lie outside the archive because the engine
 * process cannot read into it.
 */
export function resourcePath(relative: string): string {
  const { resourcesPath } = process as { resourcesPath?: string };
  const packaged = resourcesPath && join(resourcesPath, packagedFolder);
  return join(packaged && existsSync(packaged) ? packaged : appRoot(), relative);
}

/** The nearest folder above this module that holds the app's package.json. */
export function appRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('The folder of the app has no package.json: the installation is damaged.');
    folder = parent;
  }
  return folder;
}
