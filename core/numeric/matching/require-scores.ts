import { AppError } from '../../errors.ts';

/** Beyond this, sums of prices over thousands of rows could overflow; no score of ours comes near it. */
const largestScore = 1e290;

/**
 * Refuses a score matrix that no matching is defined for.
 *
 * @throws RangeError when the length is not rows x cols; AppError `bad-data` naming the first score that is not
 *   finite (or above 1e290 in size) and how many there are. O(rows x cols).
 */
export function requireScores(score: Float64Array, rows: number, cols: number): void {
  if (
    !Number.isInteger(rows) ||
    !Number.isInteger(cols) ||
    rows < 0 ||
    cols < 0 ||
    score.length !== rows * cols
  ) {
    throw new RangeError(`A score matrix of ${rows} x ${cols} cannot have ${score.length} entries.`);
  }
  const first = firstWrong(score);
  if (first < 0) return;
  const bad = score.filter((value) => !(Math.abs(value) <= largestScore)).length;
  const [row, col] = [Math.floor(first / cols), first % cols];
  throw new AppError(
    'bad-data',
    `The score of unit ${row} of A with unit ${col} of B is ${score[first]}: ${bad} of ${score.length} scores are ` +
      'not finite numbers. Compute the correlations again from finite activations.',
    { row, col, bad },
  );
}

/** A loop that only leaves: `findIndex` takes ten times as long, counting in it three times. */
function firstWrong(score: Float64Array): number {
  for (let at = 0; at < score.length; at++) if (!(Math.abs(score[at]) <= largestScore)) return at;
  return -1;
}
