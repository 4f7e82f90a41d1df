import { AppError } from '#core/errors.ts';
import { layerMap } from '#core/numeric/many-networks/layer-map.ts';
import { indices, matrix, momentsOf } from './task.ts';
import type { AlignInput, AlignOutput, TaskContext } from './task.ts';

/** Which layer of B corresponds to which of A (methods section 9): one score for every two layers. */
export async function layerMapTask(
  input: AlignInput<'layer-map'>,
  context: TaskContext,
): Promise<AlignOutput> {
  const { analysis, layers, train, test } = input;
  if (!layers) throw new AppError('internal', 'A layer map was asked for without the ranges of the layers.');
  const [rows, cols] = [layers.a.length, layers.b.length];
  const score = (fold: typeof train): Float64Array =>
    layerMap(momentsOf(fold), fold.dead, layers.a, layers.b, analysis.score, (done) => {
      context.checkpoint();
      context.progress(done, rows * cols);
    });
  const map = score(train);
  const bestB = largestOf(rows, cols, (row, col) => map[row * cols + col]);
  const bestA = largestOf(cols, rows, (col, row) => map[row * cols + col]);
  const headline: Record<string, number> = { samples: train.n, layersA: rows, layersB: cols };
  if (rows > 0 && cols > 0) headline.bestMean = meanOf(rows, (row) => map[row * cols + bestB[row]]);
  if (rows === cols && rows > 0) {
    headline.sameDepthMean = meanOf(rows, (row) => map[row * cols + row]);
    headline.sameDepthBest = meanOf(rows, (row) => (bestB[row] === row ? 1 : 0));
  }
  const arrays = [matrix('layer-map', rows, cols, map), indices('best-b', bestB), indices('best-a', bestA)];
  if (test && test.n > 0) arrays.push(matrix('layer-map-test', rows, cols, score(test)));
  return { headline, arrays };
}

/** Per row the column of the largest score, ties to the lowest; -1 without columns. */
function largestOf(rows: number, cols: number, score: (row: number, col: number) => number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = cols > 0 ? 0 : -1;
    for (let col = 1; col < cols; col++) if (score(row, col) > score(row, best)) best = col;
    return best;
  });
}

function meanOf(count: number, value: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += value(k);
  return sum / count;
}
