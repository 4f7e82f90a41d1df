import { writeFile } from 'node:fs/promises';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { readFile } from 'node:fs/promises';

/**
 * Writes the sample's images `times` over as one .npy file: real inputs, in a number that keeps the engine busy long
 * enough to be interrupted.
 */
export async function writeRepeatedImages(npz: string, target: string, times: number): Promise<void> {
  const npy = await entryOf(npz, 'images.npy');
  const headerEnd = 10 + npy.readUInt16LE(8);
  const header = npy.toString('latin1', 10, headerEnd);
  const count = Number(/'shape': \((\d+),/.exec(header)?.[1]);
  const longer = header.replace(`(${count},`, `(${count * times},`).trimEnd();
  // The header's length with its own ten bytes stays a multiple of 64, as the format asks.
  const padded = `${longer.padEnd(Math.ceil((longer.length + 11) / 64) * 64 - 11)}\n`;
  const prefix = Buffer.alloc(10);
  npy.copy(prefix, 0, 0, 8);
  prefix.writeUInt16LE(padded.length, 8);
  const body = npy.subarray(headerEnd);
  await writeFile(
    target,
    Buffer.concat([prefix, Buffer.from(padded, 'latin1'), ...Array<Buffer>(times).fill(body)]),
  );
}

async function entryOf(zip: string, name: string): Promise<Buffer> {
  const bytes = await readFile(zip);
  const file = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, opened) =>
      opened ? resolve(opened) : reject(unreadable(zip, error)),
    );
  });
  return new Promise((resolve, reject) => {
    file.on('error', reject);
    file.on('end', () => reject(new Error(`${zip} holds no ${name}.`)));
    file.on('entry', (entry: Entry) => {
      if (entry.fileName !== name) return file.readEntry();
      file.openReadStream(entry, (error, stream) => {
        if (!stream) return reject(unreadable(zip, error));
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => resolve(Buffer.concat(parts)));
      });
    });
    file.readEntry();
  });
}

function unreadable(zip: string, cause: unknown): Error {
  return new Error(`${zip} cannot be read.`, { cause });
}
