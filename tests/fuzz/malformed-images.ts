import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '#core/random.ts';
import type { MalformedFile } from './plain-refusal.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, '../reference/encoded', name));

/** A file with encoded images, and the column they are read from. */
export interface ImageColumn extends MalformedFile {
  key: string;
}

const sound = () => [
  { fileName: 'datasets.parquet', key: 'image', bytes: read('datasets.parquet') },
  { fileName: 'pages.parquet', key: 'jpeg', bytes: read('pages.parquet') },
  { fileName: 'pages-v2.parquet', key: 'jpeg', bytes: read('pages-v2.parquet') },
  { fileName: 'encoded.h5', key: 'jpeg', bytes: read('encoded.h5') },
  { fileName: 'encoded.h5', key: 'opaque', bytes: read('encoded.h5') },
];

/** Each must be refused when its pictures are looked at. */
export function malformedImageColumns(): ImageColumn[] {
  const [datasets, pages, second, variable, opaque] = sound();
  const footer = (bytes: Buffer) => bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  const one = (of: typeof datasets, what: string, bytes: Buffer): ImageColumn => ({ ...of, what, bytes });
  const filled = ({ bytes }: typeof datasets, from: number, to: number, value: number) =>
    Buffer.from(bytes).fill(value, from, to);
  const h5 = variable.bytes;
  // The heap of the variable lengths: its first collection.
  const heap = h5.indexOf('GCOL');
  return [
    one(datasets, 'cut off', datasets.bytes.subarray(0, datasets.bytes.length - 60)),
    one(datasets, 'headers of pages overwritten', filled(datasets, 4, 300, 255)),
    one(datasets, 'pages of zeros', filled(datasets, 4, 7000, 0)),
    one(
      datasets,
      'a footer of zeros',
      filled(datasets, footer(datasets.bytes), datasets.bytes.length - 8, 0),
    ),
    one(pages, 'its first page overwritten', filled(pages, 4, 2000, 170)),
    one(pages, 'the middle overwritten', filled(pages, 4000, 12000, 85)),
    one(second, 'its first page overwritten', filled(second, 4, 1200, 255)),
    one(variable, 'cut off in the middle', h5.subarray(0, h5.length >> 1)),
    one(variable, 'no heap of its byte arrays', filled(variable, heap, heap + 32, 0)),
    one(variable, 'byte arrays of zeros', filled(variable, heap + 16, heap + 6000, 0)),
    one(opaque, 'packed rows overwritten', filled(opaque, h5.length >> 1, h5.length, 255)),
  ];
}

/** Sound files with bytes overwritten at random, or cut off. */
export function mutatedImageColumns(seed: number, perFile: number): ImageColumn[] {
  const random = createRandom(seed);
  const below = (count: number) => random.nextInt(Math.max(1, count));
  return sound().flatMap((file) =>
    Array.from({ length: perFile }, (_, index): ImageColumn => {
      const bytes = Buffer.from(file.bytes);
      for (let change = 1 + below(6); change > 0; change--) bytes[below(bytes.length)] = below(256);
      const what = `mutation ${index}`;
      return { ...file, what, bytes: below(4) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes };
    }),
  );
}
