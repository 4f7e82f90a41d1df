import { transpose } from '../matching/transpose.ts';
import { applyReflectors, reflectorRoom } from './block-reflectors.ts';
import { reduceToTriangular, triangularRoom } from './blocked-qr.ts';
import type { DenseArithmetic, DenseLoops } from './dense-arithmetic.ts';
import type { LinearAlgebra } from './linear-algebra.ts';
import { plainArithmetic, plainLoops } from './plain-arithmetic.ts';
import { release } from './release.ts';
import { requireMatrix, requireRange } from './require-matrix.ts';
import { tallSingularValues, tallSingularValuesRoom, tallSvd, tallSvdRoom } from './singular-values.ts';
import { eigenvaluesOf, eigenvaluesRoom, symmetricEigenOf, symmetricEigenRoom } from './symmetric-eigen.ts';

/** Linear algebra on the given loops; a problem that they have no room for runs on the plain ones. */
export function createLinearAlgebra(title: string, arithmetic: DenseArithmetic): LinearAlgebra {
  const open = (values: number) => arithmetic.open(values) ?? plainLoops;
  return {
    title,

    multiply(m, k, n, a, b, op = {}) {
      requireMatrix('a', a, m, k);
      requireMatrix('b', b, k, n);
      return Promise.resolve(product(open(m * k + k * n + m * n), m, k, n, a, b, op));
    },

    gram(m, n, a) {
      requireMatrix('a', a, m, n);
      return Promise.resolve(product(open(2 * m * n + n * n), n, m, n, a, a, { a: true }));
    },

    symmetricEigen(n, a, range) {
      requireMatrix('a', a, n, n);
      requireRange(n, range);
      const { first, count } = range ?? { first: 0, count: n };
      const { scale, scaled } = toUnitScale(a);
      const loops = open(symmetricEigenRoom(n, count));
      const { values, vectors } = symmetricEigenOf(loops, n, scaled, first, count);
      releaseCopies(a, scaled);
      return Promise.resolve({ values: values.map((value) => value * scale), vectors });
    },

    eigenvalues(n, a) {
      requireMatrix('a', a, n, n);
      const { scale, scaled } = toUnitScale(a);
      const values = eigenvaluesOf(open(eigenvaluesRoom(n)), n, scaled);
      releaseCopies(a, scaled);
      return Promise.resolve(values.map((value) => value * scale));
    },

    singularValues(m, n, a) {
      requireMatrix('a', a, m, n);
      const { scale, scaled } = toUnitScale(a);
      const [rows, columns] = [Math.max(m, n), Math.min(m, n)];
      const tall = m < n ? transpose(scaled, m, n) : scaled;
      const loops = open(tallSingularValuesRoom(rows, columns));
      const values = tallSingularValues(loops, rows, columns, tall);
      releaseCopies(a, scaled, tall);
      return Promise.resolve(values.map((value) => value * scale));
    },

    svd(m, n, a) {
      requireMatrix('a', a, m, n);
      const { scale, scaled } = toUnitScale(a);
      const [rows, columns] = [Math.max(m, n), Math.min(m, n)];
      const isWide = m < n;
      const tall = isWide ? transpose(scaled, m, n) : scaled;
      const { u, s, vt } = tallSvd(open(tallSvdRoom(rows, columns)), rows, columns, tall);
      releaseCopies(a, scaled, tall);
      const values = s.map((value) => value * scale);
      if (!isWide) return Promise.resolve({ u, s: values, vt });
      return Promise.resolve({ u: transpose(vt, m, m), s: values, vt: transpose(u, n, m) });
    },

    qr(m, n, a) {
      requireMatrix('a', a, m, n);
      if (m < n) throw new RangeError(`QR needs at least as many rows as columns, not ${m} x ${n}.`);
      const { scale, scaled } = toUnitScale(a);
      const { q, r } = thinQr(open(2 * n * m + triangularRoom(n) + reflectorRoom(n)), m, n, scaled);
      return Promise.resolve({ q, r: r.map((value) => value * scale) });
    },

    cholesky(n, a) {
      requireMatrix('a', a, n, n);
      return Promise.resolve(choleskyFactor(n, a));
    },
  };
}

/** Linear algebra in plain TypeScript: always there, and the reference the other back ends are tested against. */
export const pureLinearAlgebra = createLinearAlgebra('plain TypeScript', plainArithmetic);

/**
 * The matrix over the power of two that brings its largest entry to 1, so that squares neither overflow nor vanish;
 * exact but for entries 1e-300 of the largest.
 */
function toUnitScale(a: Float64Array): { scale: number; scaled: Float64Array } {
  let largest = 0;
  for (let at = 0; at < a.length; at++) largest = Math.max(largest, Math.abs(a[at]));
  const exponent = largest > 0 ? Math.max(-1022, Math.min(1022, Math.round(Math.log2(largest)))) : 0;
  const scale = 2 ** exponent;
  return { scale, scaled: exponent === 0 ? a : a.map((value) => value / scale) };
}

/** Gives back what was made of an argument, which itself stays. */
function releaseCopies(given: Float64Array, ...copies: Float64Array[]): void {
  release(...copies.filter((copy) => copy !== given));
}

function product(
  loops: DenseLoops,
  m: number,
  k: number,
  n: number,
  a: Float64Array,
  b: Float64Array,
  op: { a?: boolean; b?: boolean },
): Float64Array {
  const held = (values: Float64Array) => {
    const copy = loops.float64(values.length);
    copy.set(values);
    return copy;
  };
  const left = { values: held(a), ld: op.a ? m : k, isTransposed: op.a };
  const right = { values: held(b), ld: op.b ? k : n, isTransposed: op.b };
  const c = loops.float64(m * n);
  loops.multiplyAdd(m, n, k, 1, left, right, { values: c, ld: n });
  return c.slice();
}

function thinQr(
  loops: DenseLoops,
  m: number,
  n: number,
  a: Float64Array,
): { q: Float64Array; r: Float64Array } {
  const reflectors = loops.float64(n * m);
  reflectors.set(transpose(a, m, n));
  const r = reduceToTriangular(loops, m, n, reflectors);
  const rows = loops.float64(n * m);
  for (let k = 0; k < n; k++) {
    rows[k * m + k] = r[k * n + k] < 0 ? -1 : 1;
    if (r[k * n + k] < 0) for (let j = k; j < n; j++) r[k * n + j] = -r[k * n + j];
  }
  applyReflectors(loops, n, m, reflectors, n, rows);
  return { q: transpose(rows, n, m), r };
}

function choleskyFactor(n: number, a: Float64Array): Float64Array | null {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[j * n + i];
      for (let k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
      if (i === j && !(sum > 0)) return null;
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j];
    }
  }
  return lower;
}
