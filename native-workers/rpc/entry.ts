import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a worker's entry lies: TypeScript source beside this folder, or the bundled file beside the bundle. */
export function workerEntry(name: 'alignment.worker' | 'count.worker' | 'decode.worker'): string {
  const here = dirname(fileURLToPath(import.meta.url));
  if (import.meta.url.endsWith('.ts')) return join(here, '..', `${name}.ts`);
  const beside = join(here, `${name}.js`);
  return existsSync(beside) ? beside : join(here, '..', `${name}.js`);
}
