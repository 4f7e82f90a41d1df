import { transpose } from '../matching/transpose.ts';
import { kMeans, renumbered } from './k-means.ts';
import { normalisedCut } from './normalised-cut.ts';
import { refineCut } from './refine-cut.ts';
import { spectralEmbedding } from './spectral-embedding.ts';

/** Best starts that are refined: k-means' own order is not that of the cut. */
const refined = 10;

/**
 * Clusters of a graph (methods section 5): k-means++ on the rows of the spectral embedding, scaled to length 1 and as
 * they are, many seeded starts; those of the lowest normalised cut are refined by moving single units. Clusters are numbered by their first members.
 *
 * @param w [n x n] affinity; @param vectors [at least k x n] eigenvectors of the Laplacian as rows, ascending
 */
export function cutGraph(
  n: number,
  w: Float64Array,
  vectors: Float64Array,
  k: number,
  starts: number,
  seed: number,
): Int32Array {
  if (k >= n || k < 2) return kMeans(n, k, spectralEmbedding(n, k, vectors), Math.max(1, k), 1, seed).labels;
  const seen = new Map<string, { labels: Int32Array; cut: number }>();
  const consider = (labels: Int32Array): number => {
    const named = renumbered(labels);
    const key = named.join();
    const known = seen.get(key)?.cut ?? total(normalisedCut(n, w, named, k));
    seen.set(key, { labels: named, cut: known });
    return known;
  };
  kMeans(n, k, spectralEmbedding(n, k, vectors), k, Math.ceil(starts / 2), seed, consider);
  // Rows as they are find other cuts where units lie between clusters.
  kMeans(n, k, transpose(vectors.subarray(0, k * n), k, n), k, Math.ceil(starts / 2), seed, consider);
  let best: { labels: Int32Array; cut: number } | null = null;
  for (const { labels } of [...seen.values()].sort((x, y) => x.cut - y.cut).slice(0, refined)) {
    const moved = refineCut(n, w, labels, k);
    if (!best || moved.cut < best.cut) best = moved;
  }
  return renumbered((best as { labels: Int32Array }).labels);
}

function total(parts: Float64Array): number {
  return parts.reduce((sum, part) => sum + part, 0);
}
