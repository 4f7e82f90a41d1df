/** What is said of one cluster; a column each in the stored table. */
export const clusterColumns = [
  'size',
  'ncut',
  'balance',
  'meanWithin',
  'meanBetween',
  'meanToCentre',
  'stability',
] as const;

/**
 * Evenness of a cluster's members over the networks: entropy of the shares, each divided by the network's number of
 * live units, over ln(networks). 1 = each network gives the same part of its units, 0 = all of one network. With a
 * single network 0.
 */
export function networkBalance(members: ArrayLike<number>, live: ArrayLike<number>): number {
  const shares = Array.from(live, (count, network) => (count > 0 ? members[network] / count : 0));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const networks = shares.filter((_, network) => live[network] > 0).length;
  if (total === 0 || networks < 2) return 0;
  const entropy = shares.reduce(
    (sum, share) => sum - (share > 0 ? (share / total) * Math.log(share / total) : 0),
    0,
  );
  return Math.min(1, Math.max(0, entropy / Math.log(networks)));
}

/** Mean of scores between pairs of units within each cluster, and to units outside. NaN-free: 0 where there is none. */
export function meanScores(
  n: number,
  score: Float64Array,
  labels: Int32Array,
  k: number,
): { within: Float64Array; between: Float64Array } {
  const sums = { within: new Float64Array(k), between: new Float64Array(k) };
  const counts = { within: new Float64Array(k), between: new Float64Array(k) };
  for (let i = 0; i < n; i++) {
    const label = labels[i];
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const where = labels[j] === label ? 'within' : 'between';
      sums[where][label] += score[i * n + j];
      counts[where][label]++;
    }
  }
  const mean = (where: 'within' | 'between') =>
    sums[where].map((sum, cluster) => (counts[where][cluster] > 0 ? sum / counts[where][cluster] : 0));
  return { within: mean('within'), between: mean('between') };
}

/**
 * Correlation of every unit with the mean of its cluster's standardised units, from correlations alone:
 * r_i = sum_j c_ij / sqrt(sum_jl c_jl), j and l over the cluster. 0 where the cluster's mean is constant.
 */
export function correlationWithCentre(
  n: number,
  c: Float64Array,
  labels: Int32Array,
  k: number,
): Float64Array {
  const toCluster = new Float64Array(n);
  const variance = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (labels[i] === labels[j]) toCluster[i] += i === j ? 1 : c[i * n + j];
    }
    variance[labels[i]] += toCluster[i];
  }
  return toCluster.map((sum, unit) => {
    const spread = variance[labels[unit]];
    return spread > 1e-12 ? Math.max(-1, Math.min(1, sum / Math.sqrt(spread))) : 0;
  });
}

/** Largest Jaccard likeness of each cluster to any cluster of another labelling: |S and T| / |S or T|. */
export function bestJaccard(labels: Int32Array, k: number, other: Int32Array): Float64Array {
  const others = other.reduce((most, label) => Math.max(most, label + 1), 0);
  const joint = new Float64Array(k * Math.max(1, others));
  const [mine, theirs] = [new Float64Array(k), new Float64Array(Math.max(1, others))];
  labels.forEach((label, unit) => {
    if (label < 0 || other[unit] < 0) return;
    joint[label * others + other[unit]]++;
    mine[label]++;
    theirs[other[unit]]++;
  });
  return mine.map((size, cluster) => {
    let best = 0;
    for (let t = 0; t < others; t++) {
      const both = joint[cluster * others + t];
      if (both > 0) best = Math.max(best, both / (size + theirs[t] - both));
    }
    return best;
  });
}
