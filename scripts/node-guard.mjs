// Plain JavaScript on purpose: an older Node must be able to read this file to be told what to do.
// Run as a program (`node scripts/node-guard.mjs scripts/x.ts args`) it starts that script under a Node that
// can; imported, it gives the same service to other launchers.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as modules from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = path.resolve(import.meta.dirname ?? path.dirname(fileURLToPath(import.meta.url)), '..');
const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const REEXECUTED = 'CONSILIENCE_NODE_REEXECUTED';

/** Whether the running Node executes TypeScript files directly, which every entry point needs. */
export function canRunTypeScript() {
  return process.features.typescript === 'strip' || process.features.typescript === 'transform';
}

/** The Node 24 that `npm ci` puts into the repository, if it is there. */
export function repositoryNode(root = repository) {
  const name = process.platform === 'win32' ? 'node.cmd' : 'node';
  const candidate = path.join(root, 'node_modules', '.bin', name);
  return existsSync(candidate) ? candidate : undefined;
}

/** One sentence: what is wrong and what to do. */
export function wrongNodeMessage(version = process.version) {
  return (
    `Consilience needs Node 24, this is ${version}: run "npm ci" first and then start it through npm ` +
    '(for example npm run consilience -- doctor), which uses the Node 24 in node_modules/.bin.'
  );
}

/**
 * Runs `script` (absolute path of a TypeScript file) with `args`: in this process if this Node can, otherwise in
 * the repository's own Node, with its exit code; without one it prints the sentence above and exits with 2.
 */
export async function startScript(script, args) {
  if (canRunTypeScript()) {
    // Before the first TypeScript file: what is kept of it needs no compiler, which takes 20 MB.
    modules.enableCompileCache();
    process.argv = [process.argv[0], script, ...args];
    await import(pathToFileURL(script).href);
    return;
  }
  const node = process.env[REEXECUTED] ? undefined : repositoryNode();
  if (!node) {
    process.stderr.write(`${wrongNodeMessage()}\n`);
    process.exitCode = 2;
    return;
  }
  reexecute(node, [fileURLToPath(import.meta.url), script, ...args]);
}

function reexecute(node, args) {
  const env = { ...process.env, [REEXECUTED]: '1' };
  const child = spawn(node, args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
  // Ctrl-C at a terminal reaches the whole process group, so the child has it already; a second one would be
  // read as "stop at once".
  const isAtTerminal = Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
  for (const signal of FORWARDED_SIGNALS) {
    process.on(signal, () => {
      if (!(signal === 'SIGINT' && isAtTerminal)) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`${wrongNodeMessage()} (${node} did not start: ${error.message})\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    for (const name of FORWARDED_SIGNALS) process.removeAllListeners(name);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}

const isProgram = process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url);
if (isProgram) {
  const [script, ...args] = process.argv.slice(2);
  if (script) {
    await startScript(path.resolve(script), args);
  } else {
    process.stderr.write('Name the script to start: node scripts/node-guard.mjs scripts/test.ts\n');
    process.exitCode = 2;
  }
}
