import type { Matrix } from './data.ts';

export type Cell = string | number;

/** Numbers behind one part of a figure, in the order shown. Rows are made as they are read. */
export interface FigureTable {
  /** Short file-name part: `c-between`. */
  name: string;
  header: string[];
  rows: Iterable<Cell[]>;
}

/** A matrix with its row and column numbers, or names; nothing for one that is not held as numbers. */
export function matrixTables(
  name: string,
  corner: string,
  matrix: Matrix,
  columns: (string | number)[],
  rowNames?: string[],
): FigureTable[] {
  if (matrix.levels) return [];
  const rows = {
    *[Symbol.iterator]() {
      for (let row = 0; row < matrix.rows; row++) {
        const values = matrix.values.subarray(row * matrix.cols, (row + 1) * matrix.cols);
        yield [rowNames?.[row] ?? row, ...values];
      }
    },
  };
  return [{ name, header: [corner, ...columns.map(String)], rows }];
}

export const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
