import { formatTick, niceTicks } from '#core/figure/ticks.ts';

export interface LossAxes {
  /** Number of sources on a scale that keeps both few and many apart: log(1 + x). */
  xOf: (sources: number) => number;
  yOf: (loss: number) => number;
  xTicks: { at: number; label: string }[];
  yTicks: { at: number; label: string }[];
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const roundCounts = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const leastTickPixels = 26;

/** Axes of loss against number of sources; the losses' axis starts at 0. */
export function lossAxes(sources: readonly number[], losses: readonly number[], box: Box): LossAxes {
  const finite = (values: readonly number[]) => values.filter(Number.isFinite);
  const most = Math.max(2, ...finite(sources));
  const fewest = Math.min(1, ...finite(sources));
  const highest = Math.max(0.1, ...finite(losses)) * 1.04;
  const scale = (value: number) => Math.log1p(Math.max(0, value));
  const [low, high] = [scale(fewest * 0.8), scale(most * 1.06)];
  const xOf = (value: number) => box.left + ((scale(value) - low) / (high - low)) * box.width;
  const yOf = (value: number) => box.top + (1 - value / highest) * box.height;
  const y = niceTicks(0, highest, 6);
  let last = -Infinity;
  const xTicks = roundCounts
    .filter((at) => at <= most * 1.06 && at >= fewest * 0.8)
    .filter((at) => {
      if (xOf(at) - last < leastTickPixels) return false;
      last = xOf(at);
      return true;
    })
    .map((at) => ({ at, label: at >= 1000 ? `${at / 1000},000` : String(at) }));
  return { xOf, yOf, xTicks, yTicks: y.values.map((at) => ({ at, label: formatTick(at, y.step) })) };
}

export interface EndLabel {
  label: string;
  y: number;
}

/** Labels at the ends of lines, moved apart so that none covers another; their order is kept. */
export function spreadLabels<T extends EndLabel>(labels: readonly T[], apart: number, lowest: number): T[] {
  const placed = [...labels].sort((p, q) => p.y - q.y).map((label) => ({ ...label }));
  placed.forEach((label, at) => {
    if (at > 0) label.y = Math.max(label.y, placed[at - 1].y + apart);
  });
  for (let at = placed.length - 1; at >= 0; at--) {
    const below = at + 1 < placed.length ? placed[at + 1].y - apart : lowest;
    placed[at].y = Math.min(placed[at].y, below);
  }
  return placed;
}
