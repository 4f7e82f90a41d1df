import { join } from 'node:path';
import type { StoredResult } from '#core/domain/result.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { writePieces, writeWhole } from '../app/write-file.ts';
import { csvLines, csvPieces, type CsvCell } from './csv.ts';
import { writeResultHdf5, writeResultMat } from './hdf5/result-hdf5.ts';
import { npyPieces } from './npy.ts';
import { writeNpz } from './npz.ts';
import { safetensorsPieces } from './safetensors.ts';
import { storedArrays, type StoredArray } from './stored-array.ts';

export const arrayFormats = ['npy', 'npz', 'csv', 'json', 'safetensors', 'hdf5', 'mat'] as const;
export type ArrayFormat = (typeof arrayFormats)[number];

type WriteFile = (path: string, arrays: StoredArray[], result: StoredResult) => Promise<void>;

/** Formats of one file a result, and how each is written. */
const wholeResult: Record<Exclude<ArrayFormat, 'npy' | 'csv'>, WriteFile> = {
  json: (path, _arrays, result) => writeWhole(path, `${JSON.stringify(result, null, 2)}\n`),
  npz: (path, arrays) => writeNpz(path, arrays),
  safetensors: (path, arrays, result) => writePieces(path, safetensorsPieces(arrays, textsOf(result))),
  hdf5: (path, arrays, result) => writeResultHdf5(path, arrays, textsOf(result)),
  mat: (path, arrays, result) => writeResultMat(path, arrays, textsOf(result), result),
};

/** Formats of one file an array. */
const oneArray: Record<'npy' | 'csv', (path: string, array: StoredArray) => Promise<void>> = {
  npy: (path, array) => writePieces(path, npyPieces(array)),
  csv: (path, array) => writePieces(path, csvOf(array)),
};

/**
 * Writes a result: npy and csv one file an array, the others one file with all of them. Arrays are read and written
 * some rows at a time. Returns the paths written.
 */
export async function writeResultFiles(
  database: DatabaseMethods,
  result: StoredResult,
  folder: string,
  formats: readonly ArrayFormat[],
): Promise<string[]> {
  const arrays = storedArrays(database, result);
  const written: string[] = [];
  for (const format of arrayFormats.filter((one) => formats.includes(one))) {
    if (format === 'npy' || format === 'csv') {
      for (const array of arrays) {
        const path = join(folder, `${array.name}.${format}`);
        await oneArray[format](path, array);
        written.push(path);
      }
    } else {
      const path = join(folder, `result.${format === 'hdf5' ? 'h5' : format}`);
      await wholeResult[format](path, arrays, result);
      written.push(path);
    }
  }
  return written;
}

/** What a result is, as texts by name: for formats that hold texts beside arrays. */
function textsOf({ id, analysis, a, b, params, headline, provenance }: StoredResult): Record<string, string> {
  return {
    result: id,
    analysis,
    network_a: a.network,
    layer_a: a.layer,
    network_b: b.network,
    layer_b: b.layer,
    params: JSON.stringify(params),
    headline: JSON.stringify(headline),
    provenance: JSON.stringify(provenance),
  };
}

async function* csvOf(array: StoredArray): AsyncGenerator<string> {
  const { name, shape } = array;
  const cols = shape.at(1) ?? 1;
  const isVector = shape.length === 1;
  const header = isVector
    ? ['index', name]
    : ['row', ...Array.from({ length: cols }, (_, col) => String(col))];
  yield* csvPieces(header, []);
  let first = 0;
  for await (const band of array.bands()) {
    yield* csvLines(header.length, rowsOf(band, cols, first));
    first += band.length / cols;
  }
}

function* rowsOf(band: ArrayLike<number>, cols: number, first: number): Generator<CsvCell[]> {
  for (let row = 0; row * cols < band.length; row++) {
    const cells: CsvCell[] = [first + row];
    for (let col = 0; col < cols; col++) cells.push(band[row * cols + col]);
    yield cells;
  }
}
