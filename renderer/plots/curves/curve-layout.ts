import { formatTick, niceDomain, niceTicks } from '#core/figure/ticks.ts';

export interface CurvePoint {
  /** Rank, 0 = best semi-match. */
  rank: number;
  semi: number;
  /** NaN where the unit has no match. */
  match: number;
}

export interface CurveBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface CurveLayout {
  xOf: (rank: number) => number;
  yOf: (value: number) => number;
  xTicks: { at: number; label: string }[];
  yTicks: { at: number; label: string }[];
  semiPath: string;
  /** One point per matched unit. */
  matches: { rank: number; x: number; y: number }[];
}

/** Pixel places of Figure 3: semi-match values as a line over rank, the match of the same unit as a point. */
export function layoutCurves(points: readonly CurvePoint[], box: CurveBox): CurveLayout {
  const values = points.flatMap(({ semi, match }) => [semi, match]).filter(Number.isFinite);
  const [low, high] = niceDomain(Math.min(0, ...values), Math.max(0.1, ...values), 6);
  const span = Math.max(1, points.length - 1);
  const xOf = (rank: number) => box.left + (rank / span) * box.width;
  const yOf = (value: number) => box.top + ((high - value) / (high - low)) * box.height;
  const y = niceTicks(low, high, 6);
  const x = niceTicks(0, span, Math.max(3, Math.floor(box.width / 90)));
  return {
    xOf,
    yOf,
    xTicks: x.values.filter(Number.isInteger).map((at) => ({ at, label: formatTick(at, x.step) })),
    yTicks: y.values.map((at) => ({ at, label: formatTick(at, y.step) })),
    semiPath: points
      .map(({ semi }, rank) => `${rank === 0 ? 'M' : 'L'}${xOf(rank).toFixed(2)} ${yOf(semi).toFixed(2)}`)
      .join(''),
    matches: points.flatMap(({ rank, match }) =>
      Number.isFinite(match) ? [{ rank, x: xOf(rank), y: yOf(match) }] : [],
    ),
  };
}
