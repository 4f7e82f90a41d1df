import type { JointMoments } from '../moments/joint-moments.ts';

/** Centred second moments of the live units of two networks over the same n samples; sums, not means. */
export interface PairMoments {
  n: number;
  p: number;
  q: number;
  /** [p x p], [q x q], [p x q] */
  xx: Float64Array;
  yy: Float64Array;
  xy: Float64Array;
}

/** @param x, y joint indices of the units of either side. O((p + q)^2). */
export function pairMoments(moments: JointMoments, x: Int32Array, y: Int32Array): PairMoments {
  const pick = (rows: Int32Array, cols: Int32Array): Float64Array => {
    const block = new Float64Array(rows.length * cols.length);
    let at = 0;
    for (const row of rows) {
      for (const col of cols) {
        // The upper triangle is the valid one.
        block[at++] = moments.m2[Math.min(row, col) * moments.units + Math.max(row, col)];
      }
    }
    return block;
  };
  return { n: moments.n, p: x.length, q: y.length, xx: pick(x, x), yy: pick(y, y), xy: pick(x, y) };
}

/** The pair seen from the other side. */
export function swapped({ n, p, q, xx, yy, xy }: PairMoments): PairMoments {
  const yx = new Float64Array(p * q);
  for (let i = 0; i < p; i++) for (let j = 0; j < q; j++) yx[j * p + i] = xy[i * q + j];
  return { n, p: q, q: p, xx: yy, yy: xx, xy: yx };
}

export function trace(size: number, square: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += square[i * size + i];
  return sum;
}

export function squaredNorm(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] * values[at];
  return sum;
}
