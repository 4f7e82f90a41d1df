import type { UnitGroup, UnitPair } from '../../app/choice.svelte.ts';
import type { Cell } from '../../plots/heatmap/heatmap-content.ts';
import type { PanelName } from '../../plots/heatmap/linked-viewport.ts';
import { matchedOrder, placesOf, type OrderFacts, type UnitOrder } from '#core/domain/unit-orders.ts';

export type Side = 'a' | 'b';

/** One side of a panel: whose units stand along it, and in what order. */
export interface PanelAxis {
  side: Side;
  units: Int32Array;
  places: Int32Array;
}

export interface PanelAxes {
  rows: PanelAxis;
  cols: PanelAxis;
}

/** The axes of the four panels; `permuted` is absent without a matching. */
export type QuadAxes = Record<Exclude<PanelName, 'permuted'>, PanelAxes> & { permuted?: PanelAxes };

export function quadAxes(order: UnitOrder, facts: OrderFacts): QuadAxes {
  const axis = (side: Side, units: Int32Array): PanelAxis => ({ side, units, places: placesOf(units) });
  const [a, b] = [axis('a', order.a), axis('b', order.b)];
  const matched = matchedOrder(order, facts);
  return {
    a: { rows: a, cols: a },
    b: { rows: b, cols: b },
    between: { rows: a, cols: b },
    ...(matched ? { permuted: { rows: axis('a', matched.rows), cols: axis('b', matched.cols) } } : {}),
  };
}

/** A cell as the units that it compares. */
export interface CellUnits {
  row: { side: Side; unit: number };
  col: { side: Side; unit: number };
}

export function unitsOfCell({ rows, cols }: PanelAxes, cell: Cell): CellUnits {
  return {
    row: { side: rows.side, unit: rows.units[cell.row] },
    col: { side: cols.side, unit: cols.units[cell.col] },
  };
}

/** The pair of a cell; null where both units are of one network. */
export function pairOfCell(axes: PanelAxes, cell: Cell): UnitPair | null {
  const { row, col } = unitsOfCell(axes, cell);
  return row.side === 'a' && col.side === 'b' ? { unitA: row.unit, unitB: col.unit } : null;
}

/** Where a pair lies in a panel; null where the panel does not compare A with B, or one has no partner. */
export function cellOfPair({ rows, cols }: PanelAxes, { unitA, unitB }: UnitPair): Cell | null {
  if (rows.side !== 'a' || cols.side !== 'b' || unitA < 0 || unitB < 0) return null;
  const cell = { row: rows.places[unitA], col: cols.places[unitB] };
  return cell.row === undefined || cell.col === undefined ? null : cell;
}

/** Where the pointed units cross another panel: rows and columns of every axis that shows one of them. */
export function crossOf(
  { rows, cols }: PanelAxes,
  { row, col }: CellUnits,
): { rows: number[]; cols: number[] } {
  const along = (axis: PanelAxis, own: CellUnits['row'], other: CellUnits['row']) =>
    own.side === axis.side
      ? [axis.places[own.unit]]
      : other.side === axis.side
        ? [axis.places[other.unit]]
        : [];
  return { rows: along(rows, row, col), cols: along(cols, col, row) };
}

/** 1 at the places of an axis whose units are in the group; null where none is. */
export function marksOf({ units }: PanelAxis, members: readonly number[] | undefined): Uint8Array | null {
  if (!members || members.length === 0) return null;
  const isMember = new Uint8Array(units.length);
  for (const unit of members) isMember[unit] = 1;
  const marks = new Uint8Array(units.length);
  units.forEach((unit, place) => (marks[place] = isMember[unit]));
  return marks;
}

/** A range of places, ends included, in either direction. */
export interface PlaceRange {
  start: number;
  end: number;
}

/** The units of the marked ranges as a group; along an axis without a range none is taken. */
export function brushedGroup(
  { rows, cols }: PanelAxes,
  range: { rows?: PlaceRange; cols?: PlaceRange },
  names: Record<Side, string>,
): UnitGroup | null {
  const members: Record<string, Set<number>> = {};
  for (const [axis, part] of [
    [rows, range.rows],
    [cols, range.cols],
  ] as const) {
    if (!part) continue;
    const [from, to] = [Math.min(part.start, part.end), Math.max(part.start, part.end)];
    const own = (members[names[axis.side]] ??= new Set());
    for (const unit of axis.units.subarray(Math.max(0, from), to + 1)) own.add(unit);
  }
  const lists = Object.entries(members).filter(([, units]) => units.size > 0);
  if (lists.length === 0) return null;
  return {
    label: lists.map(([name, { size }]) => `${size} ${size === 1 ? 'unit' : 'units'} of ${name}`).join(', '),
    members: Object.fromEntries(lists.map(([name, units]) => [name, [...units].sort((x, y) => x - y)])),
    source: 'brush',
  };
}
