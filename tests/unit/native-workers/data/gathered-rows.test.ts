import { describe, expect, it } from 'vitest';
import { createRandom, shuffle } from '#core/random.ts';
import { GatheredRows } from '#workers/data/gathered-rows.ts';

/** Rows whose bytes tell which row they are. */
function array(rows: number, rowBytes: number) {
  const bytes = Uint8Array.from(
    { length: rows * rowBytes },
    (_, at) => (Math.floor(at / rowBytes) * 31 + at) % 251,
  );
  const read: number[] = [];
  const readAt = (at: number, into: Uint8Array) => {
    read.push(into.length);
    into.set(bytes.subarray(at, at + into.length));
    return Promise.resolve();
  };
  const row = (index: number) => bytes.subarray(index * rowBytes, (index + 1) * rowBytes);
  return { readAt, row, read };
}

describe('rows in another order', () => {
  it.each([
    ['in one piece', 50, 12],
    ['in several', 40, 100_000],
    ['larger than a piece', 5, 1_500_000],
  ])('are those of the array: %s', async (_, rows, rowBytes) => {
    const { readAt, row, read } = array(rows, rowBytes);
    const order = shuffle(
      Int32Array.from({ length: rows }, (__, index) => index),
      createRandom(3),
    );
    const gathered = new GatheredRows(readAt, rowBytes, order);
    for (const [first, end] of [
      [0, rows],
      [3, rows - 1],
      [rows - 2, rows],
    ]) {
      const into = new Uint8Array((end - first) * rowBytes);
      await gathered.read(first, into);
      for (let place = first; place < end; place++)
        expect(
          Buffer.compare(
            into.subarray((place - first) * rowBytes, (place - first + 1) * rowBytes),
            row(order[place]),
          ),
        ).toBe(0);
    }
    expect(Math.max(...read)).toBeLessThanOrEqual(Math.max(2 ** 20, rowBytes));
  });

  it('leave pieces alone that hold none of them', async () => {
    const { readAt, read } = array(40, 100_000);
    const order = Int32Array.from({ length: 40 }, (_, index) => index);
    await new GatheredRows(readAt, 100_000, order).read(35, new Uint8Array(5 * 100_000));
    expect(read).toEqual([1_000_000]);
  });
});
