import { affinity } from '#core/numeric/clustering/affinity.ts';
import { wardDendrogram } from '#core/numeric/clustering/agglomerative.ts';
import { createRandom } from '#core/random.ts';
import type { NamedArray, ResultEntry } from '#core/domain/result.ts';
import { clusterGraph, type ClusterGraph } from '#renderer/features/clusters/cluster-graph.ts';
import { ResultData } from '#renderer/features/analysis/read-result.ts';

const ints = (name: string, values: ArrayLike<number>, rows = 1): NamedArray => ({
  name,
  dtype: 'int32',
  rows,
  cols: values.length / rows,
  data: Int32Array.from(values),
});

/** Units in four directions with noise: n rows, every second one of the second network but in the fourth group. */
export function example(n: number, kind: 'abs' | 'positive' | 'squared' | 'mutual-information' = 'abs') {
  const random = createRandom(n);
  const d = 5;
  const group = (row: number) => row % 4;
  const rows = Float64Array.from({ length: n * d }, (_, at) => {
    const [row, axis] = [Math.floor(at / d), at % d];
    return (axis === group(row) ? 1 : 0) + 0.5 * (random.nextFloat() - 0.5);
  });
  const correlation = new Float64Array(n * n);
  const norm = (row: number) => Math.hypot(...rows.subarray(row * d, row * d + d));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let dot = 0;
      for (let axis = 0; axis < d; axis++) dot += rows[i * d + axis] * rows[j * d + axis];
      correlation[i * n + j] = dot / (norm(i) * norm(j));
    }
  const tree = wardDendrogram(n, d, rows);
  const network = Array.from({ length: n }, (_, row) => (group(row) === 3 ? 0 : Math.floor(row / 4) % 2));
  const counts = [0, 0];
  const unit = network.map((at) => counts[at]++ * 3);
  const labels = Array.from({ length: n }, (_, row) => group(row));
  const arrays = [
    ints('network', network),
    ints('unit', unit),
    ints('leaf-order', tree.leaves),
    { name: 'linkage', dtype: 'float64' as const, rows: n - 1, cols: 4, data: tree.linkage },
    ints('labels-4', labels),
  ];
  const entry: ResultEntry = {
    id: 'result',
    analysis: 'spectral-clusters',
    a: { network: 'One', layer: 'conv' },
    b: { network: 'Two', layer: 'conv' },
    params: { affinity: kind },
    headline: { suggestedK: 3, cuts: [{ k: 4, ncut: 1 }] },
  };
  const graph = clusterGraph(new ResultData(entry, arrays, arrays)) as ClusterGraph;
  return { graph, correlation, weights: affinity(kind, n, correlation), n };
}
