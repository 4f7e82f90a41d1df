import type { NamedArray, StoredResult } from '#core/domain/result.ts';
import { bytesOfCells, type StoredArray } from '../stored-array.ts';
import type { Hdf5Attribute } from './messages.ts';
import { writeHdf5, type Hdf5Dataset, type Hdf5Piece } from './write-hdf5.ts';

/** The longest text that is kept as an attribute; HDF5 allows 64 KiB with everything around it. */
const longestText = 60_000;

/** A result as HDF5: its arrays as datasets, what it is as texts of the file. */
export async function writeResultHdf5(
  path: string,
  arrays: readonly StoredArray[],
  texts: Record<string, string>,
): Promise<void> {
  const attributes = Object.entries(texts).map(([name, value]): Hdf5Attribute => ({
    name,
    value: shortened(value),
  }));
  await writeHdf5(path, { attributes, datasets: arrays.map(rowMajor) });
}

/** A text that is cut says so, rather than leaving the file unwritten. */
function shortened(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= longestText ? text : `${bytes.toString('utf8', 0, longestText)}... (cut)`;
}

function rowMajor(array: StoredArray): Hdf5Dataset {
  return {
    name: array.name,
    type: array.dtype,
    dims: array.shape,
    attributes: [],
    async *pieces() {
      let at = 0;
      for await (const band of array.bands()) {
        const bytes = bytesOfCells(band);
        yield { at, bytes };
        at += bytes.length;
      }
    },
  };
}

const matlabClasses = { float64: 'double', float32: 'single', int32: 'int32', uint8: 'uint8' } as const;

/**
 * A result as a MATLAB file, version 7.3: HDF5 behind a block of 512 bytes, every variable with the class that MATLAB
 * gives it. MATLAB stores columns one after another, so a matrix is written transposed and reads as it is.
 */
export async function writeResultMat(
  path: string,
  arrays: readonly StoredArray[],
  texts: Record<string, string>,
  { createdAt }: Pick<StoredResult, 'createdAt'>,
): Promise<void> {
  const names = variableNames([...arrays.map(({ name }) => name), ...Object.keys(texts)]);
  const datasets = [
    ...arrays.map((array, index) => columnMajor(names[index], array)),
    ...Object.values(texts).map((text, index) => characters(names[arrays.length + index], text)),
  ];
  await writeHdf5(path, { userBlock: matlabBlock(createdAt), attributes: [], datasets });
}

/** MATLAB knows letters, digits and underscores, and a letter first. */
function variableNames(names: readonly string[]): string[] {
  const given = new Set<string>();
  return names.map((name) => {
    const plain = name
      .replace(/\W+/g, '_')
      .replace(/^(?![A-Za-z])/, 'x')
      .slice(0, 60);
    let candidate = plain;
    for (let n = 2; given.has(candidate); n++) candidate = `${plain}_${n}`;
    given.add(candidate);
    return candidate;
  });
}

const matlabClass = (value: string): Hdf5Attribute => ({ name: 'MATLAB_class', value });

function columnMajor(name: string, array: StoredArray): Hdf5Dataset {
  const [rows, cols] = array.shape.length === 1 ? [1, array.shape[0]] : array.shape;
  const isEmpty = rows * cols === 0;
  return {
    name,
    type: array.dtype,
    dims: [cols, rows],
    attributes: [
      matlabClass(matlabClasses[array.dtype]),
      ...(isEmpty ? [{ name: 'MATLAB_empty', value: { type: 'uint8', number: 1 } } as const] : []),
    ],
    async *pieces() {
      let first = 0;
      for await (const band of array.bands()) {
        const height = cols === 0 ? 0 : band.length / cols;
        yield* columnsOf(band, first, height, rows, cols);
        first += height;
      }
    },
  };
}

/** The columns of some rows: one piece where they are all rows, else one a column. */
function* columnsOf(
  band: NamedArray['data'],
  first: number,
  height: number,
  rows: number,
  cols: number,
): Generator<Hdf5Piece> {
  const turned = band.slice();
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < cols; col++) turned[col * height + row] = band[row * cols + col];
  }
  const item = band.BYTES_PER_ELEMENT;
  const bytes = bytesOfCells(turned);
  if (height === rows) {
    yield { at: 0, bytes };
    return;
  }
  for (let col = 0; col < cols; col++) {
    yield {
      at: (col * rows + first) * item,
      bytes: bytes.subarray(col * height * item, (col + 1) * height * item),
    };
  }
}

function characters(name: string, text: string): Hdf5Dataset {
  const codes = Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return {
    name,
    type: 'uint16',
    dims: [codes.length, 1],
    attributes: [matlabClass('char'), { name: 'MATLAB_int_decode', value: { type: 'int32', number: 2 } }],
    async *pieces() {
      yield await Promise.resolve({ at: 0, bytes: new Uint8Array(codes.buffer) });
    },
  };
}

/** 116 characters of text, 8 unused bytes, the version and the byte order. */
function matlabBlock(createdAt: string): Uint8Array {
  const date = new Date(createdAt).toUTCString();
  const text = `MATLAB 7.3 MAT-file, Platform: Consilience, Created on: ${date} HDF5 schema 1.00 .`;
  const block = Buffer.alloc(512);
  block.fill(' ', 0, 116);
  block.write(text.slice(0, 116), 0, 'latin1');
  block.writeUInt16LE(0x0200, 124);
  block.write('IM', 126, 'latin1');
  return block;
}
