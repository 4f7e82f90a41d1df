import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ConcreteProvider, ProviderName, ProviderStatus } from '#core/domain/provider.ts';

/** onnxruntime's own names. */
export const runtimeProviderName: Record<ConcreteProvider, string> = {
  cpu: 'cpu',
  cuda: 'cuda',
  webgpu: 'webgpu',
  directml: 'dml',
  coreml: 'coreml',
};

const cudaInstall = 'node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12';

/** Folder of onnxruntime's libraries for this platform. */
function libraryFolder(): string {
  const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const bin = join(root, 'bin');
  const napi = existsSync(bin) ? readdirSync(bin).find((name) => name.startsWith('napi')) : undefined;
  return join(bin, napi ?? 'napi-v6', process.platform, process.arch);
}

function cudaFilesMissing(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return 'CUDA is offered by onnxruntime-node on Linux x64 alone; use DirectML on Windows, Core ML on macOS.';
  }
  if (existsSync(join(libraryFolder(), 'libonnxruntime_providers_cuda.so'))) return null;
  return `The CUDA provider files are not installed; with network access run: ${cudaInstall}. CUDA 12, cuDNN 9 and an NVIDIA driver are needed too.`;
}

function nvidiaDriverMissing(): string | null {
  if (existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl') || existsSync('/dev/dxg'))
    return null;
  return 'No NVIDIA driver was found on this machine.';
}

/** Why a provider cannot be tried at all here, or null where trying makes sense. */
export function providerObstacle(name: ConcreteProvider): string | null {
  if (name === 'cuda') return cudaFilesMissing() ?? nvidiaDriverMissing();
  if (name === 'directml' && process.platform !== 'win32') return 'DirectML exists on Windows alone.';
  if (name === 'coreml' && process.platform !== 'darwin') return 'Core ML exists on macOS alone.';
  return null;
}

/**
 * Providers to try for a wish, in order; the CPU always ends the list. `auto` is the platform's GPU provider where
 * its files and driver are present, else the CPU. WebGPU is used when asked for by name only: it may run on a
 * software adapter, which is slower than the CPU.
 */
export function providersToTry(asked: ProviderName): ConcreteProvider[] {
  if (asked === 'cpu') return ['cpu'];
  if (asked !== 'auto') return [asked, 'cpu'];
  const byPlatform: Partial<Record<NodeJS.Platform, ConcreteProvider>> = {
    linux: 'cuda',
    win32: 'directml',
    darwin: 'coreml',
  };
  const preferred = byPlatform[process.platform];
  return preferred && providerObstacle(preferred) === null ? [preferred, 'cpu'] : ['cpu'];
}

/** One line per provider, in words, without starting a session. */
export function providerStatuses(): ProviderStatus[] {
  const names: ConcreteProvider[] = ['cpu', 'cuda', 'webgpu', 'directml', 'coreml'];
  return names.map((name) => {
    const obstacle = providerObstacle(name);
    if (obstacle) return { name, available: false, note: obstacle };
    if (name === 'cpu') return { name, available: true, note: 'Always there.' };
    const note =
      name === 'webgpu'
        ? 'Bundled; whether this machine has an adapter for it shows when it is asked for.'
        : 'Its files are here; it is tried when asked for, and by auto.';
    return { name, available: name !== 'webgpu', note };
  });
}
