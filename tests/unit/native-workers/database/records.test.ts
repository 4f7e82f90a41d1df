import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { latestVersion } from '#workers/database/migrate.ts';
import { migrations } from '#workers/database/migrations/index.ts';
import { createDatabaseMethods } from '#workers/database/methods.ts';
import {
  matrix,
  newCapture,
  newResult,
  newRun,
  provenance,
  writeArrayFile,
} from '../../../fixtures/database-records.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

async function project() {
  const folder = temporaryFolder();
  const path = join(folder, 'digits.consilience');
  const arrays = writeArrayFile(join(folder, 'a.bin'), [matrix('m', 2, 3, (r, c) => r + c)]);
  let methods = createDatabaseMethods();
  await methods.open(path, 'create', 'Digits');
  return {
    arrays,
    get methods() {
      return methods;
    },
    async reopen() {
      await methods.close();
      methods = createDatabaseMethods();
      return methods.open(path, 'open');
    },
  };
}

describe('results', () => {
  it('come back whole after reopening, numbers that JSON lacks included', async () => {
    const p = await project();
    const result = {
      ...newResult('r', p.arrays),
      headline: { mean: NaN, top: Infinity, low: -Infinity, m: 0.1 },
    };
    await p.methods.putResult(result);
    await p.reopen();
    const { arrays, createdAt, ...stored } = await p.methods.result('r');
    const { arrays: given, ...rest } = result;
    expect(stored).toEqual(rest);
    expect(stored.provenance).toEqual(provenance);
    expect(arrays).toEqual([{ name: 'm', dtype: 'float64', rows: 2, cols: 3 }]);
    expect(given.arrays).toHaveLength(1);
    expect(Math.abs(Date.parse(createdAt) - Date.now())).toBeLessThan(60_000);
    await p.methods.close();
  });

  it('are listed in the order stored; the same job again changes nothing', async () => {
    const p = await project();
    for (const id of ['z', 'a', 'm']) await p.methods.putResult(newResult(id, p.arrays));
    await p.methods.putResult({ ...newResult('a', p.arrays), headline: { other: 1 } });
    expect((await p.methods.results()).map((entry) => entry.id)).toEqual(['z', 'a', 'm']);
    expect((await p.methods.result('a')).headline).toEqual(newResult('a', p.arrays).headline);
    expect(await p.methods.storedResults(['m', 'nope', 'z'])).toEqual(['m', 'z']);
    await expect(p.methods.result('nope')).rejects.toMatchObject({ code: 'not-found' });
    await expect(p.methods.array('z', 'n')).rejects.toThrow('It has m');
    await p.methods.close();
  });
});

describe('captures and runs', () => {
  it('come back after reopening, runs newest first', async () => {
    const p = await project();
    await p.methods.putCapture(newCapture('c1', p.arrays));
    await p.methods.putCapture(newCapture('c2', p.arrays));
    for (const id of ['r1', 'r2', 'r3']) await p.methods.putResult(newResult(id, p.arrays));
    await p.methods.putRun(newRun('first', 'c1', ['r2', 'r1']));
    await p.methods.putRun(newRun('second', 'c2', ['r2', 'r3']));
    const summary = await p.reopen();
    expect(summary).toMatchObject({
      title: 'Digits',
      fileName: 'digits.consilience',
      schemaVersion: latestVersion(migrations),
    });
    expect(summary.runs.map((run) => run.id)).toEqual(['second', 'first']);
    const { createdAt, results, ...run } = summary.runs[1];
    const { captureId, resultIds, ...given } = newRun('first', 'c1', ['r2', 'r1']);
    expect(run).toEqual(given);
    expect(results.map((entry) => entry.id)).toEqual(resultIds);
    expect(Number.isNaN(Date.parse(createdAt))).toBe(false);
    expect(await p.methods.captureOfRun('first')).toBe(captureId);
    expect((await p.methods.runOfResult('r2')).id).toBe('second');
    expect((await p.methods.runOfResult('r1')).id).toBe('first');
    expect([await p.methods.hasCapture('c2'), await p.methods.hasCapture('c3')]).toEqual([true, false]);
    expect(await p.methods.capture('c1')).toEqual(newCapture('c1', p.arrays).summary);
    expect(await p.methods.summary()).toEqual(summary);
    await p.methods.close();
  });

  it('refuses a run of what is not stored, wholly, and replaces one of the same id', async () => {
    const p = await project();
    await p.methods.putCapture(newCapture('c', p.arrays));
    await p.methods.putResult(newResult('r', p.arrays));
    await expect(p.methods.putRun(newRun('x', 'c', ['r', 'gone']))).rejects.toThrow('no result gone');
    await expect(p.methods.putRun(newRun('x', 'gone', ['r']))).rejects.toThrow('no capture gone');
    expect((await p.methods.summary()).runs).toEqual([]);
    await expect(p.methods.runOfResult('r')).rejects.toMatchObject({ code: 'not-found' });
    await expect(p.methods.captureOfRun('x')).rejects.toMatchObject({ code: 'not-found' });
    await p.methods.putRun(newRun('x', 'c', ['r']));
    await p.methods.putRun({ ...newRun('x', 'c', []), title: 'Again' });
    expect((await p.methods.summary()).runs).toMatchObject([{ id: 'x', title: 'Again', results: [] }]);
    await p.methods.close();
  });
});

describe('remembered hashes', () => {
  it('hold while size and modification time are unchanged', async () => {
    const p = await project();
    const [file, hash] = [join(temporaryFolder(), 'net.onnx'), 'f'.repeat(64)];
    const mtime = 1763932412123.4567;
    await p.methods.rememberHash(file, 1000, mtime, hash);
    await p.reopen();
    expect(await p.methods.rememberedHash(file, 1000, mtime)).toBe(hash);
    expect(await p.methods.rememberedHash(file, 1001, mtime)).toBeNull();
    expect(await p.methods.rememberedHash(file, 1000, mtime + 0.001)).toBeNull();
    await p.methods.rememberHash(file, 1001, mtime, 'e'.repeat(64));
    expect(await p.methods.rememberedHash(file, 1000, mtime)).toBeNull();
    expect(await p.methods.rememberedHash(file, 1001, mtime)).toBe('e'.repeat(64));
    await p.methods.close();
  });
});

describe('arguments', () => {
  it('are checked, the wrong field named', async () => {
    const p = await project();
    const result = newResult('r', p.arrays);
    await p.methods.putResult(result);
    const twice = { ...p.arrays, arrays: [...p.arrays.arrays, ...p.arrays.arrays] };
    const wrongBytes = { ...p.arrays, arrays: [{ ...p.arrays.arrays[0], bytes: 47 }] };
    const wrong: [() => Promise<unknown>, string][] = [
      [() => p.methods.putResult({ ...result, id: '' }), 'result.id'],
      [() => p.methods.putResult({ ...result, elapsedMs: -1 }), 'result.elapsedMs'],
      [() => p.methods.putResult({ ...result, arrays: twice }), 'result.arrays.arrays'],
      [
        () => p.methods.putResult({ ...result, arrays: { ...p.arrays, path: 'a.bin' } }),
        'result.arrays.path',
      ],
      [() => p.methods.putResult({ ...result, id: 's', arrays: wrongBytes }), '47 bytes'],
      [() => p.methods.tile('r', 'm', -1, 0, 0), 'level'],
      [() => p.methods.tile('r', 'm', 0, 0.5, 0), 'row'],
      [() => p.methods.rememberHash('/x', 1, 1, 'no hash'), 'sha256'],
      [() => p.methods.rememberedHash('relative', 1, 1), 'path'],
      [() => p.methods.open('/x', 'open'), 'open already'],
    ];
    for (const [call, field] of wrong)
      await expect(call()).rejects.toMatchObject({
        code: 'bad-request',
        message: expect.stringContaining(field),
      });
    await p.methods.close();
    await expect(p.methods.summary()).rejects.toMatchObject({ code: 'bad-request' });
  });
});
