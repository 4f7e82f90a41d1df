import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..');

/** Compiles the packing kernel and returns the module that carries it, as text. */
export function packUnitsModule(): string {
  const wasm = join(mkdtempSync(join(tmpdir(), 'consilience-wasm-')), 'pack-units.wasm');
  const source = 'native-workers/accumulate/pack-units.as.ts';
  const flags = ['--enable', 'simd', '-O3', '--runtime', 'stub', '--importMemory', '--noAssert'];
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/assemblyscript/bin/asc.js'), source, '--outFile', wasm, ...flags],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  const base64 = readFileSync(wasm).toString('base64');
  return `// Made by \`npm run wasm\` from pack-units.as.ts; not edited by hand.\nexport const packUnitsWasm =\n  '${base64}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, 'native-workers/accumulate/pack-units.wasm.ts'), packUnitsModule());
}
