/**
 * The part of the input that one output position depends on, along one axis: output position i sees the input
 * positions start + i * jump ... start + i * jump + size - 1; those outside the input are padding.
 */
export interface AxisField {
  size: number;
  jump: number;
  start: number;
}

/**
 * Receptive field of a tensor with positions. `axes`: the input's spatial axes in order (height, width; or one).
 * `whole`: every position may depend on the whole input, `because` of what (a phrase: "the layer Gemm").
 */
export type ReceptiveField = { kind: 'window'; axes: AxisField[] } | { kind: 'whole'; because: string };

/** Half-open ranges of input rows and columns, within the input. */
export interface InputWindow {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** What output position (row, col) sees of an input of this size. */
export function windowAt(
  field: ReceptiveField,
  position: { row: number; col: number },
  input: { height: number; width: number },
): InputWindow {
  const whole = { top: 0, bottom: input.height, left: 0, right: input.width };
  if (field.kind === 'whole' || field.axes.length !== 2) return whole;
  const [rows, cols] = field.axes;
  const [top, bottom] = rangeAt(rows, position.row, input.height);
  const [left, right] = rangeAt(cols, position.col, input.width);
  // A position that sees padding alone has no window.
  return top < bottom && left < right ? { top, bottom, left, right } : whole;
}

function rangeAt({ size, jump, start }: AxisField, at: number, length: number): [number, number] {
  const first = start + at * jump;
  return [Math.max(0, Math.floor(first)), Math.min(length, Math.ceil(first + size))];
}
