import { availableParallelism } from 'node:os';
import {
  allFinite,
  requireMatrix,
  requireRange,
  requireSize,
} from '#core/numeric/linear-algebra/require-matrix.ts';
import type { LinearAlgebra, SymmetricEigen } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { release } from '#core/numeric/linear-algebra/release.ts';
import { mirrorUpper } from '#core/numeric/linear-algebra/mirror-upper.ts';
import { transpose } from '#core/numeric/matching/transpose.ts';
import { isDivided } from './divided-calls.ts';
import { LibraryTurns, turnsOfThread } from './library-turns.ts';
import { openSystemLibrary, type SystemLibrary } from './system-library.ts';

const rowMajor = 101;
const noTranspose = 111;
const transposed = 112;
const upper = 121;

/** LAPACK's Fortran routines end with the hidden lengths of their character arguments. */
function routines({ library }: SystemLibrary) {
  return {
    dgemm: library.func(
      'void cblas_dgemm(int order, int transA, int transB, int m, int n, int k, double alpha, const void *a, int lda, const void *b, int ldb, double beta, void *c, int ldc)',
    ),
    dsyrk: library.func(
      'void cblas_dsyrk(int order, int uplo, int trans, int n, int k, double alpha, const void *a, int lda, double beta, void *c, int ldc)',
    ),
    dsyevd: library.func(
      'void dsyevd_(const char *jobz, const char *uplo, const int *n, void *a, const int *lda, void *w, void *work, const int *lwork, void *iwork, const int *liwork, void *info, size_t l1, size_t l2)',
    ),
    dsyevr: library.func(
      'void dsyevr_(const char *jobz, const char *range, const char *uplo, const int *n, void *a, const int *lda, const double *vl, const double *vu, const int *il, const int *iu, const double *abstol, void *m, void *w, void *z, const int *ldz, void *isuppz, void *work, const int *lwork, void *iwork, const int *liwork, void *info, size_t l1, size_t l2, size_t l3)',
    ),
    dgesdd: library.func(
      'void dgesdd_(const char *jobz, const int *m, const int *n, void *a, const int *lda, void *s, void *u, const int *ldu, void *vt, const int *ldvt, void *work, const int *lwork, void *iwork, void *info, size_t l1)',
    ),
    dgeqrf: library.func(
      'void dgeqrf_(const int *m, const int *n, void *a, const int *lda, void *tau, void *work, const int *lwork, void *info)',
    ),
    dorgqr: library.func(
      'void dorgqr_(const int *m, const int *n, const int *k, void *a, const int *lda, const void *tau, void *work, const int *lwork, void *info)',
    ),
    dpotrf: library.func(
      'void dpotrf_(const char *uplo, const int *n, void *a, const int *lda, void *info, size_t l1)',
    ),
  };
}

/** The system's BLAS and LAPACK, or null where there is none. Row-major arrays are LAPACK's transposes. */
export function openLapack(environment: NodeJS.ProcessEnv = process.env): LinearAlgebra | null {
  const system = openSystemLibrary(environment);
  if (!system) return null;
  try {
    return new Lapack(system, routines(system));
  } catch {
    // A library without LAPACK: WebAssembly decomposes.
    return null;
  }
}

class Lapack implements LinearAlgebra {
  readonly title: string;
  readonly #turns: LibraryTurns | null;
  readonly #call: ReturnType<typeof routines>;

  constructor(system: SystemLibrary, call: ReturnType<typeof routines>) {
    this.title = system.title;
    const { setThreads } = system;
    this.#turns =
      setThreads && new LibraryTurns(turnsOfThread(), { divided: availableParallelism(), set: setThreads });
    this.#call = call;
  }

  multiply: LinearAlgebra['multiply'] = (m, k, n, a, b, op = {}) => {
    requireSize('a', a, m, k);
    requireSize('b', b, k, n);
    const c = new Float64Array(m * n);
    const requireFinite = () => {
      requireMatrix('a', a, m, k);
      requireMatrix('b', b, k, n);
    };
    if (c.length === 0 || k === 0) {
      requireFinite();
      return Promise.resolve(c);
    }
    const flag = (isTransposed: boolean | undefined) => (isTransposed ? transposed : noTranspose);
    const [lda, ldb] = [op.a ? m : k, op.b ? k : n];
    this.#run(
      isDivided('multiply', m, k, n),
      () => void this.#call.dgemm(rowMajor, flag(op.a), flag(op.b), m, n, k, 1, a, lda, b, ldb, 0, c, n),
    );
    // What is not finite spreads into the product, which is smaller than the factors.
    if (!allFinite(c)) requireFinite();
    return Promise.resolve(c);
  };

  gram: LinearAlgebra['gram'] = (m, n, a) => {
    requireMatrix('a', a, m, n);
    const c = new Float64Array(n * n);
    if (m === 0 || n === 0) return Promise.resolve(c);
    this.#run(
      isDivided('gram', m, n),
      () => void this.#call.dsyrk(rowMajor, upper, transposed, n, m, 1, a, n, 0, c, n),
    );
    mirrorUpper(n, c);
    return Promise.resolve(c);
  };

  symmetricEigen: LinearAlgebra['symmetricEigen'] = (n, a, range) => {
    requireMatrix('a', a, n, n);
    requireRange(n, range);
    const count = range?.count ?? n;
    if (count === 0 || n === 0)
      return Promise.resolve({ values: new Float64Array(0), vectors: new Float64Array(0) });
    return Promise.resolve(
      this.#run(isDivided('symmetricEigen', n), () =>
        range && count < n ? this.#someEigen(n, a, range) : this.#allEigen(n, a),
      ),
    );
  };

  eigenvalues: LinearAlgebra['eigenvalues'] = (n, a) => {
    requireMatrix('a', a, n, n);
    if (n === 0) return Promise.resolve(new Float64Array(0));
    const copy = a.slice();
    const values = new Float64Array(n);
    const [integers, info] = [new Int32Array(1), new Int32Array(1)];
    const call = (work: Float64Array, size: number) =>
      void this.#call.dsyevd('N', 'L', [n], copy, [n], values, work, [size], integers, [1], info, 1, 1);
    this.#run(isDivided('eigenvalues', n), () => withWorkspace(call));
    release(copy);
    requireSuccess('dsyevd', info);
    return Promise.resolve(values);
  };

  singularValues: LinearAlgebra['singularValues'] = (m, n, a) => {
    requireMatrix('a', a, m, n);
    const r = Math.min(m, n);
    const s = new Float64Array(r);
    if (r === 0) return Promise.resolve(s);
    const copy = a.slice();
    const [integers, info, none] = [new Int32Array(8 * r), new Int32Array(1), new Float64Array(1)];
    const call = (work: Float64Array, size: number) =>
      void this.#call.dgesdd(
        'N',
        [n],
        [m],
        copy,
        [n],
        s,
        none,
        [1],
        none,
        [1],
        work,
        [size],
        integers,
        info,
        1,
      );
    this.#run(isDivided('singularValues', m, n), () => withWorkspace(call));
    release(copy);
    requireSuccess('dgesdd', info);
    return Promise.resolve(s);
  };

  svd: LinearAlgebra['svd'] = (m, n, a) => {
    requireMatrix('a', a, m, n);
    const r = Math.min(m, n);
    const s = new Float64Array(r);
    // A is LAPACK's transpose, [n x m]: its left vectors are our right ones.
    const [u, vt] = [new Float64Array(m * r), new Float64Array(r * n)];
    if (r === 0) return Promise.resolve({ u, s, vt });
    const copy = a.slice();
    const integers = new Int32Array(8 * r);
    const info = new Int32Array(1);
    const call = (work: Float64Array, size: number) =>
      void this.#call.dgesdd('S', [n], [m], copy, [n], s, vt, [n], u, [r], work, [size], integers, info, 1);
    this.#run(isDivided('svd', m, n), () => withWorkspace(call));
    release(copy);
    requireSuccess('dgesdd', info);
    return Promise.resolve({ u, s, vt });
  };

  qr: LinearAlgebra['qr'] = (m, n, a) => {
    requireMatrix('a', a, m, n);
    if (m < n) throw new RangeError(`QR needs at least as many rows as columns, not ${m} x ${n}.`);
    if (n === 0) return Promise.resolve({ q: new Float64Array(0), r: new Float64Array(0) });
    const columns = transpose(a, m, n);
    const tau = new Float64Array(n);
    const info = new Int32Array(1);
    this.#run(isDivided('qr', m, n), () =>
      withWorkspace((work, size) => void this.#call.dgeqrf([m], [n], columns, [m], tau, work, [size], info)),
    );
    requireSuccess('dgeqrf', info);
    const r = new Float64Array(n * n);
    const sign = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      sign[i] = columns[i * m + i] < 0 ? -1 : 1;
      for (let j = i; j < n; j++) r[i * n + j] = sign[i] * columns[j * m + i];
    }
    this.#run(isDivided('qr', m, n), () =>
      withWorkspace(
        (work, size) => void this.#call.dorgqr([m], [n], [n], columns, [m], tau, work, [size], info),
      ),
    );
    requireSuccess('dorgqr', info);
    for (let j = 0; j < n; j++) {
      if (sign[j] < 0) for (let i = 0; i < m; i++) columns[j * m + i] = -columns[j * m + i];
    }
    const q = transpose(columns, n, m);
    release(columns);
    return Promise.resolve({ q, r });
  };

  cholesky: LinearAlgebra['cholesky'] = (n, a) => {
    requireMatrix('a', a, n, n);
    if (n === 0) return Promise.resolve(new Float64Array(0));
    // Our upper triangle is LAPACK's lower one.
    const factor = a.slice();
    const info = new Int32Array(1);
    this.#run(isDivided('cholesky', n), () => void this.#call.dpotrf('L', [n], factor, [n], info, 1));
    if (info[0] > 0) return Promise.resolve(null);
    requireSuccess('dpotrf', info);
    const lower = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) lower[i * n + j] = factor[j * n + i];
    release(factor);
    return Promise.resolve(lower);
  };

  #run<T>(divides: boolean, call: () => T): T {
    return this.#turns ? this.#turns.run(divides, call) : call();
  }

  /** Divide and conquer. */
  #allEigen(n: number, a: Float64Array): SymmetricEigen {
    const vectors = a.slice();
    const values = new Float64Array(n);
    const info = new Int32Array(1);
    const integerSize = 3 + 5 * n;
    const integers = new Int32Array(integerSize);
    const size = 1 + 6 * n + 2 * n * n;
    const work = new Float64Array(size);
    this.#call.dsyevd('V', 'L', [n], vectors, [n], values, work, [size], integers, [integerSize], info, 1, 1);
    release(work);
    requireSuccess('dsyevd', info);
    return { values, vectors };
  }

  /** Relatively robust representations, the asked eigenvalues alone. */
  #someEigen(n: number, a: Float64Array, { first, count }: { first: number; count: number }): SymmetricEigen {
    const copy = a.slice();
    const values = new Float64Array(n);
    const vectors = new Float64Array(count * n);
    const [found, info] = [new Int32Array(1), new Int32Array(1)];
    const support = new Int32Array(2 * count);
    const integers = new Int32Array(10 * n);
    withWorkspace(
      (work, size) =>
        void this.#call.dsyevr(
          ...['V', 'I', 'L', [n], copy, [n], [0], [0], [first + 1], [first + count], [0], found],
          ...[values, vectors, [n], support, work, [size], integers, [10 * n], info, 1, 1, 1],
        ),
    );
    release(copy);
    requireSuccess('dsyevr', info);
    return { values: values.slice(0, count), vectors };
  }
}

/** Asks a routine for its best workspace, then calls it with that. */
function withWorkspace(call: (work: Float64Array, size: number) => void): void {
  const query = new Float64Array(1);
  call(query, -1);
  const size = Math.max(1, Math.ceil(query[0]));
  const work = new Float64Array(size);
  call(work, size);
  release(work);
}

function requireSuccess(routine: string, info: Int32Array): void {
  if (info[0] !== 0) throw new Error(`${routine} ended with code ${info[0]}.`);
}
