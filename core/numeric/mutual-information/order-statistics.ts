/** Up to so many values are sorted: clearing and walking the tables of counts would take longer. */
const mostSorted = 4096;

const keyShift = 16;
const keyCount = 1 << 16;

/**
 * Values of given ranks (0 = the least) among float32 values, as sorting them would give, in O(n).
 *
 * A float32's bits, with the sign bit flipped (all bits, where it is set), are whole numbers in the order of the values.
 * The leading 16 bits are counted; of the values that share them with a wanted one, the trailing 16 bits are counted
 * in the same way. No number of equal or nearly equal values makes this slower.
 *
 * @param values finite, any order, not changed; -0 counts as below 0
 * @param ranks whole numbers from 0 to n - 1
 * @returns the value of each of the ranks
 */
export function orderStatistics(values: Float32Array, ranks: readonly number[]): Map<number, number> {
  const wanted = [...new Set(ranks)].sort((x, y) => x - y);
  if (wanted.length === 0) return new Map();
  if (values.length <= mostSorted) {
    const sorted = values.slice().sort();
    return new Map(wanted.map((rank) => [rank, sorted[rank]]));
  }
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const groups = wantedGroups(countLeading(bits), wanted);
  const gathered = gather(bits, groups);
  return new Map(
    groups.flatMap((group) => {
      const trailing = gathered.subarray(group.start, group.start + group.size);
      return selectTrailing(trailing, group).map((value, at): [number, number] => [group.ranks[at], value]);
    }),
  );
}

/** Values with the same leading bits, at least one of which is wanted. */
interface Group {
  key: number;
  /** Number of values below the group. */
  first: number;
  size: number;
  /** Where its values begin among those of all groups. */
  start: number;
  ranks: number[];
}

function countLeading(bits: Int32Array): Uint32Array {
  // Two tables take turns: equal neighbours need not wait for each other.
  const counts = new Uint32Array(keyCount);
  const others = new Uint32Array(keyCount);
  let at = 0;
  for (; at + 1 < bits.length; at += 2) {
    counts[leading(bits[at])]++;
    others[leading(bits[at + 1])]++;
  }
  if (at < bits.length) counts[leading(bits[at])]++;
  for (let key = 0; key < keyCount; key++) counts[key] += others[key];
  return counts;
}

/** All bits flipped of a negative number, the sign bit of others; then the leading 16. */
function leading(bits: number): number {
  return (bits ^ ((bits >> 31) | 0x80000000)) >>> keyShift;
}

function wantedGroups(counts: Uint32Array, wanted: number[]): Group[] {
  const groups: Group[] = [];
  let start = 0;
  for (let key = 0, first = 0, next = 0; key < keyCount && next < wanted.length; key++) {
    const end = first + counts[key];
    if (wanted[next] < end) {
      const ranks: number[] = [];
      for (; next < wanted.length && wanted[next] < end; next++) ranks.push(wanted[next]);
      groups.push({ key, first, size: counts[key], start, ranks });
      start += counts[key];
    }
    first = end;
  }
  return groups;
}

/** Trailing bits, in order, of the values of the groups, one group after the other. */
function gather(bits: Int32Array, groups: Group[]): Uint16Array {
  const slots = new Uint32Array(keyCount);
  const size = groups.reduce((sum, group) => sum + group.size, 0);
  // Slot 0 takes all others, always to the place behind the last: no branch depends on the values.
  const next = Uint32Array.of(size, ...groups.map(({ start }) => start));
  const step = new Uint32Array(groups.length + 1).fill(1, 1);
  groups.forEach(({ key }, at) => (slots[key] = at + 1));
  const gathered = new Uint16Array(size + 1);
  for (let at = 0; at < bits.length; at++) {
    const here = bits[at];
    const whole = here ^ ((here >> 31) | 0x80000000);
    const slot = slots[whole >>> keyShift];
    const to = next[slot];
    gathered[to] = whole;
    next[slot] = to + step[slot];
  }
  return gathered;
}

function selectTrailing(trailing: Uint16Array, { key, first, ranks }: Group): number[] {
  if (trailing.length <= mostSorted) {
    trailing.sort();
    return ranks.map((rank) => valueOf(key, trailing[rank - first]));
  }
  const counts = new Uint32Array(keyCount);
  for (let at = 0; at < trailing.length; at++) counts[trailing[at]]++;
  let [low, end] = [0, first + counts[0]];
  return ranks.map((rank) => {
    while (rank >= end) end += counts[++low];
    return valueOf(key, low);
  });
}

const bitsOfOne = new Int32Array(1);
const one = new Float32Array(bitsOfOne.buffer);

function valueOf(key: number, low: number): number {
  const whole = (key << keyShift) | low;
  bitsOfOne[0] = whole < 0 ? whole ^ 0x80000000 : ~whole;
  return one[0];
}
