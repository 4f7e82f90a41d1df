// CUDA's provider files for onnxruntime: `npm run cuda` installs and checks them, `-- --check` only checks,
// `-- --from PATH` takes them out of a package, a wheel or a folder that was fetched by hand.
import path from 'node:path';
import {
  cudaCommand,
  cudaDoubts,
  cudaObstacles,
  findCuda,
  findCudaFiles,
} from '../native-workers/capture/cuda-findings.ts';
import { takeProviderFiles } from './support/cuda-package.ts';
import { downloadProblem } from './support/cuda-words.ts';
import { packageFolder, packageVersion } from './support/repository.ts';
import { runCommand } from './support/run-command.ts';

const installLimitMs = 30 * 60_000;
const sessionLimitMs = 120_000;
const args = process.argv.slice(2);
const from = args.includes('--from') ? args[args.indexOf('--from') + 1] : null;
const known = new Set(['--check', '--from', ...(from ? [from] : [])]);
const unknown = args.find((arg) => !known.has(arg));

if (unknown || (args.includes('--from') && !from))
  fail(2, `Usage: ${cudaCommand} [-- --check | --from PATH]`);
else await main();

async function main(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return fail(2, cudaObstacles(findCudaFiles())[0]);
  if (!args.includes('--check')) {
    const problem = from ? takeProviderFiles(from, packageVersion('onnxruntime-node')) : await install();
    if (problem) return fail(1, problem);
  }
  const findings = findCuda();
  for (const { name, isThere } of findings.providerFiles) say(isThere, name);
  const obstacles = cudaObstacles(findings);
  const problems = [...obstacles, ...cudaDoubts(findings)];
  for (const problem of problems) say(false, problem);
  if (obstacles.length > 0) return fail(1, 'CUDA cannot be used yet.');
  const session = path.join(import.meta.dirname, 'support', 'cuda-session.ts');
  const ran = await runCommand(process.execPath, [session], { timeoutMs: sessionLimitMs });
  if (ran.status !== 0) {
    const reason = ran.stderr.trim().split('\n').at(-1) ?? '';
    return fail(1, `A product on CUDA failed: ${reason || 'the program ended without a word'}`);
  }
  say(true, ran.stdout.trim());
  console.log('CUDA works; recipes ask for it by provider: cuda, or get it by provider: auto.');
}

/** By onnxruntime-node's own script; what went wrong, in words, or null. */
async function install(): Promise<string | null> {
  const script = path.join(packageFolder('onnxruntime-node'), 'script', 'install.js');
  console.log('Fetching the CUDA provider files by the script of onnxruntime-node (about 200 MB) …');
  const ran = await runCommand(process.execPath, [script, '--onnxruntime-node-install=cuda12'], {
    timeoutMs: installLimitMs,
  });
  if (ran.status === 0) return null;
  return downloadProblem(ran.isTimedOut ? 'ETIMEDOUT' : ran.stderr, packageVersion('onnxruntime-node'));
}

function say(ok: boolean, text: string): void {
  console.log(`${ok ? 'ok     ' : 'missing'}  ${text}`);
}

function fail(status: 1 | 2, sentence: string): void {
  console.error(sentence);
  process.exitCode = status;
}
