import { linearAssignment } from '../matching/linear-assignment.ts';

export interface SplitHalf {
  /** Mean score of the pairs on the half that did not choose them. */
  crossMatchMean: number;
  /** Mean score of the pairs on the half that chose them. */
  ownMatchMean: number;
  /** Share of the matched units of A that both halves give the same partner. */
  agreement: number;
}

/**
 * Matches each half of the images and scores it on the other:
 *
 *   cross = (mean S2[i, x1(i)] + mean S1[i, x2(i)]) / 2,  own = (mean S1[i, x1(i)] + mean S2[i, x2(i)]) / 2
 *
 * The cross mean is free of selection (no image helps both to choose and to score), though its partners come from half
 * the images, so it is a cautious estimate of what the matching is worth on new images. own - cross is what choosing
 * adds. Means over the units of the smaller side; 0 for none.
 *
 * @param first,second scores of the halves [rows x cols]
 * @throws as `linearAssignment`. Two matchings.
 */
export function splitHalfMatching(
  first: Float64Array,
  second: Float64Array,
  rows: number,
  cols: number,
  onProgress: () => void = () => {},
): SplitHalf {
  const one = linearAssignment(first, rows, cols, onProgress);
  const two = linearAssignment(second, rows, cols, onProgress);
  const matched = Math.min(rows, cols);
  if (matched === 0) return { crossMatchMean: 0, ownMatchMean: 0, agreement: 0 };
  let [cross, same] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const [a, b] = [one.partner[row], two.partner[row]];
    if (a >= 0) cross += second[row * cols + a];
    if (b >= 0) cross += first[row * cols + b];
    if (a >= 0 && a === b) same++;
  }
  return {
    crossMatchMean: cross / (2 * matched),
    ownMatchMean: (one.total + two.total) / (2 * matched),
    agreement: same / matched,
  };
}
