import { createRequire } from 'node:module';
import type Koffi from 'koffi';

export interface Blas {
  /** As shown to people: `OpenBLAS 0.3.21`. */
  title: string;
  /**
   * C := A A^T + beta C, upper triangle; A row-major [n x k] with row stride lda. Runs on a thread of the process's
   * pool, so the caller goes on; the arrays must stay where they are until it resolves.
   */
  ssyrk(
    n: number,
    k: number,
    a: Float32Array,
    lda: number,
    beta: number,
    c: Float32Array,
    ldc: number,
  ): Promise<void>;
  /** C += A B^T; A row-major [m x k], B [n x k], both with row stride ldab. As `ssyrk` otherwise. */
  sgemm(
    m: number,
    n: number,
    k: number,
    a: Float32Array,
    b: Float32Array,
    ldab: number,
    c: Float32Array,
    ldc: number,
  ): Promise<void>;
  setThreads(count: number): void;
}

interface Candidate {
  library: string;
  title: string;
  threads?: string;
  config?: string;
}

const candidates: Partial<Record<NodeJS.Platform, Candidate[]>> = {
  linux: [
    {
      library: 'libopenblas.so.0',
      title: 'OpenBLAS',
      threads: 'openblas_set_num_threads',
      config: 'openblas_get_config',
    },
    {
      library: 'libopenblas.so',
      title: 'OpenBLAS',
      threads: 'openblas_set_num_threads',
      config: 'openblas_get_config',
    },
  ],
  darwin: [{ library: '/System/Library/Frameworks/Accelerate.framework/Accelerate', title: 'Accelerate' }],
  win32: [
    {
      library: 'libopenblas.dll',
      title: 'OpenBLAS',
      threads: 'openblas_set_num_threads',
      config: 'openblas_get_config',
    },
  ],
};

const rowMajor = 101;
const upper = 121;
const noTranspose = 111;
const transpose = 112;

/**
 * The system's BLAS through its C interface, or null where there is none. Setting CONSILIENCE_BLAS=none leaves it out,
 * any other value names the library to load.
 */
export function loadBlas(environment: NodeJS.ProcessEnv = process.env): Blas | null {
  // Idle OpenBLAS threads otherwise spin for a quarter of a second and take the cores from inference.
  environment.OPENBLAS_THREAD_TIMEOUT ??= '4';
  const wish = environment.CONSILIENCE_BLAS;
  if (wish === 'none') return null;
  const list = wish ? [{ library: wish, title: 'BLAS' }] : (candidates[process.platform] ?? []);
  for (const candidate of list) {
    const blas = bind(candidate);
    if (blas) return blas;
  }
  return null;
}

function bind(candidate: Candidate): Blas | null {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
    const library = koffi.load(candidate.library);
    const ssyrk = library.func(
      'void cblas_ssyrk(int order, int uplo, int trans, int n, int k, float alpha, const void *a, int lda, float beta, void *c, int ldc)',
    );
    const sgemm = library.func(
      'void cblas_sgemm(int order, int transA, int transB, int m, int n, int k, float alpha, const void *a, int lda, const void *b, int ldb, float beta, void *c, int ldc)',
    );
    const threads = candidate.threads ? library.func(`void ${candidate.threads}(int count)`) : null;
    const config = candidate.config ? (library.func(`const char *${candidate.config}()`)() as string) : '';
    const version = /\d+\.\d+\.\d+/.exec(config)?.[0] ?? '';
    return {
      title: [candidate.title, version].filter(Boolean).join(' '),
      ssyrk: (n, k, a, lda, beta, c, ldc) =>
        new Promise((resolve, reject) => {
          ssyrk.async(rowMajor, upper, noTranspose, n, k, 1, a, lda, beta, c, ldc, (error: Error | null) =>
            error ? reject(error) : resolve(),
          );
        }),
      sgemm: (m, n, k, a, b, ldab, c, ldc) =>
        new Promise((resolve, reject) => {
          sgemm.async(
            rowMajor,
            noTranspose,
            transpose,
            m,
            n,
            k,
            1,
            a,
            ldab,
            b,
            ldab,
            1,
            c,
            ldc,
            (error: Error | null) => (error ? reject(error) : resolve()),
          );
        }),
      setThreads: (count) => void threads?.(count),
    };
  } catch {
    // No such library on this machine: the next candidate, or the portable path.
    return null;
  }
}
