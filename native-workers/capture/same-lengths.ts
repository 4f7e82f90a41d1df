import { AppError } from '#core/errors.ts';
import type { SavedActivations } from './saved-activations.ts';

/**
 * The samples of a pass: the first `limit` of the data and of every saved array, which must hold as many samples; of
 * arrays saved for a limited run alone, as many as the limit.
 *
 * @param data label and number of samples of the data; null where there is none
 * @throws AppError `bad-data` naming both files and both numbers
 */
export function commonSamples(
  data: { label: string; rows: number } | null,
  saved: readonly SavedActivations[],
  limit: number | undefined,
): number {
  const of = (activations: SavedActivations) => ({
    label: `${activations.name} (${activations.fileName})`,
    rows: activations.samples,
  });
  const all = [...(data ? [data] : []), ...saved.map(of)];
  const [first] = all;
  const wanted = Math.min(first.rows, limit ?? Infinity);
  const other = all.find(({ rows }) => rows !== first.rows && rows !== wanted);
  if (!other) return wanted;
  throw new AppError(
    'bad-data',
    `${first.label} has ${first.rows} samples and ${other.label} has ${other.rows}; activations must be of the same ` +
      'samples in the same order: save them again, or leave one out.',
    { samples: [first.rows, other.rows] },
  );
}
