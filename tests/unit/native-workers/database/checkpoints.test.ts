import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { createDatabaseMethods } from '#workers/database/methods.ts';
import { matrix, newCapture, writeArrayFile } from '../../../fixtures/database-records.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: string;
let methods: DatabaseMethods;
const timings = { sessionMs: 1, decodeWaitMs: 2, inferenceMs: 3, accumulateMs: 4 };
const facts = { batch: 64, made: { provider: 'cpu' }, timings, skipped: [], notes: ['Said.'] };
const position = { done: 640, ...facts };

/** Larger than one part. */
const state = (seed: number) =>
  writeArrayFile(join(folder, `state-${seed}.bin`), [
    matrix('0/joint/m2', 800, 800, (row, col) => Math.sin(seed + row * 800 + col)),
    matrix('0/joint/mean', 1, 3, (_, col) => seed + col),
  ]);

beforeEach(async () => {
  folder = temporaryFolder();
  methods = createDatabaseMethods();
  await methods.open(join(folder, 'p.consilience'), 'create', 'P');
});

afterEach(() => methods.close());

describe('checkpoints', () => {
  it('come back byte for byte, also in a later session', async () => {
    const arrays = state(1);
    await methods.putCheckpoint({ captureId: 'c', position, arrays });
    await methods.close();
    methods = createDatabaseMethods();
    await methods.open(join(folder, 'p.consilience'), 'open');
    const path = join(folder, 'back.bin');
    expect(await methods.exportCheckpoint('c', path)).toEqual({
      position,
      arrays: { path, arrays: arrays.arrays },
    });
    expect(readFileSync(path).equals(readFileSync(arrays.path))).toBe(true);
  });

  it('are replaced by later ones of the same capture, and gone when dropped', async () => {
    await methods.putCheckpoint({ captureId: 'c', position, arrays: state(1) });
    const later = state(2);
    await methods.putCheckpoint({ captureId: 'c', position: { done: 1280, ...facts }, arrays: later });
    const path = join(folder, 'back.bin');
    expect((await methods.exportCheckpoint('c', path))?.position.done).toBe(1280);
    expect(readFileSync(path).equals(readFileSync(later.path))).toBe(true);
    await methods.dropCheckpoint('c');
    expect(await methods.exportCheckpoint('c', path)).toBeNull();
  });

  it('leave nothing behind in the file when dropped', async () => {
    const path = join(folder, 'p.consilience');
    const sizeOf = async () => {
      await methods.close();
      methods = createDatabaseMethods();
      await methods.open(path, 'open');
      return statSync(path).size;
    };
    const before = await sizeOf();
    await methods.putCheckpoint({ captureId: 'c', position, arrays: state(1) });
    expect(await sizeOf()).toBeGreaterThan(before + 5e6);
    await methods.dropCheckpoint('c');
    expect(await sizeOf()).toBeLessThanOrEqual(before);
  });

  it('go when their capture is stored', async () => {
    const arrays = state(1);
    await methods.putCheckpoint({ captureId: 'c', position, arrays });
    await methods.putCapture(newCapture('c', arrays));
    expect(await methods.exportCheckpoint('c', join(folder, 'back.bin'))).toBeNull();
  });

  it('of passes that were given up are forgotten when three newer ones are kept', async () => {
    for (const captureId of ['a', 'b', 'c', 'd'])
      await methods.putCheckpoint({ captureId, position, arrays: state(1) });
    const path = join(folder, 'back.bin');
    expect(await methods.exportCheckpoint('a', path)).toBeNull();
    expect(existsSync(path)).toBe(false);
    expect(await methods.exportCheckpoint('b', path)).not.toBeNull();
  });

  it('whose file is gone leave the one before as it was', async () => {
    await methods.putCheckpoint({ captureId: 'c', position, arrays: state(1) });
    const lost = { path: join(folder, 'gone.bin'), arrays: [] };
    await expect(
      methods.putCheckpoint({ captureId: 'c', position: { done: 9, ...facts }, arrays: lost }),
    ).rejects.toMatchObject({ code: expect.any(String) });
    expect((await methods.exportCheckpoint('c', join(folder, 'back.bin')))?.position).toEqual(position);
  });

  it('of several passes of one capture come and go together', async () => {
    const path = join(folder, 'back.bin');
    const put = (captureId: string, pass?: number) =>
      methods.putCheckpoint({ captureId, position: { ...position, pass }, arrays: state(1) });
    await put('a');
    await put('a-pass-1', 1);
    await put('a-pass-2', 2);
    await put('ab');
    await put('c');
    expect((await methods.exportCheckpoint('a-pass-2', path))?.position.pass).toBe(2);
    await put('d');
    for (const id of ['a', 'a-pass-1', 'a-pass-2'])
      expect(await methods.exportCheckpoint(id, path), id).toBeNull();
    await put('d-pass-1', 1);
    await methods.dropCheckpoint('d');
    expect(await methods.exportCheckpoint('d-pass-1', path)).toBeNull();
    for (const id of ['ab', 'c']) expect(await methods.exportCheckpoint(id, path), id).not.toBeNull();
  });
});
