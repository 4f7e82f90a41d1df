// CUDA's provider files for onnxruntime: `npm run cuda` installs and checks them, `-- --check` only checks,
// `-- --from FILE.nupkg` takes them out of a package that was fetched by hand.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import {
  cudaCommand,
  cudaDoubts,
  cudaObstacles,
  cudaProviderFiles,
  findCuda,
  findCudaFiles,
  providerFolder,
} from '../native-workers/capture/cuda-findings.ts';
import { downloadProblem, nugetPackage } from './support/cuda-words.ts';
import { packageFolder, packageVersion } from './support/repository.ts';
import { runCommand } from './support/run-command.ts';

const installLimitMs = 30 * 60_000;
const sessionLimitMs = 120_000;
const args = process.argv.slice(2);
const from = args.includes('--from') ? args[args.indexOf('--from') + 1] : null;
const known = new Set(['--check', '--from', ...(from ? [from] : [])]);
const unknown = args.find((arg) => !known.has(arg));

if (unknown || (args.includes('--from') && !from))
  fail(2, `Usage: ${cudaCommand} [-- --check | --from FILE.nupkg]`);
else await main();

async function main(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return fail(2, cudaObstacles(findCudaFiles())[0]);
  if (!args.includes('--check')) {
    const problem = from ? takeFrom(from) : await install();
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

function takeFrom(file: string): string | null {
  let content: Record<string, Uint8Array>;
  const inside = (name: string) => `runtimes/linux-x64/native/${name}`;
  try {
    const wanted = new Set(cudaProviderFiles.map(inside));
    content = unzipSync(readFileSync(file), { filter: ({ name }) => wanted.has(name) });
  } catch (error) {
    return `${file} cannot be read as a package (${error instanceof Error ? error.message : String(error)}); fetch it again.`;
  }
  const missing = cudaProviderFiles.filter((name) => !content[inside(name)]);
  if (missing.length > 0) {
    const { name, version } = nugetPackage(packageVersion('onnxruntime-node'));
    return `${file} does not hold ${missing.join(' and ')}; it has to be ${name} ${version}.`;
  }
  mkdirSync(providerFolder(), { recursive: true });
  for (const name of cudaProviderFiles) {
    const target = path.join(providerFolder(), name);
    writeFileSync(target, content[inside(name)]);
    chmodSync(target, 0o755);
  }
  return null;
}

function say(ok: boolean, text: string): void {
  console.log(`${ok ? 'ok     ' : 'missing'}  ${text}`);
}

function fail(status: 1 | 2, sentence: string): void {
  console.error(sentence);
  process.exitCode = status;
}
