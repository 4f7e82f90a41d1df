import type { PairTable } from '#core/ipc/areas/result.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { unitStatisticsOf } from './unit-statistics.ts';

/** The pairs of a stored matching as columns, one row per unit of A in natural order; -1 stands for "no partner". */
export async function pairTableOf(database: DatabaseMethods, resultId: string): Promise<PairTable> {
  const read = async (name: string) => (await database.array(resultId, name)).data;
  const [match, matchValue, semi, semiValue] = await Promise.all(
    ['match', 'match-value', 'semi', 'semi-value'].map(read),
  );
  const { a, b } = await unitStatisticsOf(database, resultId);
  const ofPartner = (column: ArrayLike<number>) => Array.from(match, (unit) => (unit < 0 ? 0 : column[unit]));
  return {
    unitA: Int32Array.from(match, (_partner, unit) => unit),
    matchB: Int32Array.from(match),
    matchValue: Float64Array.from(matchValue),
    semiB: Int32Array.from(semi),
    semiValue: Float64Array.from(semiValue),
    meanA: a.mean,
    meanB: Float64Array.from(ofPartner(b.mean)),
    deadA: a.dead,
    deadB: Uint8Array.from(ofPartner(b.dead)),
  };
}
