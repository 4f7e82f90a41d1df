import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArraySource } from '#workers/data/array-source.ts';
import { inspectArrayFile } from '#workers/data/inspect-data.ts';
import { SampleStream } from '#workers/data/sample-stream.ts';
import { float32Npy, npyBytes, zipBytes } from '../../../fixtures/npy-files.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

function file(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

async function valuesOf(path: string, key?: string): Promise<number[]> {
  const source = await openArraySource(path, key);
  const bytes = new Uint8Array(source.header.count * source.header.itemBytes);
  const stream = new SampleStream(source);
  // In uneven parts: what is asked for never lines up with what the file system hands over.
  for (let at = 0; at < bytes.length; at += 13) await stream.fill(bytes.subarray(at, at + 13));
  stream.close();
  return [...new Float32Array(bytes.buffer)];
}

const many = Array.from({ length: 50_000 }, (_, at) => Math.sin(at));
const three = float32Npy([3], [1, 2, 3]);

describe('openArraySource of a .npy', () => {
  it('streams the values, as often as asked', async () => {
    const path = file('a.npy', float32Npy([50, 1000], many));
    const expected = [...Float32Array.from(many)];
    expect(await valuesOf(path)).toEqual(expected);
    expect(await valuesOf(path)).toEqual(expected);
  });

  it('refuses a key, a file cut off, a folder and a file that is not there', async () => {
    await expect(openArraySource(file('a.npy', three), 'images')).rejects.toThrow(
      'a.npy is a single array without names; leave out data.key ("images").',
    );
    const cut = file('cut.npy', three.subarray(0, three.length - 1));
    await expect(openArraySource(cut, undefined)).rejects.toMatchObject({
      code: 'bad-data',
      message: `cut.npy is cut off: its header promises ${three.length} bytes, it has ${three.length - 1}; copy it again.`,
    });
    await expect(openArraySource(temporaryFolder(), undefined)).rejects.toThrow(/is not a file/);
    await expect(openArraySource('/none/x.npy', undefined)).rejects.toMatchObject({ code: 'not-found' });
    await expect(openArraySource(file('empty.npy', Buffer.alloc(0)), undefined)).rejects.toThrow(
      /empty\.npy is not a NumPy array/,
    );
  });

  it('promises nothing that a header with an absurd shape would need', async () => {
    const path = file('huge.npy', npyBytes('<f4', [], Float32Array.of(1), { shapeText: '1000000000, 1000' }));
    await expect(openArraySource(path, undefined)).rejects.toThrow(/cut off: its header promises 4000000000/);
  });
});

describe('openArraySource of a .npz', () => {
  const text = npyBytes('<U3', [1], new Uint32Array(3));
  const archive = zipBytes([
    { name: 'images.npy', bytes: float32Npy([50, 1000], many) },
    { name: 'stored.npy', bytes: three, packed: false },
    { name: 'class_names.npy', bytes: text },
    { name: 'readme.txt', bytes: Buffer.from('not an array') },
  ]);

  it('streams the chosen member, packed or not', async () => {
    const path = file('a.npz', archive);
    expect(await valuesOf(path, 'images')).toEqual([...Float32Array.from(many)]);
    expect(await valuesOf(path, 'stored')).toEqual([1, 2, 3]);
  });

  it('takes the only array without a key', async () => {
    expect(await valuesOf(file('one.npz', zipBytes([{ name: 'x.npy', bytes: three }])))).toEqual([1, 2, 3]);
  });

  it('asks for a key among several, and offers the nearest names', async () => {
    const path = file('a.npz', archive);
    await expect(openArraySource(path, undefined)).rejects.toThrow(
      'a.npz holds images, stored and class_names; name one as data.key.',
    );
    await expect(openArraySource(path, 'image')).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('a.npz has no array "image"; it holds images'),
      details: { nearest: expect.arrayContaining(['images']) },
    });
  });

  it('refuses an array of texts when it is chosen, and lists the others', async () => {
    const path = file('a.npz', archive);
    await expect(openArraySource(path, 'class_names')).rejects.toThrow(/array "class_names" has dtype <U3/);
    expect((await inspectArrayFile(path)).arrays).toEqual([
      { key: 'images', dtype: 'float32', shape: [50, 1000] },
      { key: 'stored', dtype: 'float32', shape: [3] },
    ]);
    const pickle = zipBytes([{ name: 'p.npy', bytes: npyBytes('|O', [1], Buffer.from('cos\nsystem')) }]);
    await expect(inspectArrayFile(file('p.npz', pickle))).rejects.toThrow(/Python objects \(a pickle\)/);
  });

  it('refuses a member smaller or larger than its header says', async () => {
    const short = zipBytes([{ name: 'x.npy', bytes: three.subarray(0, three.length - 4) }]);
    await expect(openArraySource(file('s.npz', short), 'x')).rejects.toThrow(
      `s.npz, array "x" is damaged: its header promises ${three.length} bytes, the archive holds ${three.length - 4}.`,
    );
  });

  it('says of a damaged archive which file it is, never as an error of our own', async () => {
    const cut = file('cut.npz', archive.subarray(0, archive.length - 30));
    await expect(openArraySource(cut, 'images')).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('cut.npz is a damaged .npz (zip) file'),
    });
    const broken = zipBytes([{ name: 'x.npy', bytes: float32Npy([50_000], many), damage: true }]);
    const path = file('broken.npz', broken);
    await expect(valuesOf(path, 'x')).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringMatching(/broken\.npz, array "x" cannot be/),
    });
    const none = file('none.npz', zipBytes([{ name: 'a.txt', bytes: Buffer.from('x') }]));
    await expect(openArraySource(none, undefined)).rejects.toThrow(/holds no \.npy arrays/);
  });
});
