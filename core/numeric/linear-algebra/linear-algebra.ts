/**
 * Dense float64 linear algebra on row-major arrays: what the subspace, clustering and mapping kernels need, and
 * nothing else. Inputs are never changed; results are new arrays. Back ends: the system's BLAS and LAPACK,
 * onnxruntime products with decompositions in WebAssembly (native-workers/linalg), plain TypeScript (pure.ts); all
 * pass the same tests. Decompositions are backward stable: residuals and lost orthogonality are a modest multiple of
 * n epsilon times the largest eigenvalue or singular value; small ones have no relative accuracy.
 *
 * Every method refuses input that is not finite or does not fit with a RangeError that names the argument.
 */
export interface LinearAlgebra {
  /** As shown to people and stored with results: `OpenBLAS 0.3.21`, `onnxruntime products`, `plain TypeScript`. */
  readonly title: string;

  /** C [m x n] = op(A) op(B), op(A) [m x k], op(B) [k x n]; op transposes where asked. O(mkn). */
  multiply(
    m: number,
    k: number,
    n: number,
    a: Float64Array,
    b: Float64Array,
    op?: Transposed,
  ): Promise<Float64Array>;

  /** C [n x n] = A^T A of A [m x n], both triangles filled. O(mn^2). */
  gram(m: number, n: number, a: Float64Array): Promise<Float64Array>;

  /**
   * Eigenvalues of a symmetric matrix, ascending, and orthonormal eigenvectors; reads the upper triangle.
   * `range` [first, count] limits the answer to those of the given ranks (0 = smallest).
   */
  symmetricEigen(
    n: number,
    a: Float64Array,
    range?: { first: number; count: number },
  ): Promise<SymmetricEigen>;

  /** Eigenvalues alone of a symmetric matrix, ascending; reads the upper triangle. A third of the time or less. */
  eigenvalues(n: number, a: Float64Array): Promise<Float64Array>;

  /** Singular values alone of A [m x n], descending. */
  singularValues(m: number, n: number, a: Float64Array): Promise<Float64Array>;

  /** Thin singular value decomposition A [m x n] = U diag(s) V^T, r = min(m, n), s descending. */
  svd(m: number, n: number, a: Float64Array): Promise<SingularValues>;

  /** Thin QR of A [m x n], m >= n: Q [m x n] orthonormal columns, R [n x n] upper, diagonal not negative. */
  qr(m: number, n: number, a: Float64Array): Promise<{ q: Float64Array; r: Float64Array }>;

  /** Lower Cholesky factor [n x n] of a symmetric matrix (upper triangle read); null where it is not positive definite. */
  cholesky(n: number, a: Float64Array): Promise<Float64Array | null>;
}

export interface Transposed {
  a?: boolean;
  b?: boolean;
}

export interface SymmetricEigen {
  /** [count] ascending */
  values: Float64Array;
  /** [count x n] row k is the eigenvector of values[k] */
  vectors: Float64Array;
}

export interface SingularValues {
  /** [m x r] */
  u: Float64Array;
  /** [r] descending */
  s: Float64Array;
  /** [r x n] */
  vt: Float64Array;
}
