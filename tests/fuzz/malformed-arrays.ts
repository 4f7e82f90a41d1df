import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { createRandom } from '#core/random.ts';
import { arrayFile } from '../fixtures/array-files.ts';
import { npyBytes, zipBytes } from '../fixtures/npy-files.ts';
import type { MalformedFile } from './plain-refusal.ts';

const read = (name: string) => readFileSync(arrayFile(name));
const values = Float32Array.from({ length: 72 }, (_, at) => at);
const plain = npyBytes('<f4', [12, 6], values);

/** The bytes with others written over them from `at` on. */
function patched(bytes: Uint8Array, at: number, ...over: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(over, at < 0 ? copy.length + at : at);
  return copy;
}

function filled(bytes: Uint8Array, from: number, to: number, value: number): Buffer {
  return Buffer.from(bytes).fill(value, from, to);
}

const cut = (bytes: Uint8Array, length: number) => Buffer.from(bytes.subarray(0, length));

function withDescr(text: string): Buffer {
  const head = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8]);
  return Buffer.concat([head, Buffer.from(text), Buffer.alloc(288)]);
}

const npy = (what: string, bytes: Uint8Array): MalformedFile => ({ what, fileName: 'values.npy', bytes });

function npyFiles(): MalformedFile[] {
  const nan = values.with(40, Number.NaN);
  return [
    npy('nothing in it', Buffer.alloc(0)),
    npy('a text', Buffer.from('not an array at all\n')),
    npy('cut off inside the header', cut(plain, 40)),
    npy('cut off inside the values', cut(plain, plain.length - 5)),
    npy('another first byte', patched(plain, 0, 0x92)),
    npy('format version 9', patched(plain, 6, 9)),
    npy('a header of 4 GB', patched(npyBytes('<f4', [12, 6], values, { version: 2 }), 8, 255, 255, 255, 255)),
    npy('a shape below zero', npyBytes('<f4', [12, 6], values, { shapeText: '-12, 6' })),
    npy('a shape that no disk holds', npyBytes('<f4', [12, 6], values, { shapeText: '999999999999, 6' })),
    npy(
      'a shape that no number holds',
      npyBytes('<f4', [12, 6], values, { shapeText: '99999999999999999999, 6' }),
    ),
    npy('forty axes', npyBytes('<f4', [12, 6], values, { shapeText: Array(40).fill('1').join(', ') })),
    npy('no samples', npyBytes('<f4', [0, 6], new Float32Array(0))),
    npy('a pickle', read('pickled.npy')),
    npy(
      'a structured type',
      withDescr("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (12, 6), }\n"),
    ),
    npy('complex numbers', npyBytes('<c8', [12, 6], new Float32Array(144))),
    npy('texts', npyBytes('<U3', [12], new Uint32Array(36))),
    npy('a type that is none', npyBytes('<x4', [12, 6], values)),
    npy('no dictionary', withDescr('{}\n')),
    npy('Fortran order, cut off', cut(npyBytes('<f4', [12, 6], values, { fortran: true }), 300)),
    npy('not a number among the values', npyBytes('<f4', [12, 6], nan)),
    npy('infinity among the values', npyBytes('<f8', [12, 6], Float64Array.from(values).with(3, Infinity))),
    npy('values beyond float32', npyBytes('<f8', [12, 6], Float64Array.from(values).with(3, 1e300))),
    npy('one axis', npyBytes('<f4', [72], values)),
    npy('another number of samples', npyBytes('<f4', [11, 6], values.subarray(0, 66))),
  ];
}

function npzFiles(): MalformedFile[] {
  const npz = (what: string, bytes: Uint8Array): MalformedFile => ({ what, fileName: 'probe.npz', bytes });
  const good = zipBytes([{ name: 'values.npy', bytes: plain }]);
  const directory = good.lastIndexOf('PK\u0001\u0002', good.length, 'latin1');
  const two = zipBytes([
    { name: 'values.npy', bytes: Buffer.concat([plain, Buffer.alloc(4000)]), packed: false },
    { name: 'other.npy', bytes: plain, packed: false },
  ]);
  const second = two.lastIndexOf('PK\u0001\u0002', two.length, 'latin1');
  return [
    npz('cut off before its directory', cut(good, good.length - 30)),
    npz('no directory at all', cut(good, directory)),
    npz(
      'damaged values',
      zipBytes([
        { name: 'values.npy', bytes: npyBytes('<f4', [5000, 6], new Float32Array(30000)), damage: true },
      ]),
    ),
    npz('a bomb: two gigabytes out of a hundred bytes', patched(good, directory + 24, 255, 255, 255, 127)),
    npz('a bomb: entries that share their bytes', patched(two, second + 20, 255, 255, 0, 0, 255, 255, 0, 0)),
    npz('a name that leaves the folder', zipBytes([{ name: '../../values.npy', bytes: plain }])),
    npz('a name from the root', zipBytes([{ name: '/tmp/values.npy', bytes: plain }])),
    npz('a name with a line break', zipBytes([{ name: 'val\nues.npy', bytes: plain }])),
    npz('a pickle', zipBytes([{ name: 'values.npy', bytes: read('pickled.npy') }])),
    npz('fewer values than promised', zipBytes([{ name: 'values.npy', bytes: cut(plain, 200) }])),
    npz('an encrypted entry', patched(patched(good, directory + 8, 1), 6, 1)),
    npz('a way of packing that is not known', patched(patched(good, directory + 10, 97), 8, 97)),
    npz('no arrays', zipBytes([{ name: 'values.txt', bytes: plain }])),
  ];
}

function hdf5Files(): MalformedFile[] {
  const h5 = (what: string, bytes: Uint8Array): MalformedFile => ({ what, fileName: 'probe.h5', bytes });
  const good = read('latest.h5');
  const old = read('probe.h5');
  const extent = Buffer.alloc(16);
  extent.writeBigUInt64LE(12n, 0);
  extent.writeBigUInt64LE(6n, 8);
  const shape = old.indexOf(extent);
  const absurd = patched(old, shape + 6, 0, 16);
  return [
    h5('cut off after its signature', cut(good, 520)),
    h5('cut off in the middle', cut(old, old.length >> 1)),
    h5('cut off before its last bytes', cut(good, good.length - 400)),
    h5('a superblock of a version to come', patched(good, 520, 9)),
    h5('no root group', filled(good, 560, 700, 0)),
    h5('ones from the middle on', filled(good, good.length >> 1, good.length, 255)),
    h5('a shape that no disk holds', absurd),
  ];
}

function safetensorsFiles(): MalformedFile[] {
  const one = (what: string, header: string, bytes = 288, length = header.length): MalformedFile => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(length, 0);
    return {
      what,
      fileName: 'probe.safetensors',
      bytes: Buffer.concat([head, Buffer.from(header), Buffer.alloc(bytes, 1)]),
    };
  };
  const tensor = (dtype: string, shape: string, offsets: string) =>
    `{"values":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}}`;
  return [
    one('a header longer than the file', tensor('"F32"', '[12,6]', '[0,288]'), 288, 100000),
    one('a header of a gigabyte', tensor('"F32"', '[12,6]', '[0,288]'), 288, 2 ** 30),
    one('no JSON', '{"values":', 0),
    one('values missing', tensor('"F32"', '[12,6]', '[0,288]'), 100),
    one('values after the last tensor', tensor('"F32"', '[12,6]', '[0,288]'), 300),
    one('a gap before the first tensor', tensor('"F32"', '[12,5]', '[48,288]')),
    one('offsets the wrong way round', tensor('"F32"', '[12,6]', '[288,0]')),
    one('another size than the shape', tensor('"F32"', '[12,7]', '[0,288]')),
    one('a type of eight bits', tensor('"F8_E5M2"', '[12,24]', '[0,288]')),
    one('a shape of texts', tensor('"F32"', '["a"]', '[0,288]')),
    one('a tensor that is null', '{"values":null}'),
    one('a shape that no number holds', tensor('"F32"', '[9007199254740991,6]', '[0,288]')),
  ];
}

function parquetFiles(): MalformedFile[] {
  const parquet = (what: string, bytes: Uint8Array): MalformedFile => ({
    what,
    fileName: 'probe.parquet',
    bytes,
  });
  const good = read('probe.parquet');
  const footer = good.readUInt32LE(good.length - 8);
  const start = good.length - 8 - footer;
  return [
    parquet('cut off', cut(good, good.length - 100)),
    parquet('a footer longer than the file', patched(good, -8, 255, 255, 255, 0)),
    parquet('a footer of zeros', filled(good, start, good.length - 8, 0)),
    parquet('a footer of ones', filled(good, start, good.length - 8, 255)),
    parquet('the first pages overwritten', filled(good, 4, 400, 255)),
    parquet('the first pages of zeros', filled(good, 4, 400, 0)),
    parquet('the name of the format alone', Buffer.from('PAR1PAR1')),
  ];
}

function idxAndCifarFiles(): MalformedFile[] {
  const idx = (what: string, bytes: Uint8Array, fileName = 'values-idx2-int'): MalformedFile => ({
    what,
    fileName,
    bytes,
  });
  const good = read('values-idx2-int');
  const packed = gzipSync(good);
  const cifar = read('cifar-10.bin');
  return [
    idx('cut off', cut(good, 200)),
    idx('longer than promised', Buffer.concat([good, good])),
    idx('two hundred axes', patched(good, 3, 200)),
    idx('sizes that no disk holds', patched(good, 4, 127, 255, 255, 255, 127, 255, 255, 255)),
    idx('packed and cut off', cut(packed, packed.length - 12), 'values-idx2-int.gz'),
    idx('packed and damaged', filled(packed, 30, 60, 255), 'values-idx2-int.gz'),
    idx('packed, of something else', gzipSync('a text'), 'values-idx2-int.gz'),
    idx(
      'a packed bomb: a gigabyte that no header promised',
      gzipSync(Buffer.concat([patched(good, 7, 11), Buffer.alloc(2 ** 24)])),
      'values-idx2-int.gz',
    ),
    { what: 'part of a record', fileName: 'images.bin', bytes: cut(cifar, 5000) },
    { what: 'a class that is none', fileName: 'images.bin', bytes: patched(cifar, 0, 77) },
  ];
}

/** Malformed files of every format; each must be refused by a run. */
export function malformedArrays(): MalformedFile[] {
  return [
    ...npyFiles(),
    ...npzFiles(),
    ...hdf5Files(),
    ...safetensorsFiles(),
    ...parquetFiles(),
    ...idxAndCifarFiles(),
  ];
}

/** Sound files with bytes overwritten at random places, the same for the same seed; some of them can still be read. */
export function mutatedArrays(seed: number, perFile: number): MalformedFile[] {
  const random = createRandom(seed);
  const below = (limit: number) => random.nextInt(Math.max(1, limit));
  const sound = [
    'values.npy',
    'probe.npz',
    'latest.h5',
    'probe.h5',
    'probe.safetensors',
    'probe.parquet',
    'values-idx2-int',
  ];
  return sound.flatMap((fileName) =>
    Array.from({ length: perFile }, (_, index) => {
      const bytes = Buffer.from(read(fileName));
      const places = 1 + below(8);
      for (let place = 0; place < places; place++) bytes[below(bytes.length)] = below(256);
      return {
        what: `mutation ${index}`,
        fileName,
        bytes: below(4) === 0 ? cut(bytes, below(bytes.length)) : bytes,
      };
    }),
  );
}
