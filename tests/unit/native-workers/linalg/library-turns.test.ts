import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import { openLapack } from '#workers/linalg/lapack.ts';
import { createTurns, LibraryTurns, shareTurns, turnsOfThread } from '#workers/linalg/library-turns.ts';
import type { TurnsOrder } from '../../../fixtures/turns-worker.ts';

const fixture = (name: string) => new URL(`../../../fixtures/${name}`, import.meta.url);

describe('turns of the system library', () => {
  it('set its threads before the calls of either kind, again where others may have set them', () => {
    const set: number[] = [];
    const turns = new LibraryTurns(createTurns(), { divided: 6, set: (count) => void set.push(count) });
    expect(turns.run(false, () => 'small')).toBe('small');
    expect(turns.run(true, () => set.at(-1))).toBe(6);
    expect(turns.run(true, () => set.at(-1))).toBe(6);
    expect(turns.run(false, () => set.at(-1))).toBe(1);
    expect(set).toEqual([1, 6, 6, 1]);
  });

  it('end with a call that throws', () => {
    const turns = new LibraryTurns(createTurns(), { divided: 2, set: () => undefined });
    const fail = () => {
      throw new Error('no memory');
    };
    expect(() => turns.run(true, fail)).toThrow('no memory');
    expect(turns.run(false, () => 1)).toBe(1);
  });

  it('are shared with threads started after them, and each pool has its own', () => {
    shareTurns();
    const first = turnsOfThread();
    expect(turnsOfThread()).toBe(first);
    shareTurns();
    expect(turnsOfThread()).not.toBe(first);
  });

  it('never let calls of both kinds run at once, and let none wait for ever', async () => {
    const state = createTurns();
    const seen = new Int32Array(new SharedArrayBuffer(16));
    const kinds = [false, true, false, true];
    const threads = kinds.map((isDivided) => {
      const workerData: TurnsOrder = { state, seen, isDivided, calls: 3000 };
      return new Worker(fixture('turns-worker.ts'), { workerData });
    });
    await Promise.all(threads.map((thread) => once(thread, 'exit')));
    expect([...seen].slice(1)).toEqual([0, 0, 0]);
  }, 60_000);
});

const lapack = openLapack({ ...process.env, CONSILIENCE_BLAS: '' });
if (!lapack) console.log('No LAPACK on this machine: what runs beside its decompositions is not tested.');

describe.skipIf(!lapack)('a decomposition beside large products of another thread', () => {
  it('has the bits that it has alone', async () => {
    shareTurns();
    const algebra = openLapack({ ...process.env, CONSILIENCE_BLAS: '' });
    if (!algebra) throw new Error('The library is gone.');
    const rows = 100;
    const { nextFloat } = createRandom(1);
    const matrix = Float64Array.from({ length: rows * rows }, () => nextFloat() - 0.5);
    const covariance = await algebra.gram(rows, rows, matrix);
    const decompose = async () => [
      (await algebra.svd(rows, rows, matrix)).u,
      (await algebra.qr(rows, rows, matrix)).q,
      (await algebra.symmetricEigen(rows, covariance)).vectors,
    ];
    const alone = await decompose();
    const thread = new Worker(fixture('products-forever.ts'));
    try {
      await once(thread, 'message');
      for (let run = 0; run < 30; run++) expect(await decompose()).toEqual(alone);
    } finally {
      await thread.terminate();
    }
  }, 60_000);
});
