/** One bar of the distribution: how many targets have `from` to `to` sources, both included. */
export interface SourceBin {
  from: number;
  to: number;
  count: number;
}

/** Bins of equal whole width over all numbers of sources, at most `most` of them. */
export function sourceBins(counts: readonly number[], most: number): SourceBin[] {
  if (counts.length === 0) return [];
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  const width = Math.max(1, Math.ceil((high - low + 1) / most));
  const bins = Array.from({ length: Math.ceil((high - low + 1) / width) }, (_, at) => ({
    from: low + at * width,
    to: low + (at + 1) * width - 1,
    count: 0,
  }));
  for (const count of counts) bins[Math.floor((count - low) / width)].count++;
  return bins;
}
