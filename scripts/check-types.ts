// Types of every runtime, two compilers at a time: `npm run types`.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folders = ['core', 'native-workers', 'main', 'preload', 'renderer', 'tests'];
const atOnce = 2;

interface Check {
  title: string;
  /** A script of a package and its arguments, run by this very Node. */
  command: string[];
}

interface Outcome {
  title: string;
  ok: boolean;
  output: string;
  seconds: number;
}

const tsc = 'node_modules/typescript/bin/tsc';
const svelteCheck = 'node_modules/svelte-check/bin/svelte-check';

const checks: Check[] = [
  {
    title: 'svelte-check renderer',
    command: [svelteCheck, '--tsconfig', 'renderer/tsconfig.json', '--output', 'human', '--fail-on-warnings'],
  },
  ...folders.map((folder) => ({ title: `tsc ${folder}`, command: [tsc, '-p', folder] })),
];

function run({ title, command }: Check): Promise<Outcome> {
  const started = performance.now();
  const [script = '', ...args] = command;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(root, script), ...args],
      { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const seconds = (performance.now() - started) / 1000;
        const output = `${stdout}${stderr}`.trim() || (error?.message ?? '');
        resolve({ title, ok: error === null, output, seconds });
      },
    );
  });
}

async function runInTurn(waiting: Check[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const outcome = await run(check);
    console.log(`${outcome.ok ? 'passed' : 'FAILED'}  ${outcome.title} (${outcome.seconds.toFixed(1)} s)`);
    if (!outcome.ok) console.log(outcome.output);
    outcomes.push(outcome);
  }
  return outcomes;
}

const waiting = [...checks];
const outcomes = await Promise.all(Array.from({ length: atOnce }, () => runInTurn(waiting)));
const failed = outcomes.flat().filter(({ ok }) => !ok);
if (failed.length > 0) {
  console.log(`\nTypes are wrong in: ${failed.map(({ title }) => title).join(', ')}.`);
  process.exitCode = 1;
}
