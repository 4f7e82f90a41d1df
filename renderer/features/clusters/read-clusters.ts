import type { ResultEntry } from '#core/domain/result.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { Result } from '#core/result.ts';
import { MatrixSource, type TileCache } from '../../plots/heatmap/matrix-source.ts';
import { tilesIn } from '../../plots/heatmap/tiles.ts';
import { readResult } from '../analysis/read-result.ts';
import { clusterGraph, isClusterArray, type ClusterGraph } from './cluster-graph.ts';
import type { ClusterData } from './clusters-state.svelte.ts';
import { edgeWeight, HierarchyFacts } from './hierarchy-facts.ts';

const jointArray = 'joint-ordered';

export async function readClusters(
  client: Client,
  entry: ResultEntry,
  cache: TileCache,
): Promise<Result<ClusterData>> {
  const read = await readResult(client, entry, isClusterArray);
  if (!read.ok) return read;
  const data = read.value;
  const graph = clusterGraph(data);
  if (!graph || !data.has(jointArray)) return { ok: true, value: { data, graph, matrix: null } };
  const info = await client.result.matrix({ resultId: entry.id, array: jointArray });
  if (!info.ok) return info;
  const matrix = new MatrixSource(client, entry.id, { ...info.value, name: jointArray }, cache);
  return { ok: true, value: { data, graph, matrix } };
}

/** Reads the correlations once, a row of tiles at a time, for the facts of every cut of the hierarchy. */
export async function readHierarchyFacts(
  client: Client,
  graph: ClusterGraph,
  matrix: MatrixSource,
): Promise<Result<HierarchyFacts>> {
  const { tileSize, cols } = matrix.info;
  const facts = new HierarchyFacts(graph.tree, edgeWeight(graph.affinity));
  for (let first = 0; first < graph.n; first += tileSize) {
    const band = { row0: first, row1: Math.min(first + tileSize, graph.n), col0: 0, col1: cols };
    const rows = band.row1 - first;
    const values = new Float32Array(rows * cols);
    const places = tilesIn(matrix.info, 0, band);
    const tiles = await Promise.all(
      places.map(({ address }) =>
        client.result.tile({ resultId: graph.resultId, array: jointArray, ...address }),
      ),
    );
    for (const [at, answer] of tiles.entries()) {
      if (!answer.ok) return answer;
      const { value } = answer;
      for (let row = 0; row < value.rows; row++) {
        const part = value.values.subarray(row * value.cols, (row + 1) * value.cols);
        values.set(part, row * cols + places[at].col0);
      }
    }
    for (let row = 0; row < rows; row++)
      facts.addRow(first + row, graph.rowAt[first + row], values.subarray(row * cols, (row + 1) * cols));
  }
  return { ok: true, value: facts.finish() };
}
