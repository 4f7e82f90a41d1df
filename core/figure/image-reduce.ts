import type { IndexedImage } from './scene.ts';

/**
 * The picture with at most `maxRows` x `maxCols` pixels, each the mean of the cells it covers (weighted by
 * overlap), so that no cell of a large matrix is skipped when it is printed small. Averages are taken over palette
 * positions, that is over values; missing cells count only where a pixel has nothing else. A picture that is
 * small enough is returned as it is.
 */
export function reduceImage(image: IndexedImage, maxRows: number, maxCols: number): IndexedImage {
  const rows = Math.min(image.rows, Math.max(1, maxRows));
  const cols = Math.min(image.cols, Math.max(1, maxCols));
  if (rows === image.rows && cols === image.cols) return image;
  const sums = new Float64Array(rows * cols);
  const weights = new Float64Array(rows * cols);
  const rowShares = sharesOf(image.rows, rows);
  const colShares = sharesOf(image.cols, cols);
  for (let row = 0; row < image.rows; row++) {
    for (const [toRow, rowWeight] of rowShares[row]) {
      addRow(image, row, toRow * cols, rowWeight, colShares, sums, weights);
    }
  }
  const cells = new Uint8Array(rows * cols);
  for (let at = 0; at < cells.length; at++)
    cells[at] = weights[at] > 0 ? Math.round(sums[at] / weights[at]) : missing;
  return { rows, cols, cells, palette: image.palette };
}

const missing = 255;

function addRow(
  image: IndexedImage,
  row: number,
  base: number,
  rowWeight: number,
  colShares: [number, number][][],
  sums: Float64Array,
  weights: Float64Array,
): void {
  for (let col = 0; col < image.cols; col++) {
    const level = image.cells[row * image.cols + col];
    if (level === missing) continue;
    for (const [toCol, share] of colShares[col]) {
      sums[base + toCol] += rowWeight * share * level;
      weights[base + toCol] += rowWeight * share;
    }
  }
}

/** For each of `from` cells the pixels (of `to`) it overlaps and by how much of a pixel. */
function sharesOf(from: number, to: number): [number, number][][] {
  const scale = to / from;
  return Array.from({ length: from }, (_, cell) => {
    const [low, high] = [cell * scale, (cell + 1) * scale];
    const shares: [number, number][] = [];
    for (let pixel = Math.floor(low); pixel < Math.min(to, Math.ceil(high - 1e-12)); pixel++) {
      const share = Math.min(high, pixel + 1) - Math.max(low, pixel);
      if (share > 1e-12) shares.push([pixel, share]);
    }
    return shares;
  });
}
