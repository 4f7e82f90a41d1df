/** Row-major transpose: [rows x cols] to [cols x rows]. O(rows x cols), one copy. */
export function transpose(source: Float64Array, rows: number, cols: number): Float64Array {
  const result = new Float64Array(source.length);
  const tile = 32;
  for (let top = 0; top < rows; top += tile) {
    for (let left = 0; left < cols; left += tile) {
      const bottom = Math.min(top + tile, rows);
      const right = Math.min(left + tile, cols);
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) result[j * rows + i] = source[i * cols + j];
      }
    }
  }
  return result;
}
