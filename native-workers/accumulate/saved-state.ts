import type { NamedArray } from '#core/domain/result.ts';
import { AppError } from '#core/errors.ts';

export type StateArray = NamedArray['data'];

/** What goes on after an interruption as if there had been none: bit for bit. */
export interface Resumable {
  /** Names the arrays that hold its state. Nothing may be in flight, and they are read before anything is added. */
  save(state: StateWriter): void;
  /** Takes the state that `save` named; made with the same options, nothing added yet. */
  restore(state: StateReader): void;
}

const dtypes = {
  Float64Array: 'float64',
  Float32Array: 'float32',
  Int32Array: 'int32',
  Uint8Array: 'uint8',
} as const;

/** Collects named arrays, without copying them; parts write below prefixes of their own. */
export class StateWriter {
  readonly arrays: NamedArray[];
  readonly #prefix: string;

  constructor(arrays: NamedArray[] = [], prefix = '') {
    this.arrays = arrays;
    this.#prefix = prefix;
  }

  within(part: string): StateWriter {
    return new StateWriter(this.arrays, `${this.#prefix}${part}/`);
  }

  put(name: string, data: StateArray): void {
    const dtype = dtypes[data.constructor.name as keyof typeof dtypes];
    this.arrays.push({ name: this.#prefix + name, dtype, rows: 1, cols: data.length, data });
  }
}

/** Gives named arrays back; one that is missing or of another length is refused. */
export class StateReader {
  readonly #read: (name: string) => StateArray;
  readonly #prefix: string;

  constructor(read: (name: string) => StateArray, prefix = '') {
    this.#read = read;
    this.#prefix = prefix;
  }

  within(part: string): StateReader {
    return new StateReader(this.#read, `${this.#prefix}${part}/`);
  }

  get(name: string): StateArray {
    return this.#read(this.#prefix + name);
  }

  into(name: string, target: StateArray): void {
    const data = this.get(name);
    if (data.length !== target.length || data.constructor !== target.constructor) {
      throw new AppError(
        'internal',
        `The checkpoint does not fit: ${this.#prefix}${name} has ${data.length} values, ${target.length} are needed.`,
      );
    }
    target.set(data);
  }
}
