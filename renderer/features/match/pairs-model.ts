import type { PairTable } from '#core/ipc/areas/result.ts';

/** Values per unit of A, NaN or -1 where there is none: from certainty and mutual information, where they were run. */
export interface PairExtras {
  heldOut?: ArrayLike<number>;
  stability?: ArrayLike<number>;
  q?: ArrayLike<number>;
  low?: ArrayLike<number>;
  high?: ArrayLike<number>;
  /** Mutual information of the matched pair; the partner that a matching by information gives, with its r and I. */
  mi?: ArrayLike<number>;
  miPartner?: ArrayLike<number>;
  miPartnerMi?: ArrayLike<number>;
  miPartnerR?: ArrayLike<number>;
}

export const columnKeys = [
  'unitA',
  'matchB',
  'r',
  'heldOut',
  'low',
  'high',
  'stability',
  'q',
  'semiB',
  'semiR',
  'same',
  'mi',
  'miPartner',
  'agree',
  'meanA',
  'meanB',
  'dead',
] as const;
export type ColumnKey = (typeof columnKeys)[number];

export interface Sorting {
  key: ColumnKey;
  isDescending: boolean;
}

/** The pairs of a matching as columns of numbers, one row a unit of A; NaN where there is no value, 0 and 1 for no and yes. */
export class PairColumns {
  readonly rows: number;
  readonly #columns: Partial<Record<ColumnKey, Float64Array>>;
  readonly extras: PairExtras;
  readonly #table: PairTable;
  readonly #sorted = new Map<string, Int32Array>();

  constructor(table: PairTable, extras: PairExtras = {}) {
    const rows = table.unitA.length;
    const isMatched = (row: number) => table.matchB[row] >= 0;
    const make = (value: (row: number) => number) => {
      const column = new Float64Array(rows);
      for (let row = 0; row < rows; row++) column[row] = value(row);
      return column;
    };
    const given = (values?: ArrayLike<number>) => values && make((row) => values[row] ?? NaN);
    const index = (values?: ArrayLike<number>) =>
      values && make((row) => (values[row] >= 0 ? values[row] : NaN));
    const { miPartner } = extras;
    this.rows = rows;
    this.extras = extras;
    this.#table = table;
    this.#columns = {
      unitA: make((row) => table.unitA[row]),
      matchB: index(table.matchB),
      r: make((row) => (isMatched(row) ? table.matchValue[row] : NaN)),
      heldOut: given(extras.heldOut),
      low: given(extras.low),
      high: given(extras.high),
      stability: given(extras.stability),
      q: given(extras.q),
      semiB: index(table.semiB),
      semiR: make((row) => table.semiValue[row]),
      same: make((row) => Number(isMatched(row) && table.matchB[row] === table.semiB[row])),
      mi: given(extras.mi),
      miPartner: index(miPartner),
      agree:
        miPartner && make((row) => (isMatched(row) ? Number(miPartner[row] === table.matchB[row]) : NaN)),
      meanA: make((row) => table.meanA[row]),
      meanB: make((row) => (isMatched(row) ? table.meanB[row] : NaN)),
      // 1: the unit of A, 2: its match, 3: both.
      dead: make((row) => Number(table.deadA[row] === 1) + 2 * Number(table.deadB[row] === 1)),
    };
  }

  /** The same pairs with information in another unit, of which a nat has this many. */
  withInformation(perNat: number): PairColumns {
    if (perNat === 1) return this;
    const scaled = (values?: ArrayLike<number>) =>
      values && Float64Array.from(values, (value) => perNat * value);
    const { mi, miPartnerMi } = this.extras;
    return new PairColumns(this.#table, { ...this.extras, mi: scaled(mi), miPartnerMi: scaled(miPartnerMi) });
  }

  has(key: ColumnKey): boolean {
    return this.#columns[key] !== undefined;
  }

  /** NaN for a column that the project has nothing for. */
  value(key: ColumnKey, row: number): number {
    return this.#columns[key]?.[row] ?? NaN;
  }

  /** -1: none. */
  unit(key: 'unitA' | 'matchB' | 'semiB' | 'miPartner', row: number): number {
    const value = this.value(key, row);
    return Number.isNaN(value) ? -1 : value;
  }

  column(key: ColumnKey): Float64Array {
    return this.#columns[key] ?? new Float64Array(this.rows).fill(NaN);
  }

  all(): Int32Array {
    const rows = new Int32Array(this.rows);
    for (let row = 0; row < rows.length; row++) rows[row] = row;
    return rows;
  }

  /** All rows sorted, made once for each sorting; not to be changed. */
  sorted(sorting: Sorting): Int32Array {
    const key = `${sorting.key} ${sorting.isDescending}`;
    const known = this.#sorted.get(key);
    if (known) return known;
    const made = sortRows(this, this.all(), sorting);
    this.#sorted.set(key, made);
    return made;
  }
}

/** The rows sorted by a column; equal ones keep their order, those without a value come last either way. */
export function sortRows(pairs: PairColumns, rows: Int32Array, { key, isDescending }: Sorting): Int32Array {
  return sortedBy(pairs.column(key), rows, isDescending);
}

/** Stable radix sort of the rows by the bits of their values, 16 at a time. O(rows), NaN last. */
export function sortedBy(values: Float64Array, rows: Int32Array, isDescending: boolean): Int32Array {
  const count = rows.length;
  const keys = new Uint16Array(4 * count);
  const bits = new DataView(new ArrayBuffer(8));
  for (let at = 0; at < count; at++) {
    const value = values[rows[at]];
    // Adding 0 makes −0 and 0 one value.
    bits.setFloat64(0, value + 0);
    const flip = bits.getUint8(0) >= 128 ? 0xffff : 0;
    for (let digit = 0; digit < 4; digit++) {
      const part = bits.getUint16(2 * (3 - digit)) ^ flip;
      const signed = digit === 3 && flip === 0 ? part ^ 0x8000 : part;
      keys[digit * count + at] = Number.isNaN(value) ? 0xffff : isDescending ? signed ^ 0xffff : signed;
    }
  }
  let order = Int32Array.from({ length: count }, (_, at) => at);
  let next = new Int32Array(count);
  const starts = new Int32Array(1 << 16);
  for (let digit = 0; digit < 4; digit++) {
    starts.fill(0);
    const own = keys.subarray(digit * count, (digit + 1) * count);
    for (const key of own) if (key < 0xffff) starts[key + 1]++;
    for (let key = 1; key < starts.length; key++) starts[key] += starts[key - 1];
    for (const at of order) next[starts[own[at]]++] = at;
    [order, next] = [next, order];
  }
  return order.map((at) => rows[at]);
}
