const words = 624;
const middle = 397;

/**
 * Normal numbers of numpy's legacy generator, `numpy.random.RandomState(seed).randn`: MT19937 (Matsumoto &
 * Nishimura 1998, doi:10.1145/272991.272995) and Marsaglia's polar method. Published data are often given only so.
 *
 * @param seed whole number from 0 below 2^32
 */
export function numpyNormals(seed: number): (count: number) => Float64Array {
  const uniform = uniforms(seed);
  let spare: number | null = null;
  const next = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
      const square = a * a + b * b;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = scale * a;
      return scale * b;
    }
  };
  return (count) => Float64Array.from({ length: count }, next);
}

/** Doubles of 53 random bits in [0, 1). */
function uniforms(seed: number): () => number {
  const state = new Uint32Array(words);
  state[0] = seed;
  for (let k = 1; k < words; k++) {
    state[k] = Math.imul(1812433253, state[k - 1] ^ (state[k - 1] >>> 30)) + k;
  }
  let at = words;
  const word = (): number => {
    if (at === words) {
      twist(state);
      at = 0;
    }
    let y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  return () => {
    const [high, low] = [word() >>> 5, word() >>> 6];
    return (high * 67108864 + low) / 9007199254740992;
  };
}

function twist(state: Uint32Array): void {
  for (let k = 0; k < words; k++) {
    const y = (state[k] & 0x80000000) | (state[(k + 1) % words] & 0x7fffffff);
    state[k] = state[(k + middle) % words] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}
