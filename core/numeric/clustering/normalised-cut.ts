/**
 * Ncut = sum over clusters S of cut(S, not S) / vol(S) (Shi & Malik 2000, doi:10.1109/34.868688). A cluster without
 * volume (units without edges) adds 0. Between 0 and the number of clusters.
 *
 * @param w [n x n] symmetric, zero diagonal; @param labels [n] cluster of each unit, -1 = outside
 * @returns each cluster's share. O(n^2).
 */
export function normalisedCut(n: number, w: Float64Array, labels: Int32Array, k: number): Float64Array {
  const cut = new Float64Array(k);
  const within = new Float64Array(k);
  /** Of the units after i: sums of i's edges into every cluster, outside first. */
  const sums = new Float64Array(k + 1);
  for (let i = 0; i < n; i++) {
    const label = labels[i];
    if (label < 0) continue;
    sums.fill(0);
    for (let j = i + 1, at = i * n + i + 1; j < n; j++, at++) sums[labels[j] + 1] += w[at];
    for (let cluster = 0; cluster < k; cluster++) {
      if (cluster === label) continue;
      cut[cluster] += sums[cluster + 1];
      cut[label] += sums[cluster + 1];
    }
    within[label] += 2 * sums[label + 1];
  }
  return cut.map((edges, cluster) => (edges > 0 ? edges / (edges + within[cluster]) : 0));
}
