import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const folder = join(import.meta.dirname, '__snapshots__');

/**
 * The SVG is the one kept under this name. One that differs is written beside it as `<name>.changed.svg`, so that both
 * can be looked at; `vitest -u` takes it over.
 */
export async function expectKept(name: string, svg: string): Promise<void> {
  const kept = join(folder, `${name}.svg`);
  const changed = join(folder, `${name}.changed.svg`);
  rmSync(changed, { force: true });
  if (existsSync(kept) && readFileSync(kept, 'utf8') !== svg) writeFileSync(changed, svg);
  await expect(svg).toMatchFileSnapshot(kept);
  rmSync(changed, { force: true });
}
