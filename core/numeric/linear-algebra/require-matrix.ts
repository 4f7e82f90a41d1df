/** @throws RangeError when an array has not rows x cols values, or one is not finite. */
export function requireMatrix(name: string, values: Float64Array, rows: number, cols: number): void {
  requireSize(name, values, rows, cols);
  if (allFinite(values)) return;
  const at = values.findIndex((value) => !Number.isFinite(value));
  throw new RangeError(`${name} has a value that is not finite, in row ${Math.floor(at / cols)}.`);
}

/** @throws RangeError when an array has not rows x cols values. */
export function requireSize(name: string, values: Float64Array, rows: number, cols: number): void {
  if (!Number.isInteger(rows) || !Number.isInteger(cols) || rows < 0 || cols < 0)
    throw new RangeError(`The size of ${name}, ${rows} x ${cols}, is not two whole numbers.`);
  if (values.length !== rows * cols)
    throw new RangeError(`${name} has ${values.length} values; ${rows} x ${cols} needs ${rows * cols}.`);
}

/** x - x is not a number where x is not finite: sums of it side by side, no branch a value. */
export function allFinite(values: Float64Array): boolean {
  let a = 0;
  let b = 0;
  let at = 0;
  for (; at + 2 <= values.length; at += 2) {
    a += values[at] - values[at];
    b += values[at + 1] - values[at + 1];
  }
  if (at < values.length) a += values[at] - values[at];
  return a + b === 0;
}

/** @throws RangeError when the asked eigenvalues are not among n. */
export function requireRange(n: number, range: { first: number; count: number } | undefined): void {
  if (!range) return;
  const { first, count } = range;
  if (!Number.isInteger(first) || !Number.isInteger(count) || first < 0 || count < 0 || first + count > n)
    throw new RangeError(`Eigenvalues ${first} to ${first + count - 1} are not among ${n}.`);
}
