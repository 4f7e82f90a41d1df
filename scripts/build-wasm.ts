import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..');

/** Kernels that several threads run in one memory. */
const inSharedMemory = ['count-codes'];

/** Kernels in AssemblyScript, relative to the repository: `name.as.ts` becomes `name.wasm.ts` beside it. */
export function wasmSources(): string[] {
  return readdirSync(join(root, 'native-workers'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.as.ts'))
    .map((path) => join('native-workers', path).replaceAll('\\', '/'))
    .sort();
}

/** Path of the module that carries a kernel. */
export function wasmModulePath(source: string): string {
  return source.replace(/\.as\.ts$/, '.wasm.ts');
}

/** Compiles one kernel and returns the module that carries it, as text; it exports `<camelCaseName>Wasm`. */
export function wasmModule(source: string): string {
  const name = basename(source, '.as.ts');
  const wasm = join(mkdtempSync(join(tmpdir(), 'consilience-wasm-')), `${name}.wasm`);
  const flags = ['--enable', 'simd', '-O3', '--runtime', 'stub', '--importMemory', '--noAssert'];
  if (inSharedMemory.includes(name))
    flags.push('--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65535');
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/assemblyscript/bin/asc.js'), source, '--outFile', wasm, ...flags],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  const base64 = readFileSync(wasm).toString('base64');
  const variable = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `// Made by \`npm run wasm\` from ${name}.as.ts; not edited by hand.\nexport const ${variable}Wasm =\n  '${base64}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const source of wasmSources()) writeFileSync(join(root, wasmModulePath(source)), wasmModule(source));
}
