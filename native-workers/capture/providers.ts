import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConcreteProvider, ProviderName, ProviderStatus } from '#core/domain/provider.ts';
import {
  cudaDoubts,
  cudaMajor,
  cudaObstacles,
  findCuda,
  findCudaFiles,
  providerFolder,
  type CudaFindings,
} from './cuda-findings.ts';

/** onnxruntime's own names. */
export const runtimeProviderName: Record<ConcreteProvider, string> = {
  cpu: 'cpu',
  cuda: 'cuda',
  webgpu: 'webgpu',
  directml: 'dml',
  coreml: 'coreml',
};

/** Why a provider cannot be tried at all here, or null where trying makes sense. */
export function providerObstacle(name: ConcreteProvider): string | null {
  const { platform, arch } = process;
  if (name === 'cuda') {
    const obstacles = cudaObstacles(findCudaFiles());
    return obstacles.length > 0 ? obstacles.join(' ') : null;
  }
  if (name === 'directml') {
    if (platform !== 'win32') return 'DirectML exists on Windows alone.';
    if (!existsSync(join(providerFolder(), 'DirectML.dll')))
      return 'DirectML.dll is missing from onnxruntime-node; run npm ci again.';
  }
  if (name === 'coreml') {
    if (platform !== 'darwin') return 'Core ML exists on macOS alone.';
    if (arch !== 'arm64') return 'onnxruntime-node has Core ML for Apple silicon alone.';
  }
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
  const findings = findCuda();
  return names.map((name) => {
    const obstacle = providerObstacle(name);
    // Of CUDA all that is missing is said at once.
    if (name === 'cuda' && process.platform === 'linux') return cudaStatus(findings);
    if (obstacle) return { name, available: false, note: obstacle };
    if (name === 'cpu') return { name, available: true, note: 'Always there.' };
    if (name === 'webgpu') return { name, available: false, note: webgpuNote(findings) };
    return { name, available: true, note: 'Its files are here; it is tried when asked for, and by auto.' };
  });
}

/** In words what CUDA lacks: it is available where nothing keeps it from being tried. */
export function cudaStatus(findings: CudaFindings): ProviderStatus {
  const obstacles = cudaObstacles(findings);
  // Where the platform is the wrong one there is nothing to be found.
  const doubts = findings.arch === 'x64' ? cudaDoubts(findings) : [];
  const said = [...obstacles, ...doubts];
  if (said.length === 0)
    said.push(
      `Its files, the driver, CUDA ${cudaMajor(findings.needed) ?? ''} and cuDNN 9 are here; it is tried when asked for, and by auto.`,
    );
  return { name: 'cuda', available: obstacles.length === 0, note: said.join(' ') };
}

/** WebGPU runs on Vulkan on Linux, and shows only when it is asked for whether there is an adapter. */
function webgpuNote({ platform, libraries }: CudaFindings): string {
  if (platform === 'linux' && !libraries.has('libvulkan.so.1'))
    return 'Bundled, but the Vulkan loader libvulkan.so.1 was not found: install libvulkan1 and the driver of the graphics card.';
  return 'Bundled; whether this machine has an adapter for it shows when it is asked for.';
}
