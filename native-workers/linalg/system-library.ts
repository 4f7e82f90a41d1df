import { createRequire } from 'node:module';
import type Koffi from 'koffi';

type Library = ReturnType<typeof Koffi.load>;

/** The system's BLAS and LAPACK in one library. */
export interface SystemLibrary {
  /** As shown to people: `OpenBLAS 0.3.21`. */
  title: string;
  library: Library;
  /** For the whole process; null where the library decides itself. */
  setThreads: ((count: number) => void) | null;
}

interface Candidate {
  library: string;
  title: string;
  threads?: string;
  config?: string;
}

const openBlas = (library: string): Candidate => ({
  library,
  title: 'OpenBLAS',
  threads: 'openblas_set_num_threads',
  config: 'openblas_get_config',
});

const candidates: Partial<Record<NodeJS.Platform, Candidate[]>> = {
  linux: [openBlas('libopenblas.so.0'), openBlas('libopenblas.so')],
  darwin: [{ library: '/System/Library/Frameworks/Accelerate.framework/Accelerate', title: 'Accelerate' }],
  win32: [openBlas('libopenblas.dll')],
};

/**
 * The first library of this platform that loads, or null. Setting CONSILIENCE_BLAS=none leaves it out, any other
 * value names the library to load.
 */
export function openSystemLibrary(environment: NodeJS.ProcessEnv = process.env): SystemLibrary | null {
  // Idle OpenBLAS threads otherwise spin for a quarter of a second and take the cores from inference.
  environment.OPENBLAS_THREAD_TIMEOUT ??= '4';
  const wish = environment.CONSILIENCE_BLAS;
  if (wish === 'none') return null;
  const list: Candidate[] = wish ? [{ library: wish, title: 'BLAS' }] : (candidates[process.platform] ?? []);
  for (const candidate of list) {
    const found = open(candidate);
    if (found) return found;
  }
  return null;
}

function open(candidate: Candidate): SystemLibrary | null {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
    const library = koffi.load(candidate.library);
    const threads = candidate.threads ? library.func(`void ${candidate.threads}(int count)`) : null;
    const config = candidate.config ? (library.func(`const char *${candidate.config}()`)() as string) : '';
    const version = /\d+\.\d+\.\d+/.exec(config)?.[0] ?? '';
    return {
      title: [candidate.title, version].filter(Boolean).join(' '),
      library,
      setThreads: threads && ((count) => void threads(count)),
    };
  } catch {
    // No such library on this machine: the next candidate, or the portable path.
    return null;
  }
}
