import { createJointMoments, type JointMoments } from '../numeric/moments/joint-moments.ts';
import { pairMoments, swapped, type PairMoments } from '../numeric/subspaces/pair-moments.ts';
import { principalComponents } from '../numeric/subspaces/principal-components.ts';
import type { LinearAlgebra } from '../numeric/linear-algebra/linear-algebra.ts';

/** Rows of two networks over the same samples, with their joint moments. */
export interface TwoSided {
  n: number;
  p: number;
  q: number;
  /** [n x p], [n x q] */
  x: Float64Array;
  y: Float64Array;
  moments: JointMoments;
  pair: PairMoments;
}

export const flat = (rows: number[][]): Float64Array => Float64Array.from(rows.flat());

export const turned = (rows: number[][]): number[][] => rows[0].map((_, col) => rows.map((row) => row[col]));

/** @param x, y one row a sample. Two passes, both triangles. */
export function twoSided(x: number[][], y: number[][]): TwoSided {
  const [n, p, q] = [x.length, x[0].length, y[0].length];
  const moments = momentsOf(x.map((row, k) => [...row, ...y[k]]));
  const range = (start: number, count: number) => Int32Array.from({ length: count }, (_, at) => start + at);
  const pair = pairMoments(moments, range(0, p), range(p, q));
  return { n, p, q, x: flat(x), y: flat(y), moments, pair };
}

export function momentsOf(rows: number[][]): JointMoments {
  const units = rows[0].length;
  const moments = createJointMoments(units, undefined, rows.length);
  const { mean, m2 } = moments;
  for (let i = 0; i < units; i++) mean[i] = rows.reduce((sum, row) => sum + row[i], 0) / rows.length;
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) {
      m2[i * units + j] = rows.reduce((sum, row) => sum + (row[i] - mean[i]) * (row[j] - mean[j]), 0);
    }
  }
  return moments;
}

/** Principal components of both sides. */
export async function componentsOf({ pair }: TwoSided, algebra: LinearAlgebra) {
  const other = swapped(pair);
  return {
    x: await principalComponents(pair.p, pair.xx, algebra),
    y: await principalComponents(other.p, other.xx, algebra),
  };
}

/** Sums over samples of |x - mean|^2 |y - mean|^2, as the debiased CKA needs them. */
export function normProducts({ n, p, q, x, y, moments }: TwoSided): { xx: number; yy: number; xy: number } {
  const norm = (rows: Float64Array, width: number, start: number, row: number): number => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += (rows[row * width + j] - moments.mean[start + j]) ** 2;
    return sum;
  };
  const sums = { xx: 0, yy: 0, xy: 0 };
  for (let row = 0; row < n; row++) {
    const [a, b] = [norm(x, p, 0, row), norm(y, q, p, row)];
    sums.xx += a * a;
    sums.yy += b * b;
    sums.xy += a * b;
  }
  return sums;
}
