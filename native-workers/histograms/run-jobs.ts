import type { CodedRun } from './coded-runs.ts';
import { groupsOf, type CountJob } from './count-threads.ts';
import type { CountPlaces } from './informations.ts';

/** Where the codes of two networks lie in memory. */
type CodedPair = Pick<CountJob, 'codesA' | 'codesB' | 'stride' | 'unitsA' | 'unitsB' | 'bins'>;

/** What a run adds to the counts of a pair of networks: to a half or the other, and to the shuffled ones. */
export function jobsOf(
  { samples, middle, turns }: CodedRun,
  pair: number,
  codes: CodedPair,
  { between, shuffled, half }: CountPlaces,
): CountJob[] {
  const job = (first: number, end: number, turn: number, counts: number): CountJob[] =>
    end === first
      ? []
      : [
          {
            ...codes,
            ...{
              codesA: codes.codesA + first,
              codesB: codes.codesB + first,
              samples: end - first,
              turn,
              counts,
            },
            ...{ firstGroup: 0, endGroup: groupsOf(codes.unitsA) },
          },
        ];
  const turn = turns[pair];
  return [
    ...job(0, middle, 0, half),
    ...job(middle, samples, 0, between),
    ...(turn > 0 ? job(0, samples, turn, shuffled) : []),
  ];
}

/** By how many samples a run may be rotated to the start of another image, none meeting its own image again. */
export function turnsOf(ends: readonly number[]): number[] {
  const samples = ends.at(-1) ?? 0;
  const longest = ends.reduce((most, end, image) => Math.max(most, end - (ends[image - 1] ?? 0)), 0);
  return ends.slice(0, -1).filter((turn) => turn >= longest && samples - turn >= longest);
}
