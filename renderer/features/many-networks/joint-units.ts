import type { ResultData } from '../analysis/read-result.ts';

export type Verdict = 'all' | 'some' | 'one';
export type Rule = 'value' | 'calibrated';

/** A live unit of any of the networks, and in how many of the others it has its like. */
export interface JointUnit {
  /** Place of its network in the group. */
  network: number;
  unit: number;
  holding: number;
  convergence: number;
  verdict: Verdict;
  /** Paths round three networks that started at the unit, and those that came back to it. */
  started: number;
  returned: number;
}

export const jointArrays = [
  ...['network', 'unit', 'dead', 'networks-holding', 'convergence', 'networks-holding-calibrated'],
  ...['convergence-calibrated', 'cycle-started', 'cycle-returned'],
];

/** Live units by falling convergence, then cycles that return, then place. */
export function jointUnits(data: ResultData, rule: Rule): JointUnit[] {
  const suffix = rule === 'calibrated' ? '-calibrated' : '';
  const read = (name: string) => data.list(name);
  const [network, unit, dead] = [read('network'), read('unit'), read('dead')];
  const [holding, convergence] = [read(`networks-holding${suffix}`), read(`convergence${suffix}`)];
  const [started, returned] = [read('cycle-started'), read('cycle-returned')];
  const others = (data.number('networks') ?? 1) - 1;
  const verdictOf = (held: number): Verdict => (held <= 0 ? 'one' : held >= others ? 'all' : 'some');
  return convergence
    .map((share, at) => ({
      network: network[at] ?? -1,
      unit: unit[at] ?? -1,
      holding: holding[at] ?? 0,
      convergence: share,
      verdict: verdictOf(holding[at] ?? Math.round(share * others)),
      started: started[at] ?? 0,
      returned: returned[at] ?? 0,
    }))
    .filter((one, at) => one.network >= 0 && dead[at] === 0)
    .sort((x, y) => y.convergence - x.convergence || cycleShare(y) - cycleShare(x));
}

export function cycleShare({ started, returned }: Pick<JointUnit, 'started' | 'returned'>): number {
  return started > 0 ? returned / started : 0;
}

/** Units of each network by its name, ascending: what a group is made of. */
export function membersOf(units: readonly JointUnit[], names: readonly string[]): Record<string, number[]> {
  const members: Record<string, number[]> = {};
  for (const { network, unit } of units) (members[names[network]] ??= []).push(unit);
  for (const list of Object.values(members)) list.sort((x, y) => x - y);
  return members;
}
