import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { AppError } from '#core/errors.ts';

/** The system calls take less than 2 GiB at a time. */
const mostAtOnce = 2 ** 30;
/** Pieces in which files are read that are not wanted as a whole. */
const pieceBytes = 2 ** 20;

/** @throws AppError where the file ends before `into` is full */
export function readWhole(file: number, into: Uint8Array, position: number, path: string): void {
  for (let done = 0; done < into.length;) {
    const got = readSync(file, into, done, Math.min(mostAtOnce, into.length - done), position + done);
    if (got === 0) throw new AppError('storage', `${path} is shorter than its index says.`, { path });
    done += got;
  }
}

export function writeWhole(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(file, bytes, done, Math.min(mostAtOnce, bytes.length - done), position + done);
}

/** A part of a file in pieces, each in the memory of the one before; read again whenever it is gone through. */
export function filePieces(
  path: string,
  { offset, bytes }: { offset: number; bytes: number },
): Iterable<Uint8Array> {
  const pieces = function* (): Generator<Uint8Array, undefined> {
    const file = openSync(path, 'r');
    try {
      for (const piece of emptyPieces(bytes)) {
        readWhole(file, piece.bytes, offset + piece.at, path);
        yield piece.bytes;
      }
    } finally {
      closeSync(file);
    }
  };
  return { [Symbol.iterator]: pieces };
}

/** Pieces to be filled, which are written to a file from its start once the next is asked for. */
export function* writtenPieces(file: number, bytes: number): Generator<Uint8Array, undefined> {
  for (const piece of emptyPieces(bytes)) {
    yield piece.bytes;
    writeWhole(file, piece.bytes, piece.at);
  }
}

function* emptyPieces(bytes: number): Generator<{ at: number; bytes: Uint8Array }, undefined> {
  const buffer = new Uint8Array(Math.min(pieceBytes, bytes));
  for (let at = 0; at < bytes; at += pieceBytes)
    yield { at, bytes: buffer.subarray(0, Math.min(pieceBytes, bytes - at)) };
}
