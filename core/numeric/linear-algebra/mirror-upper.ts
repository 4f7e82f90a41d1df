const tile = 32;

/** Copies the upper triangle of a square matrix onto the lower one, in tiles so that neither side thrashes the cache. O(n^2). */
export function mirrorUpper(n: number, matrix: Float64Array): void {
  for (let top = 0; top < n; top += tile) {
    for (let left = top; left < n; left += tile) {
      const bottom = Math.min(top + tile, n);
      const right = Math.min(left + tile, n);
      for (let i = top; i < bottom; i++) {
        for (let j = Math.max(left, i + 1); j < right; j++) matrix[j * n + i] = matrix[i * n + j];
      }
    }
  }
}
