/** One network input, [channels, height, width]; `values` is their product. */
export interface InputShape {
  channels: number;
  height: number;
  width: number;
  values: number;
}

/** The smaller picture that stands for an input: means of square patches of `patch` pixels a side. */
export interface InputGrid {
  channels: number;
  rows: number;
  cols: number;
  patch: number;
}

const mostSide = 64;
/** Units x pixels: 16 MiB of float64, and a few milliseconds an image. */
const mostValues = 2 ** 21;
/** A picture with fewer pixels a side shows nothing, unless the input itself is so small. */
const leastSide = 8;

/**
 * The finest grid within 64 pixels a side and 2^21 values over all units; null where inputs are vectors or have more
 * than four channels (no images), or where the units are so many that fewer than 8 pixels a side would be left.
 */
export function inputGrid({ channels, height, width }: InputShape, units: number): InputGrid | null {
  if (height * width === 1 || channels > 4 || units === 0) return null;
  const longest = Math.max(height, width);
  for (let patch = Math.ceil(longest / mostSide); patch <= longest; patch++) {
    const [rows, cols] = [Math.ceil(height / patch), Math.ceil(width / patch)];
    if (patch > 1 && Math.max(rows, cols) < leastSide) return null;
    if (units * channels * rows * cols <= mostValues) return { channels, rows, cols, patch };
  }
  return null;
}

/** Means of the patches, those at the right and lower edge over what is there of them. */
export function shrinkInput(
  input: Float32Array,
  { height, width }: InputShape,
  { channels, rows, cols, patch }: InputGrid,
  out: Float64Array,
): void {
  for (let channel = 0, to = 0; channel < channels; channel++) {
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++, to++) {
        const [bottom, right] = [Math.min(height, (row + 1) * patch), Math.min(width, (col + 1) * patch)];
        let sum = 0;
        for (let y = row * patch; y < bottom; y++)
          for (let x = col * patch; x < right; x++) sum += input[(channel * height + y) * width + x];
        out[to] = sum / ((bottom - row * patch) * (right - col * patch));
      }
    }
  }
}
