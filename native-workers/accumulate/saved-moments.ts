import type { JointMoments } from '#core/numeric/moments/joint-moments.ts';
import type { UnitMoments } from '#core/numeric/moments/unit-moments.ts';
import type { StateReader, StateWriter } from './saved-state.ts';

/** Moments as saved state: the number of samples, then every array by its name. */
export function putMoments(state: StateWriter, moments: JointMoments | UnitMoments): void {
  state.put('n', Float64Array.of(moments.n));
  for (const [name, data] of arraysOf(moments)) state.put(name, data);
}

/** Fills moments of the same units with saved ones. */
export function takeMoments(state: StateReader, moments: JointMoments | UnitMoments): void {
  const n = new Float64Array(1);
  state.into('n', n);
  moments.n = n[0];
  for (const [name, data] of arraysOf(moments)) state.into(name, data);
}

function arraysOf(moments: JointMoments | UnitMoments): [string, Float64Array][] {
  return Object.entries(moments).filter((entry): entry is [string, Float64Array] => {
    return entry[1] instanceof Float64Array;
  });
}
