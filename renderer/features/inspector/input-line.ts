import type { ShownInputs } from '#core/domain/shown-inputs.ts';

/** What every drawing of an input that is no picture is given. */
export interface InputLineProps {
  label: string;
  inputs: ShownInputs;
  slot: number;
}

export interface InputGraphProps extends InputLineProps {
  /** In CSS pixels. */
  width: number;
  height: number;
  /** Part along the columns that the unit sees, as shares of their number. */
  seen: { from: number; to: number } | null;
}

/** The values of one input, row by row. */
export function valuesOf({ rows, cols, values }: ShownInputs, slot: number): ShownInputs['values'] {
  return values.subarray(slot * rows * cols, (slot + 1) * rows * cols);
}

/** Which of `count` equal parts of a length a pointer is over. */
export function partAt(offset: number, length: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor((offset / length) * count)));
}
