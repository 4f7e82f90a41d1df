import type { ProjectRun } from '#core/domain/project.ts';
import type { UnitPartners } from '#core/ipc/areas/unit.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';

/** Match and semi-match of one unit in every network that its own was matched with at this layer, in run order. */
export async function unitPartners(
  database: DatabaseMethods,
  run: ProjectRun,
  network: string,
  layer: string,
  unit: number,
): Promise<UnitPartners[]> {
  const matchings = run.results.filter(
    ({ analysis, a, b }) => analysis === 'matching' && a.layer === layer && b.layer === layer,
  );
  const partners: UnitPartners[] = [];
  for (const { name } of run.networks) {
    const forward = matchings.find(({ a, b }) => a.network === network && b.network === name);
    const backward = matchings.find(({ a, b }) => a.network === name && b.network === network);
    if (name === network || (!forward && !backward)) continue;
    const found = forward
      ? await partnersOfA(database, forward.id, unit)
      : backward && (await partnersOfB(database, backward.id, unit));
    if (found) partners.push({ network: name, ...found });
  }
  return partners;
}

type Found = Omit<UnitPartners, 'network'>;

async function partnersOfA(database: DatabaseMethods, resultId: string, unit: number): Promise<Found> {
  const [match, matchValue, semi, semiValue] = await columns(database, resultId, [
    'match',
    'match-value',
    'semi',
    'semi-value',
  ]);
  return {
    match: match[unit],
    matchValue: match[unit] < 0 ? NaN : matchValue[unit],
    semi: semi[unit],
    semiValue: semi[unit] < 0 ? NaN : semiValue[unit],
  };
}

/** A stored pair the other way round: its matching read backwards, and the semi-matching of its B. */
async function partnersOfB(database: DatabaseMethods, resultId: string, unit: number): Promise<Found> {
  const [match, matchValue, semi, semiValue] = await columns(database, resultId, [
    'match',
    'match-value',
    'semi-b',
    'semi-b-value',
  ]);
  const row = Array.from(match).indexOf(unit);
  return {
    match: row,
    matchValue: row < 0 ? NaN : matchValue[row],
    semi: semi[unit],
    semiValue: semi[unit] < 0 ? NaN : semiValue[unit],
  };
}

async function columns(database: DatabaseMethods, resultId: string, names: string[]) {
  return Promise.all(names.map(async (name) => (await database.array(resultId, name)).data));
}
