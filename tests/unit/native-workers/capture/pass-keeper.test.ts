import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PassState } from '#core/ipc/engine.ts';
import type { StateReader, StateWriter } from '#workers/accumulate/saved-state.ts';
import { PassKeeper } from '#workers/capture/pass-keeper.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let now = 0;
let storingMs = 0;
let bytes = 8;
let kept: number[] = [];
let pauseMs = 0;
const notes: string[] = [];

beforeEach(() => {
  [now, storingMs, bytes, kept, pauseMs] = [1000, 0, 8, [], 0];
  notes.length = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => vi.restoreAllMocks());

function keeper(keep?: (state: PassState | null) => Promise<number>): PassKeeper {
  const plan = {
    file: join(temporaryFolder(), 'pass.state'),
    everyMs: 30_000,
    share: 0.02,
    from: null,
    later: [],
  };
  const hooks = {
    progress: () => undefined,
    note: (sentence: string) => void notes.push(sentence),
    checkpoint: () => {
      now += pauseMs;
      return Promise.resolve();
    },
    keep:
      keep ??
      ((state: PassState | null) => {
        kept.push(state!.position.done);
        return Promise.resolve(storingMs);
      }),
  };
  const sums = {
    settle: () => Promise.resolve(),
    save: (state: StateWriter) => state.put('sums', new Uint8Array(bytes)),
    restore: (_state: StateReader) => undefined,
  };
  const timings = { sessionMs: 0, decodeWaitMs: 0, inferenceMs: 0, accumulateMs: 0 };
  const position = (done: number) => ({ done, batch: 1, made: {}, timings, skipped: [], notes: [] });
  return new PassKeeper(plan, hooks, sums, position, now);
}

/** A batch a second for so many seconds. */
async function pass(of: PassKeeper, seconds: number, from = 0) {
  for (let second = 1; second <= seconds; second++) {
    now += 1000;
    await of.between(from + second);
    await of.close();
  }
}

describe('a pass is kept', () => {
  it('every 30 s where that costs little', async () => {
    await pass(keeper(), 100);
    expect(kept).toEqual([30, 60, 90]);
  });

  it('less often where it costs much: 2 s are 2 % of 100 s', async () => {
    storingMs = 2000;
    await pass(keeper(), 260);
    expect(kept).toEqual([30, 128, 226]);
  });

  it('for the first time not before its size lets hope for 2 %', async () => {
    bytes = 100 * 2 ** 20;
    await pass(keeper(), 60);
    expect(kept[0]).toBe(52);
  });

  it('when it is paused, and when it is cancelled where that is cheap; not twice at one place unless something was done there', async () => {
    const cheap = keeper();
    await cheap.leaving('paused', 3);
    await cheap.leaving('cancelled', 3);
    await cheap.leaving('cancelled', 4);
    expect(kept).toEqual([3, 4]);
    storingMs = 5000;
    await cheap.leaving('paused', 5);
    await cheap.leaving('cancelled', 6);
    expect(kept).toEqual([3, 4, 5]);
    cheap.changed();
    await cheap.leaving('paused', 5);
    expect(kept).toEqual([3, 4, 5, 5]);
  });

  it('by the time that it worked', async () => {
    const paused = keeper();
    await pass(paused, 20);
    pauseMs = 50_000;
    expect(await paused.step(20)).toBe(50_000);
    await pass(paused, 15, 20);
    expect(kept).toEqual([30]);
  });

  it('or goes on without, and says so once', async () => {
    const refused = keeper(() => Promise.reject(new Error('The disk is full.')));
    await pass(refused, 100);
    expect(notes).toEqual([
      'How far this pass has come cannot be kept, so an interruption begins it again: The disk is full.',
    ]);
  });
});
