import { release } from '../linear-algebra/release.ts';
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

/** Blocks of joint moments, each made when it is first read. */
export interface PickedPair extends PairMoments {
  /** Gives the blocks' memory back: arrays read before are empty from then on, the next read makes new ones. */
  release(): void;
}

/**
 * The moments must stay as they are. O(p^2), O(q^2), O(pq) for the blocks that are read.
 *
 * @param x, y joint indices of the units of either side
 * @param centre [joint units] what the moments are taken about, if not their own means: of held-out samples, what
 *   predictions centred at the means of others meet
 */
export function pairMoments(
  moments: JointMoments,
  x: Int32Array,
  y: Int32Array,
  centre?: Float64Array,
): PickedPair {
  const made = new Map<string, Float64Array>();
  const block = (name: string, rows: Int32Array, cols: Int32Array) => {
    const values = made.get(name) ?? picked(moments, rows, cols, centre);
    made.set(name, values);
    return values;
  };
  return {
    ...{ n: moments.n, p: x.length, q: y.length },
    get xx() {
      return block('xx', x, x);
    },
    get yy() {
      return block('yy', y, y);
    },
    get xy() {
      return block('xy', x, y);
    },
    release() {
      release(...made.values());
      made.clear();
    },
  };
}

/** Rows and columns of a tile: those read across the rows of the moments stay in the cache. */
const tile = 64;

function picked(
  { n, units, mean, m2 }: JointMoments,
  rows: Int32Array,
  cols: Int32Array,
  centre: Float64Array = mean,
): Float64Array {
  const block = new Float64Array(rows.length * cols.length);
  for (let top = 0; top < rows.length; top += tile) {
    for (let left = 0; left < cols.length; left += tile) {
      const [bottom, right] = [Math.min(top + tile, rows.length), Math.min(left + tile, cols.length)];
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) {
          // The upper triangle is the valid one.
          const low = Math.min(rows[i], cols[j]);
          const high = Math.max(rows[i], cols[j]);
          const shift = n * (mean[low] - centre[low]) * (mean[high] - centre[high]);
          block[i * cols.length + j] = m2[low * units + high] + shift;
        }
      }
    }
  }
  return block;
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
