import { basename } from 'node:path';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { compareImageNames, isImageName } from '#core/domain/image-names.ts';
import { AppError } from '#core/errors.ts';
import { badImage, mostEncodedBytes, type ImageFiles } from './image-files.ts';

/** Images of a .zip. Nothing is unpacked to disk; a name that leads out of the archive is refused (by yauzl). */
export async function openZipImages(path: string): Promise<ImageFiles> {
  const label = basename(path);
  const zip = await openZip(path, label);
  const entries = await entriesOf(zip, label).catch((error: unknown) => {
    zip.close();
    throw error;
  });
  const files = entries.filter(({ fileName }) => !fileName.endsWith('/'));
  const images = files.filter(({ fileName }) => isImageName(fileName));
  images.sort((one, other) => compareImageNames(one.fileName, other.fileName));
  return {
    label,
    names: images.map(({ fileName }) => fileName),
    ignored: files.filter(({ fileName }) => !isImageName(fileName)).map(({ fileName }) => fileName),
    read: (index) => readEntry(zip, images[index]),
    close: () => zip.close(),
  };
}

function damaged(label: string, error: Error): AppError {
  const reason = error.message.replace(/\.+$/, '');
  return new AppError('bad-data', `${label} cannot be read as a .zip: ${reason}; make it again.`, {}, error);
}

function openZip(path: string, label: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(damaged(label, error));
      else resolve(zip);
    });
  });
}

function entriesOf(zip: ZipFile, label: string): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', (error: Error) => reject(damaged(label, error)));
    zip.readEntry();
  });
}

/** Sizes are checked before anything is unpacked, and held to while it is: a bomb stops at what its header says. */
async function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const { fileName: name, uncompressedSize } = entry;
  if (entry.isEncrypted()) throw badImage(name, 'is encrypted; make the .zip again without a password.');
  if (uncompressedSize > mostEncodedBytes)
    throw badImage(name, 'would unpack to more than 256 MiB; it is no picture.');
  try {
    const stream = await zip.openReadStreamPromise(entry);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.+$/, '') : String(error);
    throw badImage(name, `cannot be unpacked: ${reason}.`, error);
  }
}
