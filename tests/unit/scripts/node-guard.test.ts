import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const scripts = path.resolve(import.meta.dirname, '..', '..', '..', 'scripts');
// Stands for an older Node: one that cannot run TypeScript.
const OLD = '--no-strip-types';
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'consilience-guard-'));
  mkdirSync(path.join(folder, 'scripts'));
  mkdirSync(path.join(folder, 'main', 'cli'), { recursive: true });
  for (const name of ['node-guard.mjs', 'consilience.mjs'])
    cpSync(path.join(scripts, name), path.join(folder, 'scripts', name));
  const program =
    'const args: string[] = process.argv.slice(2);\nconsole.log(args.join(" "));\nprocess.exitCode = 7;\n';
  writeFileSync(path.join(folder, 'main', 'cli', 'consilience.ts'), program);
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
}

function installNode(): void {
  mkdirSync(path.join(folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(process.execPath, path.join(folder, 'node_modules', '.bin', 'node'));
}

it('says in one line what to do under an old Node, and exits with 2', () => {
  const { status, stdout, stderr } = run(OLD, 'scripts/consilience.mjs', 'doctor');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^Consilience needs Node 24, this is v[^\n]*npm ci[^\n]*\n$/);
});

it.skipIf(process.platform === 'win32')(
  'hands over to the Node of the repository, with arguments and exit code',
  () => {
    installNode();
    for (const start of [
      ['scripts/consilience.mjs'],
      ['scripts/node-guard.mjs', 'main/cli/consilience.ts'],
    ]) {
      const { status, stdout, stderr } = run(OLD, ...start, 'run', 'a recipe.yaml');
      expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: 'run a recipe.yaml\n', stderr: '' });
    }
  },
);

it('runs in the same process under a Node that can', () => {
  const { status, stdout } = run('scripts/consilience.mjs', 'inspect', '--json');
  expect({ status, stdout }).toEqual({ status: 7, stdout: 'inspect --json\n' });
});
