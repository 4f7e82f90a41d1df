// The command line, startable by any Node: an older one hands over to the repository's Node 24.
import { fileURLToPath } from 'node:url';
import { startScript } from './node-guard.mjs';

const commandLine = fileURLToPath(new URL('../main/cli/consilience.ts', import.meta.url));
await startScript(commandLine, process.argv.slice(2));
