/** One channel of a trace as an SVG path; values of all traces share one range. */
export function tracePath(
  values: Float32Array | Uint8Array,
  range: { low: number; high: number },
  { width, height }: { width: number; height: number },
): string {
  const gain = range.high > range.low ? (height - 2) / (range.high - range.low) : 0;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return Array.from(
    values,
    (value, at) =>
      `${at === 0 ? 'M' : 'L'}${(at * step).toFixed(1)} ${(height - 1 - (value - range.low) * gain).toFixed(1)}`,
  ).join('');
}
