import { closeSync, openSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';
import type { ArrayFile } from '#core/ipc/engine.ts';
import { UnfitState, type SavedArray, type StateArray, type StateSource } from '../accumulate/saved-state.ts';

const alignment = 8;
/** Small pieces are put together to this size before they are written; larger ones are written from where they lie. */
const stagedBytes = 2 ** 20;
const itemBytes = { float64: 8, float32: 4, int32: 4, uint8: 1 } as const;

/** Bytes that a state takes in a file. */
export function stateBytes(arrays: readonly SavedArray[]): number {
  return arrays.reduce((sum, { dtype, length }) => sum + aligned(length * itemBytes[dtype]), 0);
}

/** Writes the arrays of a state one after the other into a new raw file, piece by piece, without a copy of the whole. */
export async function writeStateFile(path: string, arrays: readonly SavedArray[]): Promise<ArrayFile> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'w');
    const writer = new PieceWriter(file);
    const entries: ArrayFile['arrays'] = [];
    for (const { name, dtype, length, pieces } of arrays) {
      const offset = writer.position;
      for (const piece of pieces) await writer.add(piece);
      const bytes = writer.position - offset;
      if (bytes !== length * itemBytes[dtype])
        throw new Error(`${name} has ${bytes} bytes, not ${length} values of ${dtype}.`);
      entries.push({ name, dtype, rows: 1, cols: length, offset, bytes });
      await writer.add(new Uint8Array(aligned(bytes) - bytes));
    }
    await writer.flush();
    return { path, arrays: entries };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('storage', `A checkpoint cannot be written to ${path}: ${reason}`, { path }, error);
  } finally {
    await file?.close();
  }
}

class PieceWriter {
  position = 0;
  readonly #file: FileHandle;
  readonly #staged = new Uint8Array(stagedBytes);
  #filled = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async add(piece: StateArray): Promise<void> {
    const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
    this.position += bytes.length;
    if (this.#filled + bytes.length > stagedBytes) await this.flush();
    if (bytes.length > stagedBytes) await this.#write(bytes);
    else {
      this.#staged.set(bytes, this.#filled);
      this.#filled += bytes.length;
    }
  }

  async flush(): Promise<void> {
    await this.#write(this.#staged.subarray(0, this.#filled));
    this.#filled = 0;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;)
      done += (await this.#file.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}

/** A file that `writeStateFile` wrote, read array by array into where it belongs. */
export class StateFile implements StateSource {
  readonly #path: string;
  readonly #entries: Map<string, ArrayFile['arrays'][number]>;
  readonly #file: number;

  constructor({ path, arrays }: ArrayFile) {
    this.#path = path;
    this.#entries = new Map(arrays.map((entry) => [entry.name, entry]));
    this.#file = openSync(path, 'r');
  }

  find(name: string): Pick<SavedArray, 'dtype' | 'length'> | null {
    const entry = this.#entries.get(name);
    return entry ? { dtype: entry.dtype, length: entry.cols } : null;
  }

  read(name: string, first: number, target: StateArray): void {
    const entry = this.#entries.get(name);
    if (!entry) throw new AppError('internal', `${this.#path} has no array "${name}".`);
    const at = entry.offset + first * target.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    for (let done = 0; done < bytes.length;) {
      const got = readSync(this.#file, bytes, done, bytes.length - done, at + done);
      if (got === 0) throw new UnfitState('its file is cut off');
      done += got;
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

const aligned = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
