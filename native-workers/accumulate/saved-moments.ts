import type { JointMoments } from '#core/numeric/moments/joint-moments.ts';
import type { UnitMoments } from '#core/numeric/moments/unit-moments.ts';
import type { StateReader, StateWriter } from './saved-state.ts';

/** Moments as saved state: the number of samples, then every array by its name; of second moments the upper triangle. */
export function putMoments(state: StateWriter, moments: JointMoments | UnitMoments): void {
  state.put('n', Float64Array.of(moments.n));
  for (const [name, data] of arraysOf(moments)) {
    if (isMatrix(name, moments)) state.putUpper(name, data, moments.units);
    else state.put(name, data);
  }
}

/** Fills moments of the same units with saved ones. */
export function takeMoments(state: StateReader, moments: JointMoments | UnitMoments): void {
  const n = new Float64Array(1);
  state.into('n', n);
  moments.n = n[0];
  for (const [name, data] of arraysOf(moments)) {
    if (isMatrix(name, moments)) state.intoUpper(name, data, moments.units);
    else state.into(name, data);
  }
}

/** Of second moments the upper triangle alone is valid while samples are added. */
function isMatrix(name: string, moments: JointMoments | UnitMoments): moments is JointMoments {
  return name === 'm2' && moments.m2.length === moments.units ** 2;
}

function arraysOf(moments: JointMoments | UnitMoments): [string, Float64Array][] {
  return Object.entries(moments).filter((entry): entry is [string, Float64Array] => {
    return entry[1] instanceof Float64Array;
  });
}
