const maximumPasses = 100;

/**
 * Lowers the normalised cut of a labelling by moving one unit at a time to the cluster where Ncut falls most, until
 * no move helps (the local search of Dhillon, Guan & Kulis 2007, doi:10.1109/TPAMI.2007.1115, with single moves).
 * k-means on the embedding minimises a relaxation; this ends in a local minimum of the cut itself. No cluster is
 * emptied; units without edges stay. Deterministic. O(passes x n (n + k)).
 *
 * @param w [n x n] symmetric, zero diagonal
 * @returns new labels, and their normalised cut
 */
export function refineCut(
  n: number,
  w: Float64Array,
  labels: Int32Array,
  k: number,
): { labels: Int32Array; cut: number } {
  const found = labels.slice();
  /** [n x k] sum of a unit's edges into every cluster */
  const links = new Float64Array(n * k);
  const degree = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      links[i * k + found[j]] += w[i * n + j];
      degree[i] += w[i * n + j];
    }
  }
  const sizes = new Int32Array(k);
  const volume = new Float64Array(k);
  const within = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    sizes[found[i]]++;
    volume[found[i]] += degree[i];
    within[found[i]] += links[i * k + found[i]];
  }
  const kept = (inside: number, all: number) => (all > 0 ? inside / all : 1);
  for (let pass = 0; pass < maximumPasses; pass++) {
    let moved = false;
    for (let i = 0; i < n; i++) {
      const from = found[i];
      if (degree[i] === 0 || sizes[from] === 1) continue;
      const before = kept(within[from], volume[from]);
      const left = kept(within[from] - 2 * links[i * k + from], volume[from] - degree[i]);
      let [best, most] = [from, 1e-12];
      for (let to = 0; to < k; to++) {
        if (to === from) continue;
        // Ncut = sum of 1 - within / volume.
        const gain =
          left -
          before +
          kept(within[to] + 2 * links[i * k + to], volume[to] + degree[i]) -
          kept(within[to], volume[to]);
        if (gain > most) [best, most] = [to, gain];
      }
      if (best === from) continue;
      moved = true;
      within[from] -= 2 * links[i * k + from];
      within[best] += 2 * links[i * k + best];
      volume[from] -= degree[i];
      volume[best] += degree[i];
      sizes[from]--;
      sizes[best]++;
      found[i] = best;
      for (let j = 0; j < n; j++) {
        links[j * k + from] -= w[i * n + j];
        links[j * k + best] += w[i * n + j];
      }
    }
    if (!moved) break;
  }
  const cut = volume.reduce((sum, all, cluster) => sum + 1 - kept(within[cluster], all), 0);
  return { labels: found, cut };
}
