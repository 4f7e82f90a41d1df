/** Costs measured at a few sizes, ascending. */
export interface CurvePoint {
  size: number;
  value: number;
}

/**
 * The cost at any size: a power law between the two nearest measured sizes, that is, linear interpolation of
 * log(value) against log(size); beyond the last size by the exponent that fits the last three, below the first the
 * first's cost (start-up prevails there). Values below `least` are taken as `least` between points, and the exponent
 * beyond the last is at most `steepest`.
 */
export function costAt(
  points: readonly CurvePoint[],
  size: number,
  { least = 1e-9, steepest = Infinity }: { least?: number; steepest?: number } = {},
): number {
  if (points.length === 0) return 0;
  const logOf = (value: number) => Math.log(Math.max(value, least));
  const [first] = points;
  if (size <= first.size) return first.value;
  const above = points.findIndex((point) => point.size >= size);
  if (above < 0) {
    const last = points[points.length - 1];
    return last.value * (size / last.size) ** Math.min(steepest, costExponent(points, least));
  }
  const [low, high] = [points[above - 1], points[above]];
  const share = Math.log(size / low.size) / Math.log(high.size / low.size);
  return Math.exp((1 - share) * logOf(low.value) + share * logOf(high.value));
}

/** Slope of log(value) against log(size) over the three largest sizes, least squares; 0 where there is one point. */
export function costExponent(points: readonly CurvePoint[], least = 1e-9): number {
  const last = points.slice(-3);
  if (last.length < 2) return 0;
  const x = last.map(({ size }) => Math.log(size));
  const y = last.map(({ value }) => Math.log(Math.max(value, least)));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const across = x.reduce((sum, value, at) => sum + (value - mx) * (y[at] - my), 0);
  return across / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}

/** A share at any size: linear in log(size) between measured sizes, and beyond them as at the nearest. */
export function shareAt(points: readonly CurvePoint[], size: number): number {
  const above = points.findIndex((point) => point.size >= size);
  if (above <= 0) return points.at(above)?.value ?? 0;
  const [low, high] = [points[above - 1], points[above]];
  return low.value + (high.value - low.value) * (Math.log(size / low.size) / Math.log(high.size / low.size));
}
