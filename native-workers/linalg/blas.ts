import { openSystemLibrary } from './system-library.ts';

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

const rowMajor = 101;
const upper = 121;
const noTranspose = 111;
const transpose = 112;

/** The system's BLAS through its C interface, or null where there is none: see `openSystemLibrary`. */
export function loadBlas(environment: NodeJS.ProcessEnv = process.env): Blas | null {
  const system = openSystemLibrary(environment);
  if (!system) return null;
  try {
    const ssyrk = system.library.func(
      'void cblas_ssyrk(int order, int uplo, int trans, int n, int k, float alpha, const void *a, int lda, float beta, void *c, int ldc)',
    );
    const sgemm = system.library.func(
      'void cblas_sgemm(int order, int transA, int transB, int m, int n, int k, float alpha, const void *a, int lda, const void *b, int ldb, float beta, void *c, int ldc)',
    );
    return {
      title: system.title,
      ssyrk: (n, k, a, lda, beta, c, ldc) =>
        settled(
          (done) => void ssyrk.async(rowMajor, upper, noTranspose, n, k, 1, a, lda, beta, c, ldc, done),
        ),
      sgemm: (m, n, k, a, b, ldab, c, ldc) =>
        settled(
          (done) =>
            void sgemm.async(rowMajor, noTranspose, transpose, m, n, k, 1, a, ldab, b, ldab, 1, c, ldc, done),
        ),
      setThreads: (count) => system.setThreads?.(count),
    };
  } catch {
    // A library without the C interface: the portable path.
    return null;
  }
}

function settled(start: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
