import { colourOf, type ColourMapName } from '../figure/colour/maps.ts';
import { inks, networkLook, type Theme } from '../figure/colour/sets.ts';
import { formatValue } from '../text/number-words.ts';
import { rgbOf, type Rgb } from '../scene3d/scene-data.ts';
import type { Cut, SpaceData } from './space-data.ts';

export const colourings = ['network', 'cluster', 'convergence', 'match', 'mean'] as const;
export type Colouring = (typeof colourings)[number];

export type Legend =
  | { kind: 'networks' }
  | {
      kind: 'clusters';
      k: number;
      entries: { index: number; colour: string; units: number }[];
      other: number;
    }
  | { kind: 'scale'; title: string; map: ColourMapName; low: string; high: string; missing: boolean };

/** Units that have no value: outside all clusters, without a match. */
export const missingColour: Record<Theme, string> = { light: '#a6aeb8', dark: '#626c78' };

/** Colours of clusters: the set of the networks, then the same towards the page, then again. */
export function clusterColour(index: number, theme: Theme): string {
  const base = networkLook(index, theme).colour;
  return Math.floor(index / 8) % 2 === 0 ? base : mixed(base, inks[theme].ground, 0.5);
}

export function colourUnits(
  space: SpaceData,
  colouring: Colouring,
  cut: Cut | null,
  theme: Theme,
): { colour: Uint8Array; legend: Legend } {
  if (colouring === 'cluster' && cut) return byCluster(space, cut, theme);
  if (colouring === 'convergence' && space.convergence)
    return byValue(space, space.convergence, 0, 1, 'share of the other networks that hold the unit', theme);
  if (colouring === 'match') return byValue(space, space.matchR, 0, 1, 'r with its match', theme);
  if (colouring === 'mean' && space.mean) {
    const [low, high] = extent(space.mean);
    return byValue(space, space.mean, low, high, 'mean activation', theme);
  }
  const looks = space.networks.map(({ look }) => rgbOf(networkLook(look, theme).colour));
  return { colour: paint(space.count, (row) => looks[space.network[row]]), legend: { kind: 'networks' } };
}

function byCluster(space: SpaceData, { k, labels }: Cut, theme: Theme) {
  const units = new Array<number>(k).fill(0);
  let other = 0;
  labels.forEach((label) => (label < 0 ? other++ : units[label]++));
  const entries = units.map((count, index) => ({ index, colour: clusterColour(index, theme), units: count }));
  const colours = entries.map(({ colour }) => rgbOf(colour));
  const missing = rgbOf(missingColour[theme]);
  return {
    colour: paint(space.count, (row) => colours[labels[row]] ?? missing),
    legend: {
      kind: 'clusters',
      k,
      entries: entries.filter((entry) => entry.units > 0),
      other,
    } satisfies Legend,
  };
}

function byValue(
  space: SpaceData,
  values: Float64Array,
  low: number,
  high: number,
  title: string,
  theme: Theme,
) {
  const missing = rgbOf(missingColour[theme]);
  const span = high > low ? high - low : 1;
  const words = (value: number) => (low === 0 && high === 1 ? String(value) : formatValue(value));
  return {
    colour: paint(space.count, (row) =>
      Number.isFinite(values[row]) ? rgbOf(colourOf('viridis', (values[row] - low) / span)) : missing,
    ),
    legend: {
      ...{ kind: 'scale', title, map: 'viridis', low: words(low), high: words(high) },
      missing: values.some((value) => !Number.isFinite(value)),
    } satisfies Legend,
  };
}

function paint(count: number, colourOfRow: (row: number) => Rgb): Uint8Array {
  const colour = new Uint8Array(3 * count);
  for (let row = 0; row < count; row++) colour.set(colourOfRow(row), 3 * row);
  return colour;
}

function extent(values: Float64Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

function mixed(colour: string, other: string, share: number): string {
  const [a, b] = [rgbOf(colour), rgbOf(other)];
  const byte = (k: number) => Math.round(a[k] * (1 - share) + b[k] * share);
  return `#${[0, 1, 2].map((k) => byte(k).toString(16).padStart(2, '0')).join('')}`;
}
