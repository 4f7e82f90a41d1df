import { describe, expect, it } from 'vitest';
import { Kept, keyOf } from '#renderer/app/kept.ts';

const answer = (value: number) => Promise.resolve({ ok: true as const, value });

describe('answers kept between visits', () => {
  it('are asked for once, and anew after another project', async () => {
    const kept = new Kept();
    let asked = 0;
    const ask = () => answer(++asked);
    expect(await kept.of('a', ask)).toEqual({ ok: true, value: 1 });
    expect(await kept.of('a', ask)).toEqual({ ok: true, value: 1 });
    kept.clear();
    expect(await kept.of('a', ask)).toEqual({ ok: true, value: 2 });
  });

  it('leave a failure to be tried again', async () => {
    const kept = new Kept();
    const error = { code: 'storage' as const, message: 'locked', details: {} };
    const failed = await kept.of<number>('a', () => Promise.resolve({ ok: false, error }));
    expect(failed.ok).toBe(false);
    expect(await kept.of('a', () => answer(5))).toEqual({ ok: true, value: 5 });
  });

  it('are let go when others are used more', async () => {
    const kept = new Kept();
    await kept.of('first', () => answer(0));
    for (let at = 0; at < 8; at++) {
      if (at === 4) await kept.of('kept', () => answer(100));
      await kept.of(`other ${at}`, () => answer(at));
    }
    expect(await kept.of('kept', () => answer(-1))).toEqual({ ok: true, value: 100 });
    expect(await kept.of('first', () => answer(-1))).toEqual({ ok: true, value: -1 });
  });

  it('are told apart by every result they depend on', () => {
    const [one, other] = [{ id: '1' }, { id: '2' }];
    expect(keyOf('pairs', { matching: one, certainty: undefined })).not.toBe(
      keyOf('pairs', { matching: one, certainty: other }),
    );
    expect(keyOf('pairs', { matching: one })).toBe(keyOf('pairs', { matching: { id: '1' } }));
  });
});
