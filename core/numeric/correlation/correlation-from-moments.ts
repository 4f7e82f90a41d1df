import type { JointMoments } from '../moments/joint-moments.ts';

/** The rows and columns of the joint moments to correlate: a within-network block or a between-network block. */
export interface CorrelationBlock {
  rowStart: number;
  rowCount: number;
  colStart: number;
  colCount: number;
}

const tile = 32;

/**
 * Pearson correlation of two ranges of units:
 *
 *   r_ij = m2_ij / sqrt(m2_ii m2_jj)      (n cancels; Li et al. 2015, arXiv 1511.07543, section 2)
 *
 * Reads the upper triangle of the moments only. A dead unit has r = 0 with every unit, itself included. A live unit
 * has exactly 1 with itself. Rounding cannot take r outside [-1, 1]: it is clamped. r_ij and r_ji are bit-equal, so
 * a within block is symmetric and B-A is the transpose of A-B.
 *
 * Not a test of significance, and blind to relations that are not linear.
 *
 * @param dead [p] 1 where the unit is constant. Give it whenever it is known (`finishUnitStatistics`): with float32
 *   products the second moment of a constant unit can be rounding noise above 0. A unit whose own second moment is
 *   not above 0 is dead in any case.
 * @returns [rowCount x colCount] row-major
 * @throws RangeError when there are no samples, or a range or the mask does not fit the units. O(rows x cols).
 */
export function correlationFromMoments(
  moments: JointMoments,
  block: CorrelationBlock,
  dead?: Uint8Array,
): Float64Array {
  const { rowStart, rowCount, colStart, colCount } = block;
  requireRange('row', rowStart, rowCount, moments.units);
  requireRange('column', colStart, colCount, moments.units);
  if (moments.n === 0) throw new RangeError('Correlations need at least one sample; there is none.');
  if (dead && dead.length !== moments.units) {
    throw new RangeError(`The mask of dead units has ${dead.length} entries for ${moments.units} units.`);
  }
  const inverse = inverseRootDiagonal(moments, dead);
  const result = new Float64Array(rowCount * colCount);
  for (let top = 0; top < rowCount; top += tile) {
    for (let left = 0; left < colCount; left += tile) {
      correlateTile(moments, inverse, block, top, left, result);
    }
  }
  return result;
}

function correlateTile(
  moments: JointMoments,
  inverse: Float64Array,
  block: CorrelationBlock,
  top: number,
  left: number,
  result: Float64Array,
): void {
  const { units, m2 } = moments;
  const bottom = Math.min(top + tile, block.rowCount);
  const right = Math.min(left + tile, block.colCount);
  for (let row = top; row < bottom; row++) {
    const i = block.rowStart + row;
    for (let col = left; col < right; col++) {
      const j = block.colStart + col;
      // Lower index first: the same operations in the same order for (i, j) and (j, i).
      const r =
        i < j ? m2[i * units + j] * inverse[i] * inverse[j] : m2[j * units + i] * inverse[j] * inverse[i];
      const live = inverse[i] !== 0 && inverse[j] !== 0;
      result[row * block.colCount + col] = !live ? 0 : i === j ? 1 : Math.min(1, Math.max(-1, r));
    }
  }
}

/** 1 / sqrt(m2_ii), or 0 for a dead unit. */
function inverseRootDiagonal(moments: JointMoments, dead?: Uint8Array): Float64Array {
  const inverse = new Float64Array(moments.units);
  for (let i = 0; i < moments.units; i++) {
    const square = moments.m2[i * moments.units + i];
    if (dead?.[i] !== 1 && square > 0) inverse[i] = 1 / Math.sqrt(square);
  }
  return inverse;
}

function requireRange(what: string, start: number, count: number, units: number): void {
  if (
    !Number.isInteger(start) ||
    !Number.isInteger(count) ||
    start < 0 ||
    count < 0 ||
    start + count > units
  ) {
    throw new RangeError(`The ${what} range ${start}..${start + count} does not lie within ${units} units.`);
  }
}
