import type { PairMatching } from './pair-matchings.ts';

export interface CycleConsistency {
  /** Triples of networks. */
  triples: number;
  /** Paths A -> B -> C -> A that reach A again, over all triples and all three starts. */
  completed: number;
  /** Of these, the share that ends at the unit it started from; 0 without any. */
  share: number;
  /** The share expected of random matchings of the same sizes. */
  chance: number;
  /** Per network, per unit: completed paths that start there, and how many of them return. */
  started: Int32Array[];
  returned: Int32Array[];
}

/**
 * Do matchings agree with each other? Follows every live unit along A -> B -> C -> A for every triple of networks and
 * each of its three starts (the other direction closes the same cycles, matchings being one-to-one).
 *
 *   share = #{paths that return to their unit} / #{paths that reach A again}
 *   chance = mean over completed paths of 1 / live units of A  (a random one-to-one map returns with that probability)
 *
 * A path through a dead or an unmatched unit is not completed. Fewer than 3 networks have no triples.
 *
 * @param dead per network, per unit
 * @throws RangeError when a pair of networks has no matching. O(networks^3 x units).
 */
export function cycleConsistency(
  pairs: readonly PairMatching[],
  dead: readonly Uint8Array[],
): CycleConsistency {
  const networks = dead.length;
  const step = stepBetween(pairs, dead);
  const started = dead.map((flags) => new Int32Array(flags.length));
  const returned = dead.map((flags) => new Int32Array(flags.length));
  let [triples, completed, consistent, chance] = [0, 0, 0, 0];
  const follow = (a: number, b: number, c: number): void => {
    const live = dead[a].length - dead[a].reduce((count, flag) => count + flag, 0);
    for (let unit = 0; unit < dead[a].length; unit++) {
      if (dead[a][unit] === 1) continue;
      const end = step(c, a, step(b, c, step(a, b, unit)));
      if (end < 0) continue;
      completed++;
      chance += 1 / live;
      started[a][unit]++;
      if (end !== unit) continue;
      consistent++;
      returned[a][unit]++;
    }
  };
  for (let a = 0; a < networks; a++) {
    for (let b = a + 1; b < networks; b++) {
      for (let c = b + 1; c < networks; c++) {
        triples++;
        follow(a, b, c);
        follow(b, c, a);
        follow(c, a, b);
      }
    }
  }
  const share = completed === 0 ? 0 : consistent / completed;
  return { triples, completed, share, chance: completed === 0 ? 0 : chance / completed, started, returned };
}

/** The live partner in network `to` of a unit of network `from`; -1 where there is none (or the unit is -1). */
function stepBetween(pairs: readonly PairMatching[], dead: readonly Uint8Array[]) {
  const table = dead.map(() => new Array<Int32Array | undefined>(dead.length));
  for (const { first, second, forward, backward } of pairs) {
    table[first][second] = forward;
    table[second][first] = backward;
  }
  return (from: number, to: number, unit: number): number => {
    if (unit < 0) return -1;
    const partners = table[from][to];
    if (!partners) throw new RangeError(`Networks ${from} and ${to} have no matching.`);
    const partner = partners[unit];
    return partner >= 0 && dead[to][partner] === 0 ? partner : -1;
  };
}
