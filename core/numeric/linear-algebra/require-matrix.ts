/** @throws RangeError when an array has not rows x cols values, or one is not finite. */
export function requireMatrix(name: string, values: Float64Array, rows: number, cols: number): void {
  if (!Number.isInteger(rows) || !Number.isInteger(cols) || rows < 0 || cols < 0)
    throw new RangeError(`The size of ${name}, ${rows} x ${cols}, is not two whole numbers.`);
  if (values.length !== rows * cols)
    throw new RangeError(`${name} has ${values.length} values; ${rows} x ${cols} needs ${rows * cols}.`);
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at]))
      throw new RangeError(`${name} has a value that is not finite, in row ${Math.floor(at / cols)}.`);
  }
}

/** @throws RangeError when the asked eigenvalues are not among n. */
export function requireRange(n: number, range: { first: number; count: number } | undefined): void {
  if (!range) return;
  const { first, count } = range;
  if (!Number.isInteger(first) || !Number.isInteger(count) || first < 0 || count < 0 || first + count > n)
    throw new RangeError(`Eigenvalues ${first} to ${first + count - 1} are not among ${n}.`);
}
