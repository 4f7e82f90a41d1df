import { resolve } from 'node:path';
import type { Filter, Metadata, ready } from 'h5wasm/node';
import { AppError } from '#core/errors.ts';
import { readStart } from './file-bytes.ts';
import { isEndlessHeap, lengthBytesOf } from './hdf5-heap.ts';
import { hdf5PrefixBytes } from './hdf5-signature.ts';

export type { Filter, Metadata };
type H5 = Awaited<typeof ready>;

/** The library, and what it may do now. */
interface Loaded {
  h5: H5;
  /** The one file it may open, null: none, and the size of sizes in it. Forgets what was asked for and said before. */
  allow(path: string | null, bytesOfLengths?: number): void;
  /** Another file that was asked for since. */
  refused(): string | null;
  /** What it has printed since: its own call stack, when a call fails. */
  said(): string;
}

interface Stream {
  fd: number;
  /** The system's own number of the file. */
  nfd: number;
  position: number;
}

/** The parts of the library's file system that are watched. */
interface FileSystem {
  open(path: string, ...rest: unknown[]): unknown;
  read(stream: Stream, into: Int8Array, at: number, length: number, position?: number): number;
  write(stream: Stream, bytes: Uint8Array, at: number, length: number, ...rest: unknown[]): number;
  ErrnoError: new (code: number) => Error;
}

const noSuchFile = 44;
const ioError = 29;
const standardError = 2;
const mostSaid = 1 << 16;
const superblockBytes = 64;
const unknownReason = 'no reason is given';

let loading: Promise<Loaded> | null = null;

/** 4 MB of WebAssembly: loaded with the first HDF5 file. */
function hdf5Library(): Promise<Loaded> {
  return (loading ??= load());
}

async function load(): Promise<Loaded> {
  const library = await import('h5wasm/node');
  const h5 = await library.ready;
  // Of a file it does not understand it would look there for drivers and filters: code, which is never loaded.
  for (const _folder of h5.get_plugin_search_paths()) h5.remove_plugin_search_path(0);
  let allowed: string | null = null;
  let refused: string | null = null;
  let said = '';
  let lengthBytes = 8;
  const files = h5.FS as unknown as FileSystem;
  const [open, read, write] = [files.open.bind(files), files.read.bind(files), files.write.bind(files)];
  // A file may point at others: external links, virtual datasets and external storage. None is ever followed.
  files.open = (path, ...rest) => {
    if (allowed !== null && resolve(path) === allowed) return open(path, ...rest);
    refused = path;
    throw new files.ErrnoError(noSuchFile);
  };
  files.read = (stream, into, at, length, position = stream.position) => {
    const count = read(stream, into, at, length, position);
    const bytes = new Uint8Array(into.buffer, into.byteOffset + at, count);
    if (isEndlessHeap(bytes, stream.nfd, position, lengthBytes)) throw new files.ErrnoError(ioError);
    return count;
  };
  files.write = (stream, bytes, at, length, ...rest) => {
    if (stream.fd !== standardError) return write(stream, bytes, at, length, ...rest);
    if (said.length < mostSaid) said += Buffer.from(bytes.slice(at, at + length)).toString('latin1');
    return length;
  };
  return {
    h5,
    allow(path, bytesOfLengths = 8) {
      [allowed, refused, said, lengthBytes] = [path, null, '', bytesOfLengths];
    },
    refused: () => refused,
    said: () => said,
  };
}

/** An open HDF5 file. Every call is synchronous; the library's failures become sentences. */
export class Hdf5File {
  readonly #loaded: Loaded;
  readonly #path: string;
  readonly #fileName: string;
  readonly #lengthBytes: number;
  readonly #id: bigint;

  static async open(path: string, fileName: string): Promise<Hdf5File> {
    return new Hdf5File(await hdf5Library(), resolve(path), fileName);
  }

  private constructor(loaded: Loaded, path: string, fileName: string) {
    this.#loaded = loaded;
    this.#path = path;
    this.#fileName = fileName;
    this.#lengthBytes = lengthBytesOf(readStart(path, hdf5PrefixBytes + superblockBytes));
    const { h5 } = loaded;
    this.#id = this.guard('cannot be opened', () => {
      const id = h5.open(path, h5.H5F_ACC_RDONLY, false, h5.H5F_LIBVER_EARLIEST, h5.H5F_LIBVER_LATEST);
      if (id < 0n) throw new Error(unknownReason);
      return id;
    });
  }

  close(): void {
    this.guard('cannot be closed', () => this.#loaded.h5.close_file(this.#id));
  }

  /** Names of all objects, from the root down. */
  names(): string[] {
    return this.guard('cannot be listed', () => this.#loaded.h5.get_names(this.#id, '/', true));
  }

  isDataset(name: string): boolean {
    const { h5 } = this.#loaded;
    return this.guard('cannot be listed', () => h5.get_type(this.#id, name) === h5.H5G_DATASET);
  }

  metadata(name: string): Metadata {
    return this.guard(`, dataset "${name}", cannot be read`, () =>
      this.#loaded.h5.get_dataset_metadata(this.#id, name),
    );
  }

  filters(name: string): Filter[] {
    return this.guard(`, dataset "${name}", cannot be read`, () =>
      this.#loaded.h5.get_dataset_filters(this.#id, name),
    );
  }

  /** Values of a box of a dataset, little-endian as the library gives them. */
  read(name: string, offset: number[], count: number[], itemBytes: number): Uint8Array {
    const { h5 } = this.#loaded;
    const bytes = count.reduce((product, size) => product * size, itemBytes);
    return this.#inMemory(bytes, (address) => {
      this.#get(name, offset, count, address);
      return h5.HEAPU8.slice(address, address + bytes);
    });
  }

  /** Texts of a dataset of one axis, of one length or each of its own. */
  texts(name: string, { shape, size, vlen }: Metadata): string[] {
    const { h5 } = this.#loaded;
    const count = shape?.[0] ?? 0;
    return this.#inMemory(count * size, (address) => {
      this.#get(name, [0], [count], address);
      try {
        const one = (index: number) => {
          const at = address + index * size;
          if (vlen) return h5.UTF8ToString(new DataView(h5.HEAPU8.buffer).getUint32(at, true));
          const bytes = h5.HEAPU8.slice(at, at + size);
          const end = bytes.indexOf(0);
          return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trimEnd();
        };
        return Array.from({ length: count }, (_, index) => one(index));
      } finally {
        if (vlen) h5.reclaim_vlen_memory_count(this.#id, name, '', BigInt(address), [BigInt(count)]);
      }
    });
  }

  /** The bytes of one row of a dataset of byte arrays of their own lengths; null where there are more than `most`. */
  variable(name: string, row: number, most: number): Uint8Array | null {
    const { h5 } = this.#loaded;
    // A length and an address, of four bytes each in the library's memory.
    return this.#inMemory(8, (address) => {
      this.#get(name, [row], [1], address);
      try {
        const view = new DataView(h5.HEAPU8.buffer, address, 8);
        const [length, start] = [view.getUint32(0, true), view.getUint32(4, true)];
        if (length > most) return null;
        return h5.HEAPU8.slice(start, start + length);
      } finally {
        h5.reclaim_vlen_memory_count(this.#id, name, '', BigInt(address), [1n]);
      }
    });
  }

  #get(name: string, offset: number[], count: number[], address: number): void {
    const { h5 } = this.#loaded;
    const big = (values: number[]) => values.map((value) => BigInt(value));
    this.guard(`, dataset "${name}", cannot be read`, () => {
      const strides = big(count.map(() => 1));
      const status = h5.get_dataset_data(this.#id, name, big(count), big(offset), strides, BigInt(address));
      if (status < 0) throw new Error(unknownReason);
    });
  }

  #inMemory<T>(bytes: number, use: (address: number) => T): T {
    const { h5 } = this.#loaded;
    const address = this.guard('cannot be read', () => h5._malloc(Math.max(1, bytes)));
    if (address === 0) throw this.#damaged('cannot be read', `${bytes} bytes of memory are not to be had`);
    try {
      return use(address);
    } finally {
      this.guard('cannot be read', () => h5._free(address));
    }
  }

  guard<T>(what: string, work: () => T): T {
    this.#loaded.allow(this.#path, this.#lengthBytes);
    try {
      return work();
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw this.#damaged(what, reasonOf(error, this.#loaded.said()), error);
    } finally {
      this.#loaded.allow(null);
    }
  }

  #damaged(what: string, reason: string, cause?: unknown): AppError {
    const other = this.#loaded.refused();
    const text = what.startsWith(',') ? `${this.#fileName}${what}` : `${this.#fileName} ${what}`;
    const words =
      other === null
        ? `${text} as HDF5: ${reason}; it is damaged or cut off: copy it again.`
        : `${text}: it lies in another file (${JSON.stringify(other.slice(-60))}), which is never opened; save it in one file.`;
    return new AppError('bad-data', words, {}, cause);
  }
}

/** The innermost line of the library's call stack names the cause. */
function reasonOf(error: unknown, said: string): string {
  const stack = said.split('\n').filter((line) => /^\s*#\d+/.test(line));
  const line =
    stack.at(-1)?.replace(/^.*\(\):\s*/, '') ?? (error instanceof Error ? error.message : String(error));
  return (
    line
      .replace(/[^ -~]/g, ' ')
      .trim()
      .slice(0, 160) || unknownReason
  );
}
