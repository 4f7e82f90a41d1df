// `npm run lock`: completes package-lock.json after `npm install` on a registry mirror that lacks some platforms'
// packages. npm leaves those optional packages out of the lock file and then refuses it in `npm ci` ("Missing: ...
// from lock file"). Each gets the entry a full registry would give, without a checksum, marked for its own platform.
import { readFileSync, writeFileSync } from 'node:fs';

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'aix',
];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
];

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const parts = name.split('/').pop().split('-');
    const os = systems.filter((system) => parts.includes(system));
    const cpu = processors.filter((processor) => parts.includes(processor));
    if (lock.packages[place] || os.length === 0 || cpu.length === 0 || !/^\d/.test(version)) continue;
    lock.packages[place] = { version, cpu, ...(entry.dev && { dev: true }), optional: true, os };
    added++;
  }
}
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([x], [y]) => (x < y ? -1 : 1))]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added to package-lock.json`);
