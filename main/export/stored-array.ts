import type { Dtype, NamedArray, StoredResult } from '#core/domain/result.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';

/** An array of a result as it is written to files: some rows at a time, however large it is. */
export interface StoredArray {
  /** Name of its file or of its entry in one. */
  name: string;
  dtype: Dtype;
  /** One side for a vector, two for a matrix. */
  shape: [number] | [number, number];
  /** Rows from the top, row-major, in the stored type. */
  bands(): AsyncGenerator<NamedArray['data']>;
}

const itemBytes: Record<Dtype, number> = { float64: 8, float32: 4, int32: 4, uint8: 1 };

export const cellsOf = ({ shape }: StoredArray): number => shape.reduce((product, side) => product * side, 1);

export const bytesOf = (array: StoredArray): number => cellsOf(array) * itemBytes[array.dtype];

/** File names of the command line's interface, where they differ from the stored array's. */
const fileNames: Record<string, string> = { between: 'correlation' };

export const arrayFileStem = (name: string): string => fileNames[name] ?? name;

export function storedArrays(database: DatabaseMethods, { id, arrays }: StoredResult): StoredArray[] {
  return arrays.map(({ name, dtype, rows, cols }) => ({
    name: arrayFileStem(name),
    dtype,
    shape: rows === 1 ? [cols] : [rows, cols],
    async *bands() {
      let left = rows;
      for (let index = 0; left > 0; index++) {
        const band = await database.band(id, name, index);
        yield band.data;
        left -= band.rows;
      }
    },
  }));
}

/** The bytes of numbers, not copied. They are little-endian, as on every machine this runs on. */
export const bytesOfCells = ({ buffer, byteOffset, byteLength }: NamedArray['data']): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
