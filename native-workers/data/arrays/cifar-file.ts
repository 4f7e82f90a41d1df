import type { ArrayContainer } from './array-container.ts';
import { headerOf } from './array-header.ts';
import { readPart, readStart } from './file-bytes.ts';
import { rowsAsBytes, slabBytes } from './row-bytes.ts';

const pixels = 3 * 32 * 32;
/** Classes of the label bytes before the pixels of a record: CIFAR-10, and CIFAR-100 with coarse and fine ones. */
const kinds = [[10], [20, 100]];
/** Records whose labels are looked at, from the start and at the end. */
const lookedAt = 64;

/**
 * CIFAR-10 and CIFAR-100, binary version: records of label bytes and 3 x 32 x 32 pixels, channel first. The format has
 * no mark of its own: a file is one if its size is that of whole records and its labels are those of a data set.
 */
export function cifarContainer(path: string, fileName: string, size: number): ArrayContainer | null {
  const labels = kinds.find((classes) => isOf(path, size, classes))?.length;
  if (labels === undefined) return null;
  const record = labels + pixels;
  const header = headerOf('uint8', [size / record, 3, 32, 32], fileName);
  const readRows = async (first: number, count: number) => {
    const records = new Uint8Array(count * record);
    await readPart(path, fileName, first * record, records);
    const images = new Uint8Array(count * pixels);
    for (let image = 0; image < count; image++)
      images.set(records.subarray(image * record + labels, (image + 1) * record), image * pixels);
    return images;
  };
  const bytes = () => rowsAsBytes(header, readRows, Math.floor(slabBytes / record));
  return { fileName, members: [{ key: 'images', header, bytes }] };
}

function isOf(path: string, size: number, classes: readonly number[]): boolean {
  const record = classes.length + pixels;
  if (size === 0 || size % record !== 0) return false;
  const records = size / record;
  const first = Math.min(records, lookedAt);
  const bytes = readStart(path, first * record);
  const last = readStart(path, record, (records - 1) * record);
  const isRecord = (from: Buffer, at: number) => classes.every((most, label) => from[at + label] < most);
  return (
    isRecord(last, 0) &&
    Array.from({ length: first }, (_, at) => at * record).every((at) => isRecord(bytes, at))
  );
}
