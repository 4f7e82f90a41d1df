import type { PairMatching } from './pair-matchings.ts';

export interface Convergence {
  /** Per network, per unit: how many of the other networks hold a match. */
  held: Int32Array[];
  /** Units per verdict; dead units are in none of them. */
  inAll: number;
  inSome: number;
  inOne: number;
  live: number;
  /** Mean over the live units of the share of other networks that hold a match. */
  mean: number;
}

/**
 * How many of the other networks learned each unit. A network holds unit u when u's one-to-one partner there passes:
 *
 *   convergence(u) = #{other networks whose match of u passes} / (networks - 1)
 *
 * `inAll`: every other network, `inOne`: none (the unit's own network alone), `inSome`: between. With one network
 * every live unit is `inOne` and the mean 0.
 *
 * @param dead per network, per unit
 * @param passes whether the match of unit `row` of pair.first passes; only asked for matched units, both live
 * @throws RangeError when a pair does not fit the networks. O(networks^2 x units).
 */
export function convergence(
  pairs: readonly PairMatching[],
  dead: readonly Uint8Array[],
  passes: (pair: number, row: number) => boolean,
): Convergence {
  const held = dead.map((flags) => new Int32Array(flags.length));
  pairs.forEach(({ first, second, forward }, pair) => {
    if (forward.length !== dead[first]?.length || !dead[second]) {
      throw new RangeError(`The matching of networks ${first} and ${second} does not fit the networks.`);
    }
    forward.forEach((col, row) => {
      if (col < 0 || dead[first][row] === 1 || dead[second][col] === 1 || !passes(pair, row)) return;
      held[first][row]++;
      held[second][col]++;
    });
  });
  return { held, ...summarise(held, dead) };
}

function summarise(held: Int32Array[], dead: readonly Uint8Array[]): Omit<Convergence, 'held'> {
  const others = dead.length - 1;
  const counts = { inAll: 0, inSome: 0, inOne: 0, live: 0, mean: 0 };
  held.forEach((row, network) => {
    row.forEach((count, unit) => {
      if (dead[network][unit] === 1) return;
      counts.live++;
      if (others > 0) counts.mean += count / others;
      if (count === 0) counts.inOne++;
      else if (count === others) counts.inAll++;
      else counts.inSome++;
    });
  });
  if (counts.live > 0) counts.mean /= counts.live;
  return counts;
}
