import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import { trace, type PairMoments } from './pair-moments.ts';

/**
 * Likeness after the best rotation: nuclear norm |X^T Y|_* / (|X|_F |Y|_F), in [0, 1] (Schönemann 1966,
 * doi:10.1007/BF02289451). Its arc cosine is the angular Procrustes distance, a metric (Williams et al. 2021, arXiv
 * 2110.14739); |X/|X| - Y Q/|Y||_F = sqrt(2 - 2 x likeness). 0 without variance. O(p q min(p, q)).
 */
export async function procrustesLikeness(
  { p, q, xx, yy, xy }: PairMoments,
  algebra: LinearAlgebra,
): Promise<number> {
  const scale = Math.sqrt(trace(p, xx) * trace(q, yy));
  if (!(scale > 0)) return 0;
  const s = await algebra.singularValues(p, q, xy);
  return Math.min(1, s.reduce((sum, value) => sum + value, 0) / scale);
}
