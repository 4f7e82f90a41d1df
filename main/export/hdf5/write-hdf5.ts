import { open } from 'node:fs/promises';
import { writing } from '../../app/write-file.ts';
import { fields, padded, roundUp, writeAt } from '../bytes.ts';
import {
  datasetHeader,
  groupHeader,
  numberBytes,
  undefinedAddress,
  type Hdf5Attribute,
  type NumberType,
} from './messages.ts';

/** Bytes of a dataset and where in it they lie. */
export interface Hdf5Piece {
  at: number;
  bytes: Uint8Array;
}

export interface Hdf5Dataset {
  name: string;
  type: NumberType;
  dims: number[];
  attributes: Hdf5Attribute[];
  pieces(): AsyncIterable<Hdf5Piece>;
}

export interface Hdf5Content {
  /** Stands before the file proper, for a program of its own; a power of two from 512 long. */
  userBlock?: Uint8Array;
  attributes: Hdf5Attribute[];
  datasets: Hdf5Dataset[];
}

const superblockBytes = 96;
/** Children of a node of the tree of names, by the format's default; one is used. */
const treeK = 16;
const treeBytes = 24 + (2 * treeK + 1) * 8 + 2 * treeK * 8;
const heapHeaderBytes = 32;
const entryBytes = 40;

/**
 * Writes an HDF5 file: one group of datasets, each in one piece, row-major. What stands before the values is worked out
 * whole, then the values are written as they come. The same content gives the same bytes: no times are kept.
 */
export async function writeHdf5(path: string, content: Hdf5Content): Promise<void> {
  const { head, addresses, base } = layOut(content);
  await writing(path, async () => {
    const file = await open(path, 'w');
    try {
      await writeAt(file, head, 0);
      for (const [index, dataset] of content.datasets.entries()) {
        for await (const { at, bytes } of dataset.pieces()) {
          await writeAt(file, bytes, base + addresses[index] + at);
        }
      }
    } finally {
      await file.close();
    }
  });
}

const valueBytes = ({ type, dims }: Hdf5Dataset): number =>
  dims.reduce((product, side) => product * side, numberBytes[type]);

/** Everything but the values, and where those go (from `base`, as every address in the file). */
function layOut({ userBlock = new Uint8Array(0), attributes, datasets }: Hdf5Content) {
  const base = userBlock.length;
  // Entries stand in the order of their names' bytes: readers search them.
  const sorted = datasets
    .map((dataset, index) => ({ index, name: Buffer.from(`${dataset.name}\0`) }))
    .sort((x, y) => Buffer.compare(x.name, y.name));
  const leafK = Math.max(4, Math.ceil(datasets.length / 2));
  const names = Buffer.concat([Buffer.alloc(8), ...sorted.map(({ name }) => padded(name))]);
  const headerLength = (dataset: Hdf5Dataset) =>
    datasetHeader(dataset.type, dataset.dims, 0, dataset.attributes).length;

  let at = superblockBytes;
  const take = (bytes: number): number => {
    const address = at;
    at += roundUp(bytes);
    return address;
  };
  const root = take(groupHeader(0, 0, attributes).length);
  const tree = take(treeBytes);
  const heap = take(heapHeaderBytes + names.length);
  const symbols = take(8 + 2 * leafK * entryBytes);
  const headers = datasets.map((dataset) => take(headerLength(dataset)));
  const addresses = datasets.map((dataset) => take(valueBytes(dataset)));

  const head = Buffer.alloc(base + (addresses.at(0) ?? at));
  head.set(userBlock);
  const put = (address: number, bytes: Buffer) => head.set(bytes, base + address);
  put(0, superblock(leafK, base, endOf(datasets, addresses, at), { root, tree, heap }));
  put(root, groupHeader(tree, heap, attributes));
  const offsets = offsetsOf(sorted.map(({ name }) => name));
  put(tree, treeNode(symbols, offsets.at(-1)));
  put(heap, localHeap(names, heap + heapHeaderBytes));
  put(symbols, symbolNode(sorted.map(({ index }, place) => [offsets[place], headers[index]])));
  for (const [index, dataset] of datasets.entries()) {
    put(headers[index], datasetHeader(dataset.type, dataset.dims, addresses[index], dataset.attributes));
  }
  return { head, addresses, base };
}

/** The last value is the last byte of the file: nothing pads it. */
function endOf(datasets: readonly Hdf5Dataset[], addresses: readonly number[], empty: number): number {
  return datasets.reduce(
    (end, dataset, index) => Math.max(end, addresses[index] + valueBytes(dataset)),
    addresses.at(0) ?? empty,
  );
}

function superblock(
  leafK: number,
  base: number,
  end: number,
  at: { root: number; tree: number; heap: number },
): Buffer {
  return Buffer.concat([
    Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]),
    // Versions of the superblock, free space, root group and shared messages; bytes of an address and of a length.
    fields([4, 0], [1, 0], [1, 8], [1, 8], [1, 0], [2, leafK], [2, treeK], [4, 0]),
    fields([8, base], [8, undefinedAddress], [8, base + end], [8, undefinedAddress]),
    fields([8, 0], [8, at.root], [4, 1], [4, 0], [8, at.tree], [8, at.heap]),
  ]);
}

/** Where each name begins in the heap: after the empty name, every eight bytes. */
function offsetsOf(names: readonly Buffer[]): number[] {
  let at = 8;
  return names.map((name) => {
    const offset = at;
    at += roundUp(name.length);
    return offset;
  });
}

/** The tree's one leaf, with one child where there are names. */
function treeNode(symbols: number, lastName: number | undefined): Buffer {
  const start = Buffer.concat([
    Buffer.from('TREE'),
    fields([1, 0], [1, 0], [2, lastName === undefined ? 0 : 1]),
  ]);
  const siblings = fields([8, undefinedAddress], [8, undefinedAddress]);
  return Buffer.concat([start, siblings, fields([8, 0], [8, symbols], [8, lastName ?? 0])]);
}

function localHeap(names: Buffer, segment: number): Buffer {
  const noFreeSpace = 1;
  const start = Buffer.concat([
    Buffer.from('HEAP'),
    fields([4, 0], [8, names.length], [8, noFreeSpace], [8, segment]),
  ]);
  return Buffer.concat([start, names]);
}

function symbolNode(entries: readonly [offset: number, header: number][]): Buffer {
  const start = Buffer.concat([Buffer.from('SNOD'), fields([1, 1], [1, 0], [2, entries.length])]);
  const symbols = entries.map(([offset, header]) => fields([8, offset], [8, header], [8, 0], [8, 0], [8, 0]));
  return Buffer.concat([start, ...symbols]);
}
