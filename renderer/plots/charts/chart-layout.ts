import { formatTick, niceDomain, niceTicks } from '#core/figure/ticks.ts';

/** A value, with the ends of its spread or interval where it has one. */
export type ChartPoint =
  readonly [x: number, y: number] | readonly [x: number, y: number, low: number, high: number];

export interface Series {
  label: string;
  /** `steps`: the outline of a histogram; `stairs`: a value that holds over an equal share of x around each point. */
  kind: 'line' | 'points' | 'bars' | 'steps' | 'stairs';
  /** Points whose coordinates are not finite are left out. */
  points: readonly ChartPoint[];
  ink?: 'match' | 'semi' | 'accent' | 'quiet';
  /** Place of a network in its run: colour and shape are its own. */
  network?: number;
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

export interface ChartRules {
  /** y need not hold 0. */
  isFree?: boolean;
  /** Names of x = 0, 1, 2 ... instead of numbers; bars of several series stand side by side. */
  categories?: readonly string[];
  /** Ends of y that the data does not change. */
  yRange?: readonly [number, number];
  /** Values of x and y that must be in the picture. */
  extraX?: readonly number[];
  extraY?: readonly number[];
}

export interface ChartLayout {
  x: ChartAxis;
  y: ChartAxis;
  barWidth: number;
  /** Offset of the bars of each series from the place of their x. */
  shifts: number[];
}

/** Share of a category's room that its bars take. */
const barsShare = 0.7;

export function layoutChart(series: readonly Series[], box: ChartBox, rules: ChartRules = {}): ChartLayout {
  const { categories, isFree = false, extraX = [], extraY = [] } = rules;
  const points = series.flatMap((one) => one.points).filter(([x, y]) => Number.isFinite(x + y));
  const barSeries = series.filter((one) => one.kind === 'bars');
  const treads = series.filter((one) => one.kind === 'stairs').map(({ points: own }) => halfStep(own));
  const xs = [...points.map(([x]) => x), ...extraX.filter(Number.isFinite)];
  const ys = points.flatMap(([, y, low, high]) => [y, low ?? y, high ?? y]);
  const step = categories ? 1 : smallestStep(barSeries.flatMap((one) => one.points.map(([x]) => x)));
  const pad = categories ? 0.5 : Math.max(barSeries.length > 0 ? step / 2 : 0, ...treads);
  const [low, high] = rules.yRange ?? niceDomain(...spread([...ys, ...extraY], isFree ? [] : [0]), 6);
  const ends = categories ? [0, categories.length - 1] : spread(xs, []);
  const [left, right] = [ends[0] - pad, ends[1] + pad];
  const x = (value: number) => box.left + ((value - left) / (right - left)) * box.width;
  const y = (value: number) => box.top + ((high - value) / (high - low)) * box.height;
  const room = (step / (right - left)) * box.width;
  const barWidth = categories ? (barsShare * room) / Math.max(1, barSeries.length) : Math.max(1, room - 1);
  return {
    x: categories
      ? categoryAxis(categories, x, box.width)
      : axis(left, right, x, Math.max(3, Math.floor(box.width / 80))),
    y: axis(low, high, y, Math.max(3, Math.min(6, Math.floor(box.height / 32)))),
    barWidth: barSeries.length > 0 ? barWidth : 0,
    shifts: series.map((one) =>
      categories && one.kind === 'bars'
        ? (barSeries.indexOf(one) - (barSeries.length - 1) / 2) * barWidth
        : 0,
    ),
  };
}

function axis(low: number, high: number, place: (value: number) => number, count: number): ChartAxis {
  const { values, step } = niceTicks(low, high, count);
  return { place, ticks: values.map((at) => ({ at, label: formatTick(at, step), place: place(at) })) };
}

/** Every name, or every other one or fewer where they would run into each other. */
function categoryAxis(names: readonly string[], place: (value: number) => number, width: number): ChartAxis {
  const room = width / names.length;
  const most = Math.max(14, Math.floor(room / 6.5));
  const longest = Math.max(...names.map((name) => name.length), 1);
  const every = Math.max(1, Math.ceil((Math.min(longest, most) * 6 + 4) / room));
  const label = (name: string) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);
  return {
    place,
    ticks: names
      .map((name, at) => ({ at, label: label(name), place: place(at) }))
      .filter(({ at }) => at % every === 0),
  };
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

function halfStep(points: readonly ChartPoint[]): number {
  return points.length > 1 ? (points[1][0] - points[0][0]) / 2 : 0.5;
}

/** Treads as wide as the points are apart, joined upright. */
export function stairsPath(points: readonly ChartPoint[], { x, y }: Pick<ChartLayout, 'x' | 'y'>): string {
  const half = halfStep(points);
  const at = (px: number, py: number) => `${x.place(px).toFixed(1)} ${y.place(py).toFixed(1)}`;
  return points
    .map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${at(px - half, py)}L${at(px + half, py)}`)
    .join('');
}

/** Ends of treads that are marked, at most about `most` of them. */
export function markedEdges(points: readonly ChartPoint[], most = 8): ReadonlySet<number> {
  const edges = [...points.keys()].filter((at) => points[at + 1]?.[1] !== points[at][1]);
  const every = Math.ceil(edges.length / most);
  return new Set(edges.filter((_, at) => at % every === 0));
}

/** The outline of bars that touch, from the floor up and back to it. */
export function stepPath(points: readonly ChartPoint[], { x, y }: Pick<ChartLayout, 'x' | 'y'>): string {
  if (points.length === 0) return '';
  const half = halfStep(points);
  const at = (px: number, py: number) => `${x.place(px).toFixed(1)} ${y.place(py).toFixed(1)}`;
  const tops = points.map(([px, py]) => `L${at(px - half, py)}L${at(px + half, py)}`).join('');
  return `M${at(points[0][0] - half, 0)}${tops}L${at((points.at(-1)?.[0] ?? 0) + half, 0)}`;
}
