import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '#core/errors.ts';
import { openDatabase } from '#main/database/client.ts';
import { matrix, newCapture, newResult, newRun, writeArrayFile } from '../fixtures/database-records.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

describe('openDatabase', () => {
  it('stores in one worker what another reads, and leaves one file behind', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'p.consilience');
    const big = matrix('big', 1100, 600, (row, col) => (row === col ? 2 : Math.sin(row * col)));
    const arrays = writeArrayFile(join(folder, 'a.bin'), [big]);
    const first = await openDatabase(path, 'create', 'Through the worker');
    await first.methods.putCapture(newCapture('c', arrays));
    await first.methods.putResult(newResult('r', arrays));
    await first.methods.putRun(newRun('run', 'c', ['r']));
    await first.close();
    await first.close();
    expect(readdirSync(folder).sort()).toEqual(['a.bin', 'p.consilience']);

    const second = await openDatabase(path, 'open');
    expect(second.path).toBe(path);
    const summary = await second.methods.summary();
    expect(summary).toMatchObject({
      title: 'Through the worker',
      runs: [{ id: 'run', results: [{ id: 'r' }] }],
    });
    const { data } = await second.methods.array('r', 'big');
    expect(data).toBeInstanceOf(Float64Array);
    expect(Buffer.from(data.buffer).equals(Buffer.from(big.data.buffer))).toBe(true);
    const tile = await second.methods.tile('r', 'big', 0, 2, 1);
    expect([tile.rows, tile.cols, tile.values.length]).toEqual([76, 88, 76 * 88]);
    expect(tile.values[0]).toBe(Math.fround(Math.sin(1024 * 512)));
    await second.close();
  });

  it('answers many calls at once, each with its own answer', async () => {
    const folder = temporaryFolder();
    const database = await openDatabase(join(folder, 'p.consilience'), 'create');
    const ids = Array.from({ length: 20 }, (_, i) => `r${i}`);
    await Promise.all(
      ids.map((id, i) =>
        database.methods.putResult(
          newResult(id, writeArrayFile(join(folder, `${id}.bin`), [matrix('m', 3, 3, () => i)])),
        ),
      ),
    );
    const tiles = await Promise.all(ids.map((id) => database.methods.tile(id, 'm', 0, 0, 0)));
    expect(tiles.map((tile) => tile.values[8])).toEqual(ids.map((_, i) => i));
    await database.close();
  });

  it('rejects with AppErrors that keep code, sentence and details', async () => {
    const folder = temporaryFolder();
    const wrong = join(folder, 'wrong.consilience');
    writeFileSync(wrong, 'not a database, whatever its name says');
    const refused = await openDatabase(wrong, 'open').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({ code: 'bad-project', details: { file: wrong } });
    await expect(openDatabase(join(folder, 'none'), 'open')).rejects.toMatchObject({ code: 'not-found' });
    expect(existsSync(join(folder, 'none'))).toBe(false);

    const database = await openDatabase(join(folder, 'p.consilience'), 'create');
    await expect(database.methods.result('r')).rejects.toMatchObject({
      code: 'not-found',
      details: { resultId: 'r' },
    });
    await expect(database.methods.result(7 as never)).rejects.toMatchObject({ code: 'bad-request' });
    await database.close();
    await expect(database.methods.summary()).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('p.consilience is closed'),
    });
  });

  it('finishes what was asked before it closes', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'p.consilience');
    const arrays = writeArrayFile(join(folder, 'a.bin'), [matrix('m', 1500, 1500, (row, col) => row - col)]);
    const database = await openDatabase(path, 'create');
    const putting = database.methods.putResult(newResult('r', arrays));
    await database.close();
    await putting;
    const again = await openDatabase(path, 'open');
    expect(await again.methods.storedResults(['r'])).toEqual(['r']);
    await again.close();
  });

  it('rejects what is pending when the worker ends by itself, and never hangs', async () => {
    const started = vi.spyOn(Worker.prototype, 'postMessage');
    const folder = temporaryFolder();
    const path = join(folder, 'p.consilience');
    const arrays = writeArrayFile(join(folder, 'a.bin'), [matrix('m', 2000, 2000, (row, col) => row - col)]);
    const database = await openDatabase(path, 'create');
    const worker = started.mock.contexts[0] as Worker;
    started.mockRestore();
    const putting = database.methods.putResult(newResult('r', arrays));
    const reading = database.methods.summary();
    const outcomes = Promise.allSettled([putting, reading]);
    await worker.terminate();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'storage', message: expect.stringContaining('ended unexpectedly') },
      });
    await expect(database.methods.results()).rejects.toThrow('ended unexpectedly');
    await expect(database.close()).resolves.toBeUndefined();
    const again = await openDatabase(path, 'open');
    expect((await again.methods.results()).length).toBeLessThanOrEqual(1);
    await again.close();
  });
});
