import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Programs beside main, and the folder of their source. */
const sourceFolders = {
  'engine.process': 'native-workers',
  'database.worker': 'native-workers',
  'figure.worker': join('main', 'export'),
} as const;
export type EntryName = keyof typeof sourceFolders;

/**
 * Where a process or worker entry lies: the TypeScript source when main itself runs from source (plain Node strips
 * the types), the bundled file when main was bundled.
 */
export function entryPath(name: EntryName): string {
  const here = dirname(fileURLToPath(import.meta.url));
  if (import.meta.url.endsWith('.ts')) return join(here, '..', '..', sourceFolders[name], `${name}.ts`);
  // The bundler may move this module into a chunk one folder below the entries.
  const beside = join(here, `${name}.js`);
  return existsSync(beside) ? beside : join(here, '..', `${name}.js`);
}
