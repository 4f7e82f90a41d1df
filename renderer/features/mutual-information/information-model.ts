import type { UnitPair } from '../../app/choice.svelte.ts';
import type { Cell } from '../../plots/heatmap/heatmap-content.ts';
import type { MatrixOrder } from '../../plots/heatmap/matrix-source.ts';
import type { ResultData } from '../analysis/read-result.ts';

interface MatrixLook {
  /** Null: as stored, by unit number. */
  order: MatrixOrder | null;
  rows: Int32Array;
  cols: Int32Array;
  /** Whether the result knows the order that puts the matches on the diagonal. */
  canMatch: boolean;
  cellOf: (units: UnitPair) => Cell | null;
}

/** How the matrix of information stands: by unit number, or with the matches on the diagonal. */
export function matrixLook(data: ResultData, isMatched: boolean): MatrixLook {
  const rows = Int32Array.from(data.list('order-a'));
  const cols = Int32Array.from(data.list('order-b'));
  const canMatch = rows.length > 0 && cols.length > 0;
  const order = canMatch && isMatched ? { rows, cols, name: 'by information' } : null;
  const cellOf = ({ unitA, unitB }: UnitPair): Cell | null => {
    const cell = order ? { row: rows.indexOf(unitA), col: cols.indexOf(unitB) } : { row: unitA, col: unitB };
    return cell.row < 0 || cell.col < 0 ? null : cell;
  };
  return { order, rows, cols, canMatch, cellOf };
}

/** The columns that the curves are drawn from; NaN where a unit has no match. */
export function informationCurves(data: ResultData) {
  const semi = Float64Array.from(data.list('semi-value'));
  const match = Int32Array.from(data.list('match'));
  const values = data.list('match-value');
  const matchValue = Float64Array.from(semi, (_, row) =>
    (match[row] ?? 0) < 0 ? NaN : (values[row] ?? NaN),
  );
  return {
    semi,
    semiB: data.list('semi'),
    match,
    matchValue,
    byCorrelation: data.list('match-by-correlation'),
  };
}
