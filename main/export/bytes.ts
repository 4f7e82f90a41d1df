import type { FileHandle } from 'node:fs/promises';

/** Little-endian numbers of so many bytes. */
export function fields(...values: [bytes: 1 | 2 | 4 | 8, value: number | bigint][]): Buffer {
  const whole = Buffer.alloc(values.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of values) {
    if (bytes === 8) whole.writeBigUInt64LE(BigInt(value), at);
    else whole.writeUIntLE(Number(value), at, bytes);
    at += bytes;
  }
  return whole;
}

export const roundUp = (bytes: number, to = 8): number => Math.ceil(bytes / to) * to;

export function padded(bytes: Buffer, length = roundUp(bytes.length)): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
}

/** Writes all of the bytes at a place in the file. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
