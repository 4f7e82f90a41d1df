import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { ArrayFile } from '#core/ipc/engine.ts';
import { itemBytes, viewCells } from './array-format.ts';
import type { Cells } from './array-format.ts';

type ArrayInFile = ArrayFile['arrays'][number];

const hashChunkBytes = 4 * 1024 * 1024;

/** An engine's array file, open for reading; arrays are read in part, never all at once. */
export class ArraySource {
  readonly #file: ArrayFile;
  readonly #descriptor: number;
  /** Grows to the largest band asked for. */
  #buffer = new ArrayBuffer(0);

  constructor(file: ArrayFile) {
    this.#file = file;
    for (const array of file.arrays) checkEntry(array);
    try {
      this.#descriptor = openSync(file.path, 'r');
    } catch (error) {
      throw this.#unreadable((error as Error).message, error);
    }
    const size = fstatSync(this.#descriptor).size;
    const short = file.arrays.find((array) => array.offset + array.bytes > size);
    if (short) {
      this.close();
      throw this.#unreadable(`it ends before array ${short.name} does`);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /**
   * The array's identity: SHA-256 of the line `<dtype> <rows> <cols>\n` followed by its bytes (little-endian,
   * row-major).
   */
  hash(array: ArrayInFile): string {
    const hash = createHash('sha256').update(`${array.dtype} ${array.rows} ${array.cols}\n`);
    for (let done = 0; done < array.bytes; done += hashChunkBytes)
      hash.update(this.#read(array.offset + done, Math.min(hashChunkBytes, array.bytes - done)));
    return hash.digest('hex');
  }

  /** Rows `first` to `first + rows` of the array. Valid until the next read. */
  rows(array: ArrayInFile, first: number, rows: number): Cells {
    const rowBytes = array.cols * itemBytes[array.dtype];
    this.#read(array.offset + first * rowBytes, rows * rowBytes);
    return viewCells(array.dtype, this.#buffer, rows * array.cols);
  }

  #read(position: number, bytes: number): Uint8Array {
    if (this.#buffer.byteLength < bytes) this.#buffer = new ArrayBuffer(bytes);
    const into = new Uint8Array(this.#buffer, 0, bytes);
    for (let done = 0; done < bytes;) {
      const got = readSync(this.#descriptor, into, done, bytes - done, position + done);
      if (got === 0) throw this.#unreadable('it became shorter while it was read');
      done += got;
    }
    return into;
  }

  #unreadable(reason: string, cause?: unknown): AppError {
    const file = this.#file.path;
    return new AppError(
      'run-failed',
      `The results in ${basename(file)} could not be read (${reason}). Run the analysis again.`,
      { file },
      cause,
    );
  }
}

function checkEntry(array: ArrayInFile): void {
  if (array.bytes === array.rows * array.cols * itemBytes[array.dtype]) return;
  throw new AppError(
    'bad-request',
    `Array ${array.name} says it has ${array.bytes} bytes, but ${array.rows} x ${array.cols} cells of ${array.dtype} do not.`,
    { array: array.name },
  );
}
