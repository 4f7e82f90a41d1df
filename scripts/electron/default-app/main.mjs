// Stands in for Electron's own default app in the registry copy, whose original resources/app was an application:
// takes the first argument that is no option as the app to run. It must await the import at top level, else
// `ready` fires before the app could register its privileged schemes.
import { app } from 'electron';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const { target, preloads } = readArguments(process.argv.slice(1));
const require = createRequire(import.meta.url);
for (const module of preloads) require(module);

if (target === undefined) {
  console.error('Name the folder of the app to run: electron <folder>');
  app.exit(1);
} else {
  await import(pathToFileURL(entryOf(path.resolve(target))).href);
}

/** Options take no part, except `-r module` (or `--require module`), which is loaded before the app. */
function readArguments(args) {
  const preloads = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '-r' || args[i] === '--require') preloads.push(args[++i]);
    else if (!args[i].startsWith('-')) return { target: args[i], preloads };
  }
  return { target: undefined, preloads };
}

function entryOf(target) {
  if (!statSync(target).isDirectory()) return target;
  const manifest = JSON.parse(readFileSync(path.join(target, 'package.json'), 'utf8'));
  if (manifest.productName ?? manifest.name) app.setName(manifest.productName ?? manifest.name);
  if (manifest.version) app.setVersion(manifest.version);
  app._setDefaultAppPaths?.(target);
  app.setAppPath?.(target);
  return require.resolve(path.join(target, manifest.main ?? 'index.js'));
}
