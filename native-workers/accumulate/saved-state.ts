import type { NamedArray } from '#core/domain/result.ts';

export type StateArray = NamedArray['data'];

/** Changes whenever states of an earlier version cannot be taken up. */
export const stateLayout = '1';

/** What goes on after an interruption as if there had been none: bit for bit. */
export interface Resumable {
  /** Names the arrays that hold its state. Nothing may be in flight, and they are read before anything is added. */
  save(state: StateWriter): void;
  /** Takes the state that `save` named; made with the same options, nothing added yet. */
  restore(state: StateReader): void;
}

/** One array of a state as it lies in memory: in pieces, one after the other. */
export interface SavedArray {
  name: string;
  dtype: NamedArray['dtype'];
  length: number;
  pieces: Iterable<StateArray>;
}

/** Where a state is read from: one array after the other. */
export interface StateSource {
  /** Its number of values and their type; null where there is none of that name. */
  find(name: string): Pick<SavedArray, 'dtype' | 'length'> | null;
  /** Fills `target` with the array's values from `first` on. */
  read(name: string, first: number, target: StateArray): void;
}

/** The state is of another pass: it cannot be taken up. Its message is the reason, a clause without a full stop. */
export class UnfitState extends Error {}

const dtypes = {
  Float64Array: 'float64',
  Float32Array: 'float32',
  Int32Array: 'int32',
  Uint8Array: 'uint8',
} as const;

const typeOf = (data: StateArray) => dtypes[data.constructor.name as keyof typeof dtypes];

/** Collects named arrays, without copying them; parts write below prefixes of their own. */
export class StateWriter {
  readonly arrays: SavedArray[];
  readonly #prefix: string;

  constructor(arrays: SavedArray[] = [], prefix = '') {
    this.arrays = arrays;
    this.#prefix = prefix;
  }

  within(part: string): StateWriter {
    return new StateWriter(this.arrays, `${this.#prefix}${part}/`);
  }

  put(name: string, data: StateArray): void {
    this.putPieces(name, typeOf(data), data.length, [data]);
  }

  /** The upper triangle of a [size x size] matrix, diagonal included, row by row: half of what `put` would take. */
  putUpper(name: string, matrix: StateArray, size: number): void {
    const rows = () => upperRows(matrix, size);
    this.putPieces(name, typeOf(matrix), (size * (size + 1)) / 2, { [Symbol.iterator]: rows });
  }

  putPieces(name: string, dtype: SavedArray['dtype'], length: number, pieces: Iterable<StateArray>): void {
    this.arrays.push({ name: this.#prefix + name, dtype, length, pieces });
  }
}

/** Gives named arrays back; one that is missing or of another length is refused with an `UnfitState`. */
export class StateReader {
  readonly #source: StateSource;
  readonly #prefix: string;

  constructor(source: StateSource, prefix = '') {
    this.#source = source;
    this.#prefix = prefix;
  }

  within(part: string): StateReader {
    return new StateReader(this.#source, `${this.#prefix}${part}/`);
  }

  /** Numbers whose count only the state knows. */
  integers(name: string): Int32Array {
    const values = new Int32Array(this.#source.find(this.#prefix + name)?.length ?? 0);
    this.into(name, values);
    return values;
  }

  into(name: string, target: StateArray): void {
    this.intoPieces(name, target.length, [target]);
  }

  intoUpper(name: string, matrix: StateArray, size: number): void {
    this.intoPieces(name, (size * (size + 1)) / 2, upperRows(matrix, size));
  }

  intoPieces(name: string, length: number, pieces: Iterable<StateArray>): void {
    const whole = this.#prefix + name;
    const found = this.#source.find(whole);
    if (found?.length !== length)
      throw new UnfitState(`it has ${found?.length ?? 'no'} values of ${whole}, where ${length} are needed`);
    let first = 0;
    for (const piece of pieces) {
      if (typeOf(piece) !== found.dtype)
        throw new UnfitState(`${whole} is ${found.dtype}, not ${typeOf(piece)}`);
      this.#source.read(whole, first, piece);
      first += piece.length;
    }
  }
}

function* upperRows(matrix: StateArray, size: number): Generator<StateArray, undefined> {
  for (let row = 0; row < size; row++) yield matrix.subarray(row * size + row, (row + 1) * size);
}
