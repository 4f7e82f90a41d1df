/**
 * Joint first and second moments of p units over n samples.
 *
 *   mean_i = (1/n) sum_k x_ki
 *   m2_ij  = sum_k (x_ki - mean_i)(x_kj - mean_j)
 *
 * Invariant: the upper triangle of `m2` (row <= column, row-major, diagonal included) is always valid. The lower
 * triangle is not; readers inside core use the upper triangle alone.
 */
export interface JointMoments {
  units: number;
  /** Samples seen. */
  n: number;
  /** [p] */
  mean: Float64Array;
  /** [p x p] row-major */
  m2: Float64Array;
}

/** Bytes a caller-supplied buffer must have: the means, then the p x p products, float64. */
export function jointMomentsByteLength(units: number): number {
  return (units + units * units) * Float64Array.BYTES_PER_ELEMENT;
}

/**
 * Empty moments of `units` units.
 *
 * @param buffer memory to live in (a SharedArrayBuffer is welcome), e.g. one handed to another thread; its content is
 *   kept, so a filled buffer can be viewed again by also giving `n`. Zeros = no samples yet.
 * @throws RangeError when the buffer is too small or the number of units is no whole number.
 */
export function createJointMoments(units: number, buffer?: ArrayBufferLike, n = 0): JointMoments {
  if (!Number.isInteger(units) || units < 0) {
    throw new RangeError(`The number of units, ${units}, is not a whole number.`);
  }
  const bytes = jointMomentsByteLength(units);
  const memory = buffer ?? new ArrayBuffer(bytes);
  if (memory.byteLength < bytes) {
    throw new RangeError(
      `Moments of ${units} units need ${bytes} bytes; the buffer has ${memory.byteLength}.`,
    );
  }
  return {
    units,
    n,
    mean: new Float64Array(memory, 0, units),
    m2: new Float64Array(memory, units * Float64Array.BYTES_PER_ELEMENT, units * units),
  };
}

/**
 * Adds the moments of other samples of the same units, in place:
 *
 *   delta = mean_b - mean_a;  m2 = m2_a + m2_b + delta delta^T n_a n_b / (n_a + n_b)
 *
 * Disjoint shards merge to the moments of their union up to float64 rounding, in any order or grouping. An empty
 * side is neutral. Reads and writes upper triangles only. O(p^2).
 *
 * Source: Chan, Golub & LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample variances",
 * Stanford STAN-CS-79-773, eq. 2.1.
 *
 * @throws RangeError when the numbers of units differ.
 */
export function mergeJointMoments(into: JointMoments, batch: JointMoments): void {
  requireLength('the other moments', batch.units, into.units);
  if (batch.n === 0) return;
  const { units, mean, m2 } = into;
  const other = batch.m2;
  const delta = shiftMeans(into, batch.n, batch.mean);
  const weight = (into.n * batch.n) / (into.n + batch.n);
  for (let i = 0; i < units; i++) {
    const scaled = delta[i] * weight;
    const row = i * units;
    for (let j = i; j < units; j++) m2[row + j] += other[row + j] + scaled * delta[j];
  }
  into.n += batch.n;
  updateMeans(mean, delta, batch.n / into.n);
}

/**
 * Adds one batch given as plain sums of shifted data y = x - shift, in place:
 *
 *   sums_i = sum_k y_ki;  products_ij = sum_k y_ki y_kj  (row <= column; the rest is not read)
 *   batch mean = shift + sums / n;  batch m2 = products - sums sums^T / n
 *
 * then merges as `mergeJointMoments` does, in the same pass over memory. The subtraction cancels badly when |mean of
 * y| is much larger than the deviation, so choose a shift near the mean (the running mean, or the first batch's);
 * any shift is exact in exact arithmetic, and it may differ from batch to batch. With float32 products the result
 * carries their rounding error; a diagonal can then end slightly negative, which correlation treats as dead.
 *
 * Cost: one read of `products` and one read and write of the upper triangle of `m2`; O(p^2), no allocation of that
 * order.
 *
 * @param n samples in the batch (0 leaves everything as it is)
 * @param shift [p] subtracted from the data
 * @param sums [p] sums of the shifted data
 * @param products [p x p] row-major, at least the upper triangle
 * @throws RangeError when a length does not fit or n is no whole number.
 */
export function mergeBatchProduct(
  into: JointMoments,
  n: number,
  shift: Float64Array,
  sums: Float64Array,
  products: Float32Array | Float64Array,
): void {
  const { units, mean, m2 } = into;
  if (!Number.isInteger(n) || n < 0) throw new RangeError(`A batch of ${n} samples is not a whole number.`);
  requireLength('the shift', shift.length, units);
  requireLength('the sums', sums.length, units);
  requireLength('the products', products.length, units * units);
  if (n === 0) return;
  const batchMean = new Float64Array(units);
  for (let i = 0; i < units; i++) batchMean[i] = shift[i] + sums[i] / n;
  const delta = shiftMeans(into, n, batchMean);
  const weight = (into.n * n) / (into.n + n);
  // One loop per element type: a loop that sees both is compiled for neither and runs several times slower.
  if (products instanceof Float32Array) addFloat32Products(m2, units, products, sums, n, delta, weight);
  else addFloat64Products(m2, units, products, sums, n, delta, weight);
  into.n += n;
  updateMeans(mean, delta, n / into.n);
}

function addFloat32Products(
  m2: Float64Array,
  units: number,
  products: Float32Array,
  sums: Float64Array,
  n: number,
  delta: Float64Array,
  weight: number,
): void {
  for (let i = 0; i < units; i++) {
    const meanOfRow = sums[i] / n;
    const scaled = delta[i] * weight;
    const end = i * units + units;
    for (let at = i * units + i, j = i; at < end; at++, j++) {
      m2[at] += products[at] - meanOfRow * sums[j] + scaled * delta[j];
    }
  }
}

function addFloat64Products(
  m2: Float64Array,
  units: number,
  products: Float64Array,
  sums: Float64Array,
  n: number,
  delta: Float64Array,
  weight: number,
): void {
  for (let i = 0; i < units; i++) {
    const meanOfRow = sums[i] / n;
    const scaled = delta[i] * weight;
    const end = i * units + units;
    for (let at = i * units + i, j = i; at < end; at++, j++) {
      m2[at] += products[at] - meanOfRow * sums[j] + scaled * delta[j];
    }
  }
}

/** Mean of the newcomers minus the mean so far; into an empty accumulator this is the new mean itself. */
function shiftMeans(into: JointMoments, n: number, mean: Float64Array): Float64Array {
  const delta = new Float64Array(into.units);
  if (into.n === 0) into.mean.fill(0);
  if (n > 0) for (let i = 0; i < into.units; i++) delta[i] = mean[i] - into.mean[i];
  return delta;
}

function updateMeans(mean: Float64Array, delta: Float64Array, share: number): void {
  for (let i = 0; i < mean.length; i++) mean[i] += delta[i] * share;
}

function requireLength(what: string, found: number, expected: number): void {
  if (found !== expected) throw new RangeError(`The length of ${what} is ${found}; it must be ${expected}.`);
}
