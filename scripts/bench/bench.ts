import { existsSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `npm run bench -- NAME [options]`: each module beside this one that exports `bench(args)`. */
const [name, ...args] = process.argv.slice(2);
const folder = import.meta.dirname;
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
const path = join(folder, `${name}.bench.ts`);
if (!name || !existsSync(path)) {
  console.error(`Name a benchmark: ${names.map((entry) => `npm run bench -- ${entry}`).join(', ')}`);
  process.exitCode = 2;
} else {
  const { bench } = (await import(pathToFileURL(path).href)) as { bench(args: string[]): Promise<void> };
  await bench(args);
}
