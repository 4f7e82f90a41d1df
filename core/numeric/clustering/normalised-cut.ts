/**
 * Ncut = sum over clusters S of cut(S, not S) / vol(S) (Shi & Malik 2000, doi:10.1109/34.868688). A cluster without
 * volume (units without edges) adds 0. Between 0 and the number of clusters.
 *
 * @param w [n x n]; @param labels [n] cluster of each unit, -1 = outside
 * @returns each cluster's share. O(n^2).
 */
export function normalisedCut(n: number, w: Float64Array, labels: Int32Array, k: number): Float64Array {
  const volume = new Float64Array(k);
  const within = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    const label = labels[i];
    if (label < 0) continue;
    for (let j = 0; j < n; j++) {
      if (labels[j] < 0) continue;
      volume[label] += w[i * n + j];
      if (labels[j] === label) within[label] += w[i * n + j];
    }
  }
  return volume.map((total, cluster) => (total > 0 ? (total - within[cluster]) / total : 0));
}
