import { cudaCommand } from '../../native-workers/capture/cuda-findings.ts';

/** The package that onnxruntime's own script takes the CUDA files from, and where it can be had by hand. */
export function nugetPackage(version: string): { name: string; version: string; url: string } {
  const name = 'Microsoft.ML.OnnxRuntime.Gpu.Linux';
  return { name, version, url: `https://www.nuget.org/api/v2/package/${name}/${version}` };
}

const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|socket hang up/;
const certificate = /certificate|CERT_|self.signed/i;

/** What onnxruntime's install script said, in words: what went wrong and what to do. */
export function downloadProblem(stderr: string, version: string): string {
  const { url, name } = nugetPackage(version);
  const byHand = `Fetch ${url} on a machine that can (${name} ${version}), copy it here and run: ${cudaCommand} -- --from FILE.nupkg (the wheel onnxruntime-gpu ${version} does as well)`;
  const proxy = 'behind a proxy set GLOBAL_AGENT_HTTPS_PROXY';
  const code = /HTTP status code = (\d+)/.exec(stderr)?.[1];
  if (unreachable.test(stderr)) return `api.nuget.org is out of reach from here (${proxy}). ${byHand}`;
  if (certificate.test(stderr))
    return `api.nuget.org was not trusted: its certificate is not the one expected (NODE_EXTRA_CA_CERTS names further ones). ${byHand}`;
  if (code) return `api.nuget.org answered with HTTP status ${code} (${proxy}). ${byHand}`;
  if (/specific package versions/.test(stderr))
    return `api.nuget.org has no ${name} ${version}. Run npm ci again.`;
  if (/ENOSPC/.test(stderr))
    return 'The disk is full: the CUDA provider files need about 700 MB while they are unpacked.';
  if (/EACCES|EPERM|EROFS/.test(stderr))
    return 'node_modules cannot be written to; run this as the one who ran npm ci.';
  const last =
    stderr
      .trim()
      .split('\n')
      .findLast((line) => /Error/.test(line)) ?? 'it gave no reason';
  return `onnxruntime-node's install script failed: ${last.trim()}. ${byHand}`;
}
