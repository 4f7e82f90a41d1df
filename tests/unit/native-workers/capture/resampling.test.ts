import { expect, it } from 'vitest';
import type { CaptureExtras } from '#core/ipc/engine.ts';
import { resamplingOf } from '#workers/capture/resampling.ts';
import type { LayerPlan } from '#workers/capture/tap-plan.ts';

const extras: CaptureExtras = { seed: 7, blocks: 20, shuffles: 10, sampleRows: 0, bins: 0 };

function resample(
  units: number,
  change: { extras?: CaptureExtras | null; batch?: number; random?: boolean } = {},
) {
  const notes: string[] = [];
  const layer = {
    name: 'conv1',
    positions: 1,
    parts: [{ network: 0, tensor: 't', plan: { units } }],
  } as unknown as LayerPlan;
  const pass = {
    batch: change.batch ?? 64,
    isRandomOrder: change.random ?? true,
    samples: 500,
  };
  const asked = change.extras === undefined ? extras : change.extras;
  const hooks = {
    note: (text: string) => notes.push(text),
    progress: () => undefined,
    checkpoint: async () => undefined,
  };
  return { ...resamplingOf(layer, asked, pass, hooks), notes };
}

it('takes what was asked for where it fits', () => {
  expect(resample(100)).toEqual({ blocks: 20, shuffle: { count: 10, seed: 7 }, notes: [] });
  expect(resample(100, { extras: null })).toEqual({ blocks: 0, shuffle: null, notes: [] });
  expect(resample(100, { extras: { ...extras, shuffles: 0 } })).toEqual({
    blocks: 20,
    shuffle: null,
    notes: [],
  });
});

it('takes fewer groups of wide layers, and none where too few fit, and says so', () => {
  expect(resample(4096).blocks).toBe(8);
  const none = resample(8192);
  expect(none).toMatchObject({ blocks: 0, shuffle: null });
  expect(none.notes).toEqual([
    expect.stringMatching(/^Layer conv1: no intervals and no null \(moments of 5 groups/),
  ]);
});

it('leaves out what the data or the networks do not allow, and says so', () => {
  expect(resample(100, { random: false }).notes[0]).toMatch(/too large to be read in a random order/);
  const single = resample(100, { batch: 1 });
  expect(single).toMatchObject({ blocks: 20, shuffle: null });
  expect(single.notes[0]).toMatch(/no null \(batches of 1 images/);
});
