import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { neededByElf } from '../files/elf-needed.ts';

/** What there has to be before CUDA can be tried. */
export interface CudaFiles {
  platform: NodeJS.Platform;
  arch: string;
  /** Of onnxruntime's provider, which of its files are whole ELF libraries. */
  providerFiles: { name: string; isThere: boolean }[];
  /** Whether the kernel has the NVIDIA driver. */
  hasDriver: boolean;
}

/** What CUDA needs, as it is found on this machine. */
export interface CudaFindings extends CudaFiles {
  /** Of NVIDIA's libraries, by their sonames: those that the provider file needs; none where it is not there. */
  needed: readonly string[];
  /** Of those, the driver's and Vulkan's, what programs find. */
  libraries: ReadonlySet<string>;
}

/** The command that installs and checks the provider files. */
export const cudaCommand = 'npm run cuda';

export const cudaProviderFiles = [
  'libonnxruntime_providers_shared.so',
  'libonnxruntime_providers_cuda.so',
] as const;

const driverLibrary = 'libcuda.so.1';
/** The provider opens it when it is first asked for a convolution; it need not be linked to it. */
const cudnn = 'libcudnn.so.9';

/** Folder of onnxruntime's libraries for this platform. */
export function providerFolder(): string {
  const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const bin = join(root, 'bin');
  const napi = existsSync(bin) ? readdirSync(bin).find((name) => name.startsWith('napi')) : undefined;
  return join(bin, napi ?? 'napi-v6', process.platform, process.arch);
}

export function findCudaFiles(): CudaFiles {
  const folder = providerFolder();
  return {
    platform: process.platform,
    arch: process.arch,
    providerFiles: cudaProviderFiles.map((name) => ({
      name,
      isThere: neededByElf(join(folder, name)) !== null,
    })),
    hasDriver: ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'].some((path) => existsSync(path)),
  };
}

export function findCuda(): CudaFindings {
  const files = findCudaFiles();
  const needed = neededLibraries();
  const names = [driverLibrary, 'libvulkan.so.1', ...needed];
  return { ...files, needed, libraries: process.platform === 'linux' ? findLibraries(names) : new Set() };
}

/** What the provider file is linked to: of which CUDA it is, is said nowhere else. */
function neededLibraries(): string[] {
  const linked = neededByElf(join(providerFolder(), cudaProviderFiles[1]));
  if (!linked) return [];
  return [...new Set([...linked.filter((name) => /^libcu/.test(name) && name !== driverLibrary), cudnn])];
}

/** CUDA's major version, from the names of libraries that carry it: "13"; null where none does. */
export function cudaMajor(libraries: readonly string[]): string | null {
  for (const name of libraries) {
    const found = /^libcu(?:dart|blas|blasLt)\.so\.(\d+)/.exec(name);
    if (found) return found[1];
  }
  return null;
}

/** What keeps CUDA from being tried at all, in a sentence each; none where trying makes sense. */
export function cudaObstacles({ platform, arch, providerFiles, hasDriver }: CudaFiles): string[] {
  if (platform !== 'linux' || arch !== 'x64')
    return [
      'CUDA is offered by onnxruntime-node on Linux x64 alone; use DirectML on Windows, Core ML on macOS, CPU elsewhere.',
    ];
  const missing = providerFiles.filter(({ isThere }) => !isThere).map(({ name }) => name);
  const found: string[] = [];
  if (missing.length > 0)
    found.push(
      `The CUDA provider files are not installed (${missing.join(', ')}); with network access run: ${cudaCommand}.`,
    );
  if (!hasDriver)
    found.push(
      'No NVIDIA driver was found on this machine; it needs an NVIDIA card and the vendor’s driver (nvidia-smi shows both).',
    );
  return found;
}

/**
 * What else was not found, in a sentence each. No reason not to try: libraries may lie where only the loader looks.
 */
export function cudaDoubts({ platform, hasDriver, needed, libraries }: CudaFindings): string[] {
  if (platform !== 'linux') return [];
  const doubts: string[] = [];
  if (hasDriver && !libraries.has(driverLibrary))
    doubts.push(
      'The NVIDIA driver is loaded, but its library libcuda.so.1 was not found; in a container start it with the card (--gpus all, or --nv).',
    );
  const major = cudaMajor(needed);
  const byWhat = new Map<string, { sonames: string[]; remedy: string }>();
  for (const soname of needed) {
    if (libraries.has(soname)) continue;
    const { what, remedy } = homeOf(soname, major);
    const entry = byWhat.get(what) ?? { sonames: [], remedy };
    entry.sonames.push(soname);
    byWhat.set(what, entry);
  }
  for (const [what, { sonames, remedy }] of byWhat)
    doubts.push(
      `Of ${what}, ${sonames.join(', ')} ${sonames.length > 1 ? 'were' : 'was'} not found: ${remedy}, and see that LD_LIBRARY_PATH names its folder.`,
    );
  return doubts;
}

/** What a library of NVIDIA's is part of, in the words of who has to be asked for it. */
function homeOf(soname: string, major: string | null): { what: string; remedy: string } {
  const cuda = major ? `CUDA ${major}` : 'CUDA';
  if (soname.startsWith('libcudnn'))
    return {
      what: `cuDNN 9 for ${cuda}`,
      remedy: `install it (package cudnn9-cuda${major ? `-${major}` : ''}), or load the cluster’s module of it`,
    };
  return {
    what: `the ${cuda} runtime`,
    remedy: `install the ${cuda} toolkit, or load the cluster’s module of it (module load cuda${major ? `/${major}` : ''})`,
  };
}

/** What a library is part of that the loader did not find; null where it is none of NVIDIA's. */
export function partOf(soname: string): string | null {
  if (soname === driverLibrary)
    return 'libcuda.so.1 was not found; it is part of the NVIDIA driver: install the driver, or start the container with the card.';
  if (!/^libcu/.test(soname)) return null;
  const { what, remedy } = homeOf(soname, cudaMajor([soname, ...neededLibraries()]));
  return `${soname} was not found; it is part of ${what}: ${remedy}.`;
}

/** Those of the named libraries that are in the loader's cache or in the folders of LD_LIBRARY_PATH. */
function findLibraries(names: readonly string[]): Set<string> {
  const folders = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean);
  let cache = '';
  try {
    cache = readFileSync('/etc/ld.so.cache', 'latin1');
  } catch {
    // A system without one: the folders are all there is.
  }
  // Names share the ends of paths where ldconfig stores no string twice (glibc 2.33 and newer).
  const isCached = (name: string) => cache.includes(`\0${name}\0`) || cache.includes(`/${name}\0`);
  return new Set(
    names.filter((name) => isCached(name) || folders.some((folder) => existsSync(join(folder, name)))),
  );
}
