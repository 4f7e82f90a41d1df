import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

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
  /** Libraries of NVIDIA's, and Vulkan's, that programs find, by their sonames. */
  libraries: ReadonlySet<string>;
}

/** The command that installs and checks the provider files. */
export const cudaCommand = 'npm run cuda';

export const cudaProviderFiles = [
  'libonnxruntime_providers_shared.so',
  'libonnxruntime_providers_cuda.so',
] as const;

/** What the provider is linked to, in the words of who has to be asked for it. */
const neededLibraries: { soname: string; what: string; remedy: string }[] = [
  ...['libcudart.so.12', 'libcublas.so.12', 'libcublasLt.so.12', 'libcufft.so.11', 'libcurand.so.10'].map(
    (soname) => ({
      soname,
      what: 'the CUDA 12 runtime',
      remedy: 'install the CUDA 12 toolkit, or load the cluster’s module of it (module load cuda/12)',
    }),
  ),
  {
    soname: 'libcudnn.so.9',
    what: 'cuDNN 9 for CUDA 12',
    remedy: 'install it (package cudnn9-cuda-12), or load the cluster’s module of it',
  },
];

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
    providerFiles: cudaProviderFiles.map((name) => ({ name, isThere: isElf(join(folder, name)) })),
    hasDriver: ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'].some((path) => existsSync(path)),
  };
}

export function findCuda(): CudaFindings {
  const names = ['libcuda.so.1', 'libvulkan.so.1', ...neededLibraries.map(({ soname }) => soname)];
  return { ...findCudaFiles(), libraries: process.platform === 'linux' ? findLibraries(names) : new Set() };
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
export function cudaDoubts({ platform, hasDriver, libraries }: CudaFindings): string[] {
  if (platform !== 'linux') return [];
  const doubts: string[] = [];
  if (hasDriver && !libraries.has('libcuda.so.1'))
    doubts.push(
      'The NVIDIA driver is loaded, but its library libcuda.so.1 was not found; in a container start it with the card (--gpus all, or --nv).',
    );
  const byWhat = new Map<string, { sonames: string[]; remedy: string }>();
  for (const { soname, what, remedy } of neededLibraries) {
    if (libraries.has(soname)) continue;
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

/** What a library is part of that the loader did not find. */
export function partOf(soname: string): string | null {
  const found = neededLibraries.find((library) => library.soname === soname);
  if (found) return `${soname} was not found; it is part of ${found.what}: ${found.remedy}.`;
  if (soname === 'libcuda.so.1')
    return 'libcuda.so.1 was not found; it is part of the NVIDIA driver: install the driver, or start the container with the card.';
  return null;
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
  return new Set(
    names.filter(
      (name) => cache.includes(`\0${name}\0`) || folders.some((folder) => existsSync(join(folder, name))),
    ),
  );
}

/** A library that was cut short while it was downloaded is not there. */
function isElf(path: string): boolean {
  if (!existsSync(path) || statSync(path).size < 1024) return false;
  const start = Buffer.alloc(4);
  const file = openSync(path, 'r');
  readSync(file, start, 0, 4, 0);
  closeSync(file);
  return start.equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
}
