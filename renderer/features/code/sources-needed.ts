import type { ResultData } from '../analysis/read-result.ts';

/** Share of what least squares explains that counts as nearly all. */
const nearlyAll = 0.9;

/**
 * Per target unit the fewest sources of any stored penalty that reach nine tenths of what all sources explain; targets
 * that nothing explains, or that no penalty explains so well, are left out and counted.
 */
export function sourcesNeeded(data: ResultData): { needed: number[]; left: number } {
  const [loss, sources] = [data.array('loss'), data.array('sources')];
  const all = data.list('least-squares-loss');
  if (!loss || !sources || all.length === 0) return { needed: [], left: 0 };
  const needed: number[] = [];
  all.forEach((best, target) => {
    const explained = 1 - 2 * best;
    const enough = Array.from({ length: loss.rows }, (_, row) => row * loss.cols + target)
      .filter((at) => explained > 0 && 1 - 2 * loss.data[at] >= nearlyAll * explained)
      .map((at) => sources.data[at]);
    if (enough.length > 0) needed.push(Math.min(...enough));
  });
  return { needed, left: all.length - needed.length };
}
