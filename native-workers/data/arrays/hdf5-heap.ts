import { readSync } from 'node:fs';
import { hdf5StartOf } from './hdf5-signature.ts';

const headerBytes = 16;
const signature = [0x47, 0x43, 0x4f, 0x4c]; // GCOL

/**
 * Whether bytes that were just read are a heap of byte arrays in which the library would search for ever: it steps from
 * object to object by their sizes, and a free space of size 0 leads to itself.
 *
 * A global heap collection: `GCOL`, version, 3 bytes, its size; then objects of index (2 bytes), references (2), 4
 * reserved, size, each header filled up to 16 bytes and each content to a multiple of 8. Index 0 is free space, whose
 * size counts its header.
 *
 * @param file the open file, for what lies behind those bytes
 * @param position of the bytes in it
 * @param lengthBytes bytes of a size in this file: 2, 4 or 8
 */
export function isEndlessHeap(
  bytes: Uint8Array,
  file: number,
  position: number,
  lengthBytes: number,
): boolean {
  if (bytes.length < headerBytes || signature.some((byte, at) => bytes[at] !== byte)) return false;
  const head = new Uint8Array(headerBytes);
  const headAt = (at: number): DataView | null => {
    if (at + headerBytes <= bytes.length)
      return new DataView(bytes.buffer, bytes.byteOffset + at, headerBytes);
    return readSync(file, head, 0, headerBytes, position + at) === headerBytes
      ? new DataView(head.buffer)
      : null;
  };
  const sizeIn = (view: DataView) => sizeOf(view, lengthBytes);
  const whole = sizeIn(new DataView(bytes.buffer, bytes.byteOffset, headerBytes));
  for (let at = headerBytes; at + headerBytes <= whole && Number.isSafeInteger(position + at);) {
    const view = headAt(at);
    if (!view) return false;
    const size = sizeIn(view);
    const step = view.getUint16(0, true) === 0 ? size : headerBytes + Math.ceil(size / 8) * 8;
    if (step < headerBytes) return true;
    at += step;
  }
  return false;
}

function sizeOf(view: DataView, lengthBytes: number): number {
  if (lengthBytes === 2) return view.getUint16(8, true);
  return lengthBytes === 4 ? view.getUint32(8, true) : Number(view.getBigUint64(8, true));
}

/** Bytes of a size, by the file's start; as its superblock says: at byte 14 of the old form, at byte 10 of the newer. */
export function lengthBytesOf(start: Buffer): number {
  const at = hdf5StartOf(start);
  return at < 0 ? 8 : start[at + (start[at + 8] < 2 ? 14 : 10)];
}
