import { missingIndex } from './colour/maps.ts';
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
  const down = overlapsOf(image.rows, rows);
  const across = overlapsOf(image.cols, cols);
  // One element more than a row has pixels: a last cell's second share is 0 and lands there.
  const lineSums = new Float64Array(cols + 1);
  const lineWeights = new Float64Array(cols + 1);
  const sums = new Float64Array((rows + 1) * cols);
  const weights = new Float64Array((rows + 1) * cols);
  for (let row = 0; row < image.rows; row++) {
    lineSums.fill(0);
    lineWeights.fill(0);
    reduceLine(image.cells.subarray(row * image.cols, (row + 1) * image.cols), across, lineSums, lineWeights);
    const base = down.pixel[row] * cols;
    const [first, second] = [down.first[row], down.second[row]];
    for (let col = 0; col < cols; col++) {
      sums[base + col] += first * lineSums[col];
      weights[base + col] += first * lineWeights[col];
      sums[base + cols + col] += second * lineSums[col];
      weights[base + cols + col] += second * lineWeights[col];
    }
  }
  const cells = Uint8Array.from({ length: rows * cols }, (_, at) =>
    weights[at] > 0 ? Math.round(sums[at] / weights[at]) : missingIndex,
  );
  return { rows, cols, cells, palette: image.palette };
}

/** A cell no larger than a pixel overlaps `pixel` by `first` and the one after it by `second` (of a pixel). */
interface Overlaps {
  pixel: Int32Array;
  first: Float64Array;
  second: Float64Array;
}

function overlapsOf(from: number, to: number): Overlaps {
  const overlaps = {
    pixel: new Int32Array(from),
    first: new Float64Array(from),
    second: new Float64Array(from),
  };
  const scale = to / from;
  for (let cell = 0; cell < from; cell++) {
    const [low, high] = [cell * scale, (cell + 1) * scale];
    const pixel = Math.min(to - 1, Math.floor(low + 1e-9));
    const border = Math.min(high, pixel + 1);
    const second = high - border;
    overlaps.pixel[cell] = pixel;
    overlaps.first[cell] = border - low;
    overlaps.second[cell] = pixel + 1 < to && second > 1e-9 ? second : 0;
  }
  return overlaps;
}

function reduceLine(cells: Uint8Array, across: Overlaps, sums: Float64Array, weights: Float64Array): void {
  const { pixel, first, second } = across;
  for (let col = 0; col < cells.length; col++) {
    const level = cells[col];
    if (level === missingIndex) continue;
    const at = pixel[col];
    sums[at] += first[col] * level;
    weights[at] += first[col];
    sums[at + 1] += second[col] * level;
    weights[at + 1] += second[col];
  }
}
