import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { cudaProviderFiles, providerFolder } from '../../native-workers/capture/cuda-findings.ts';
import { nugetPackage } from './cuda-words.ts';

/**
 * Takes the provider files out of what was fetched by hand: onnxruntime's package for NuGet (.nupkg), its wheel for
 * Python (onnxruntime_gpu-*.whl), or a folder that holds them. What went wrong, in words, or null.
 */
export function takeProviderFiles(from: string, version: string, to = providerFolder()): string | null {
  if (!existsSync(from)) return `${from} does not exist; give the package or the folder that you fetched.`;
  return statSync(from).isDirectory() ? takeFromFolder(from, to) : takeFromArchive(from, version, to);
}

function takeFromFolder(folder: string, to: string): string | null {
  const missing = cudaProviderFiles.filter((name) => !existsSync(path.join(folder, name)));
  if (missing.length > 0) return `${folder} does not hold ${missing.join(' and ')}.`;
  mkdirSync(to, { recursive: true });
  for (const name of cudaProviderFiles) copyFileSync(path.join(folder, name), path.join(to, name));
  return null;
}

function takeFromArchive(file: string, version: string, to: string): string | null {
  const { name: nuget } = nugetPackage(version);
  const wanted = `${nuget} ${version} or the wheel onnxruntime-gpu ${version} for Linux x86_64`;
  let content: Record<string, Uint8Array>;
  try {
    content = unzipSync(readFileSync(file), {
      filter: ({ name }) => isProviderFile(name) || isDescription(name),
    });
  } catch (error) {
    return `${file} cannot be read as a package (${error instanceof Error ? error.message : String(error)}); fetch it again.`;
  }
  const found = versionIn(content);
  // A provider calls the runtime by places in a table, which move from version to version.
  if (found && found !== version)
    return `${file} is version ${found}, and a provider fits its own version of onnxruntime alone: fetch ${wanted}.`;
  const files = cudaProviderFiles.map((name) =>
    Object.entries(content).find(([inside]) => path.posix.basename(inside) === name),
  );
  const missing = cudaProviderFiles.filter((_, at) => !files[at]);
  if (missing.length > 0) return `${file} does not hold ${missing.join(' and ')}; it has to be ${wanted}.`;
  mkdirSync(to, { recursive: true });
  for (const entry of files) {
    if (!entry) continue;
    const target = path.join(to, path.posix.basename(entry[0]));
    writeFileSync(target, entry[1]);
    chmodSync(target, 0o755);
  }
  return null;
}

function isProviderFile(inside: string): boolean {
  const isLinux = !inside.startsWith('runtimes/') || inside.startsWith('runtimes/linux-x64/');
  return isLinux && cudaProviderFiles.some((name) => path.posix.basename(inside) === name);
}

function isDescription(inside: string): boolean {
  return inside.endsWith('.dist-info/METADATA') || /^[^/]*\.nuspec$/.test(inside);
}

function versionIn(content: Record<string, Uint8Array>): string | null {
  for (const [inside, bytes] of Object.entries(content)) {
    if (!isDescription(inside)) continue;
    const text = new TextDecoder().decode(bytes);
    const found = /^Version: (\S+)/m.exec(text) ?? /<version>([^<]+)<\/version>/.exec(text);
    if (found) return found[1].trim();
  }
  return null;
}
