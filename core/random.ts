/**
 * Seeded random numbers: xoshiro128** 1.1 (Blackman & Vigna 2021, doi:10.1145/3460772), its 128 bits of state
 * filled from the seed by splitmix32. Period 2^128 - 1; not for cryptography. The stream for a seed is part of the
 * stored result (folds, sampled positions), so it must never change.
 */
export interface Random {
  /** Uniform integer in [0, 2^32). */
  nextUint32(): number;
  /** Uniform in [0, 1) with 53 random bits. */
  nextFloat(): number;
  /** Uniform integer in [0, bound), without modulo bias; 1 <= bound <= 2^32. */
  nextInt(bound: number): number;
  /** The 128 bits of state: what `setState` needs to go on from here. */
  state(): Int32Array;
  setState(state: Int32Array): void;
}

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

function splitmix32(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
}

/**
 * @param seed integer in [0, 2^53); different seeds give unrelated streams.
 * @throws RangeError for any other seed.
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`The seed ${seed} is not a whole number from 0 to 2^53 - 1.`);
  }
  // The high word only enters a second stream: seeds under 2^32 and above differ in every word of the state.
  const low = splitmix32(seed % 2 ** 32);
  const high = splitmix32(low() ^ Math.floor(seed / 2 ** 32));
  let a = low() ^ high();
  let b = low() ^ high();
  let c = low() ^ high();
  let d = low() ^ high();
  if ((a | b | c | d) === 0) a = 1; // the all-zero state is the generator's only fixed point

  const nextUint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result;
  };
  return {
    nextUint32,
    nextFloat: () => ((nextUint32() >>> 5) * 2 ** 26 + (nextUint32() >>> 6)) / 2 ** 53,
    nextInt: (bound) => uniformBelow(bound, nextUint32),
    state: () => Int32Array.of(a, b, c, d),
    setState: (state) => {
      [a, b, c, d] = state;
    },
  };
}

/** Rejection of the incomplete last multiple of `bound` keeps every outcome equally likely. */
function uniformBelow(bound: number, nextUint32: () => number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) {
    throw new RangeError(`The bound ${bound} is not a whole number from 1 to 2^32.`);
  }
  const limit = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const value = nextUint32();
    if (value < limit) return value % bound;
  }
}

/** Puts the items in a uniformly random order, in place (Fisher-Yates, Durstenfeld 1964). O(n). */
export function shuffle<T extends { length: number; [index: number]: unknown }>(items: T, random: Random): T {
  const list = items as { length: number; [index: number]: unknown };
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.nextInt(last + 1);
    const kept = list[last];
    list[last] = list[other];
    list[other] = kept;
  }
  return items;
}

/**
 * `size` different indices of [0, count), every subset equally likely, in ascending order.
 * Floyd's algorithm (Bentley & Floyd 1987, doi:10.1145/30401.315746): O(size log size) time, O(size) memory.
 *
 * @throws RangeError unless 0 <= size <= count <= 2^32.
 */
export function sampleWithoutReplacement(count: number, size: number, random: Random): Uint32Array {
  if (!Number.isInteger(size) || !Number.isInteger(count) || size < 0 || size > count || count > 2 ** 32) {
    throw new RangeError(`Cannot draw ${size} different indices out of ${count}.`);
  }
  const chosen = new Set<number>();
  for (let top = count - size; top < count; top++) {
    const drawn = random.nextInt(top + 1);
    chosen.add(chosen.has(drawn) ? top : drawn);
  }
  return Uint32Array.from(chosen).sort();
}
