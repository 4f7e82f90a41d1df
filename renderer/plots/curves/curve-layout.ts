import { formatCount, formatTick, niceDomain, niceTicks } from '#core/figure/ticks.ts';

export interface CurveBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface PlotTick {
  at: number;
  label: string;
}

/** Pixel places of a plot with round ticks on both axes. */
export interface PlotAxes {
  xOf: (value: number) => number;
  yOf: (value: number) => number;
  xTicks: PlotTick[];
  yTicks: PlotTick[];
}

/** Places for Figure 3: ranks from the left, values upwards, with 0 inside the axis. */
export function rankAxes(count: number, values: Iterable<number>, box: CurveBox): PlotAxes {
  const [least, most] = extent(values, 0, 0.1);
  const span = Math.max(1, count - 1);
  const ranks = niceTicks(0, span, Math.max(3, Math.floor(box.width / 90)));
  return {
    ...valueAxis(least, most, box),
    xOf: (rank) => box.left + (rank / span) * box.width,
    xTicks: ranks.values.filter(Number.isInteger).map((at) => ({ at, label: formatCount(at) })),
  };
}

/** Places for a scatter of two quantities, both axes with 0 inside. */
export function scatterAxes(xs: Iterable<number>, ys: Iterable<number>, box: CurveBox): PlotAxes {
  const [left, right] = niceDomain(...extent(xs, 0, 0.1), 5);
  const x = niceTicks(left, right, Math.max(3, Math.floor(box.width / 70)));
  return {
    ...valueAxis(...extent(ys, 0, 0.01), box),
    xOf: (value) => box.left + ((value - left) / (right - left)) * box.width,
    xTicks: x.values.map((at) => ({ at, label: formatTick(at, x.step) })),
  };
}

function valueAxis(least: number, most: number, box: CurveBox): Pick<PlotAxes, 'yOf' | 'yTicks'> {
  const [low, high] = niceDomain(least, most, 6);
  const y = niceTicks(low, high, Math.max(2, Math.min(6, Math.floor(box.height / 26))));
  return {
    yOf: (value) => box.top + ((high - value) / (high - low)) * box.height,
    yTicks: y.values.map((at) => ({ at, label: formatTick(at, y.step) })),
  };
}

/** Least and largest finite value, with the two given ones among them. */
function extent(values: Iterable<number>, low: number, high: number): [number, number] {
  let [least, most] = [Math.min(low, high), Math.max(low, high)];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
