import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HashFile } from '#main/cluster/hash-file.ts';
import {
  copyArrays,
  finishFile,
  readSecondStart,
  readShard,
  type SecondStart,
} from '#main/cluster/shard-file.ts';
import { readArray, writeArrayFile } from '#workers/files/array-file.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

async function start(folder: string): Promise<string> {
  const arrays = writeArrayFile(join(folder, 'arrays'), [
    { name: '0/train/mean', dtype: 'float64', rows: 1, cols: 3, data: Float64Array.of(1, 2, 3) },
    { name: '0/train/dead', dtype: 'uint8', rows: 1, cols: 3, data: Uint8Array.of(0, 1, 0) },
    { name: '0/train/edges', dtype: 'float64', rows: 1, cols: 2, data: Float64Array.of(4, 5) },
  ]);
  const copied = await copyArrays(arrays, (name) => !name.endsWith('dead'), join(folder, 'part'));
  const origin: SecondStart['origin'] = {
    ...{ title: 'Digits', software: {}, captureKey: 'key', hashes: { data: 'data', models: {} }, files: [] },
    ...{ recipeText: '', provider: 'cpu', recipeFile: 'digits.yaml', baseFolder: '/data' },
  };
  const path = join(folder, 'start');
  await finishFile(join(folder, 'part'), path, {
    kind: 'start',
    origin,
    layers: [],
    arrays: { ...copied, path: '' },
  });
  return path;
}

describe('a file that travels between machines', () => {
  it('gives back its arrays and what they are', async () => {
    const path = await start(temporaryFolder());
    const { arrays, origin } = await readSecondStart(path);
    expect(origin.captureKey).toBe('key');
    expect(arrays.arrays.map(({ name }) => name)).toEqual(['0/train/mean', '0/train/edges']);
    expect(readArray(arrays, '0/train/mean').data).toEqual(Float64Array.of(1, 2, 3));
    expect(readArray(arrays, '0/train/edges').data).toEqual(Float64Array.of(4, 5));
  });

  it('is refused when it was cut off, is longer, is no shard, or names arrays that do not lie in it', async () => {
    const folder = temporaryFolder();
    const path = await start(folder);
    const whole = readFileSync(path);
    truncateSync(path, whole.length - 1);
    await expect(readShard(path)).rejects.toThrow(
      /it is no shard, or was cut off while it was copied\. Make this shard again/,
    );
    writeFileSync(path, whole);
    appendFileSync(path, 'x');
    await expect(readShard(path)).rejects.toThrow(/cut off/);
    writeFileSync(path, 'short');
    await expect(readShard(path)).rejects.toThrow(/cut off/);
    const text = whole.toString('latin1').replace('"offset":0,"bytes":24', '"offset":9,"bytes":24');
    expect(text.length).toBe(whole.length);
    writeFileSync(path, text.replace('"rows":1,"cols":3', '"rows":9,"cols":9'), 'latin1');
    await expect(readShard(path)).rejects.toThrow(/its array 0\/train\/mean does not lie in it/);
    await expect(readShard(join(folder, 'none'))).rejects.toThrow(/does not exist or cannot be read/);
  });

  it('is not taken for a shard where it is what second passes start from', async () => {
    const path = await start(temporaryFolder());
    await expect(readShard(path)).rejects.toThrow(
      'start is what second passes start from, not a shard; leave it out.',
    );
  });
});

describe('hashes that shards share', () => {
  it('are valid for a file of the same size and time, and are kept beside those of others', async () => {
    const path = join(temporaryFolder(), 'hashes.json');
    const [one, other] = [await HashFile.open(path), await HashFile.open(path)];
    const [sha, second] = ['a'.repeat(64), 'b'.repeat(64)];
    await one.rememberHash('/data/images', 10, 5, sha);
    await other.rememberHash('/data/model', 20, 6, second);
    await one.save();
    await other.save();
    const third = await HashFile.open(path);
    expect(await third.rememberedHash('/data/images', 10, 5)).toBe(sha);
    expect(await third.rememberedHash('/data/images', 11, 5)).toBeNull();
    expect(await third.rememberedHash('/data/images', 10, 6)).toBeNull();
    expect(await third.rememberedHash('/data/model', 20, 6)).toBe(second);
    expect(third.used.map(({ path: file }) => file)).toEqual(['/data/images', '/data/model']);
  });

  it('are made again where the file is damaged', async () => {
    const path = join(temporaryFolder(), 'hashes.json');
    writeFileSync(path, '{"files": [{"path": "/x", "bytes": 1, "mtimeMs": 1, "sha256": "short"}]}');
    expect(await (await HashFile.open(path)).rememberedHash('/x', 1, 1)).toBeNull();
    writeFileSync(path, 'no JSON');
    expect(await (await HashFile.open(path)).rememberedHash('/x', 1, 1)).toBeNull();
  });
});
