/**
 * Adjusted Rand index of two labellings of the same units (Hubert & Arabie 1985, doi:10.1007/BF01908075): 1 = the
 * same partition, 0 on average for random ones. Units labelled -1 in either are left out. Two partitions that are
 * both trivial in the same way (all together, or all apart) score 1.
 *
 * @throws RangeError when the lengths differ. O(n + clusters^2).
 */
export function adjustedRand(one: Int32Array, other: Int32Array): number {
  if (one.length !== other.length) throw new RangeError('The labellings are of different numbers of units.');
  const cells = new Map<string, number>();
  const rows = new Map<number, number>();
  const cols = new Map<number, number>();
  let n = 0;
  one.forEach((label, unit) => {
    const second = other[unit];
    if (label < 0 || second < 0) return;
    n++;
    add(cells, `${label} ${second}`);
    add(rows, label);
    add(cols, second);
  });
  const pairs = (counts: Iterable<number>) =>
    [...counts].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const [joint, first, second] = [pairs(cells.values()), pairs(rows.values()), pairs(cols.values())];
  const expected = n < 2 ? 0 : (first * second) / ((n * (n - 1)) / 2);
  const largest = (first + second) / 2;
  return largest === expected ? 1 : (joint - expected) / (largest - expected);
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
