import { formatTick, niceDomain, niceTicks } from '#core/figure/ticks.ts';

export interface Series {
  label: string;
  kind: 'line' | 'points' | 'bars';
  /** Points whose coordinates are not finite are left out. */
  points: readonly (readonly [x: number, y: number])[];
  ink: 'match' | 'semi' | 'accent' | 'quiet';
}

export interface ChartBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface ChartAxis {
  ticks: { at: number; label: string; place: number }[];
  place: (value: number) => number;
}

/** Places of both axes. y holds 0 unless `isFree`; bars get half a bar of room at both ends. */
export function layoutChart(
  series: readonly Series[],
  extraX: readonly number[],
  box: ChartBox,
  isFree: boolean,
): { x: ChartAxis; y: ChartAxis; barWidth: number } {
  const points = series.flatMap((one) => one.points).filter(([x, y]) => Number.isFinite(x + y));
  const xs = [...points.map(([x]) => x), ...extraX.filter(Number.isFinite)];
  const ys = points.map(([, y]) => y);
  const bars = series.filter((one) => one.kind === 'bars').flatMap((one) => one.points.map(([x]) => x));
  const step = smallestStep(bars);
  const pad = bars.length > 0 ? step / 2 : 0;
  const [low, high] = niceDomain(...spread(ys, isFree ? [] : [0]), 6);
  const [left, right] = spread(xs, []).map((value, end) => value + (end === 0 ? -pad : pad));
  const x = (value: number) => box.left + ((value - left) / (right - left)) * box.width;
  const y = (value: number) => box.top + ((high - value) / (high - low)) * box.height;
  return {
    x: axis(left, right, x, Math.max(3, Math.floor(box.width / 80))),
    y: axis(low, high, y, 6),
    barWidth: bars.length > 0 ? Math.max(1, (step / (right - left)) * box.width - 1) : 0,
  };
}

function axis(low: number, high: number, place: (value: number) => number, count: number): ChartAxis {
  const { values, step } = niceTicks(low, high, count);
  return { place, ticks: values.map((at) => ({ at, label: formatTick(at, step), place: place(at) })) };
}

function spread(values: number[], more: number[]): [number, number] {
  const all = [...values, ...more];
  if (all.length === 0) return [0, 1];
  const [low, high] = all.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function smallestStep(xs: number[]): number {
  const sorted = [...xs].sort((p, q) => p - q);
  const steps = sorted.slice(1).map((value, at) => value - sorted[at]);
  const positive = steps.filter((value) => value > 0);
  return positive.length > 0 ? Math.min(...positive) : 1;
}

/** Counts of values in equal bins from `low` to `high`, as points at the bins' middles. */
export function histogram(
  values: readonly number[],
  low: number,
  high: number,
  bins: number,
): [number, number][] {
  const counts = new Array<number>(bins).fill(0);
  const width = (high - low) / bins;
  for (const value of values) {
    if (value >= low && value <= high) counts[Math.min(bins - 1, Math.floor((value - low) / width))]++;
  }
  return counts.map((count, bin) => [low + (bin + 0.5) * width, count]);
}
