import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CaptureSummary } from '#core/ipc/engine.ts';
import { loadBlas } from '#workers/linalg/blas.ts';
import { align, capture, type Aligned, type CaptureOptions } from '../fixtures/captures.ts';
import { sampleLayers, sampleOptions } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const pairs: [number, number][] = [[0, 1]];

async function run(options: Partial<CaptureOptions>): Promise<Map<string, Aligned>> {
  const folder = temporaryFolder();
  const { summary } = await capture(folder, '', { ...sampleOptions(['Net1', 'Net2']), ...options });
  return align(summary, pairs, join(folder, 'results'), 1);
}

/** Largest difference of any correlation, within or between, in any layer. */
function largestDifference(one: Map<string, Aligned>, other: Map<string, Aligned>): number {
  let largest = 0;
  for (const [key, { arrays }] of one) {
    if (!key.endsWith('correlation')) continue;
    for (const [name, { data }] of arrays) {
      const opposite = other.get(key)?.arrays.get(name)?.data;
      expect(opposite?.length).toBe(data.length);
      data.forEach((value, at) => {
        const error = Math.abs(value - (opposite?.[at] ?? Number.NaN));
        largest = error <= largest ? largest : error; // keeps NaN
      });
    }
  }
  return largest;
}

function expectSameMatching(one: Map<string, Aligned>, other: Map<string, Aligned>): void {
  for (const layer of sampleLayers.keys())
    expect(other.get(`${layer}-0-1-matching`)?.arrays.get('match')?.data).toEqual(
      one.get(`${layer}-0-1-matching`)?.arrays.get('match')?.data,
    );
}

describe('what must not change the answer', () => {
  it('batches of 1, 7, 64 and 500 images agree within 1e-6, and folds with them', async () => {
    const folds = { test: 0.25, seed: 0 };
    const reference = await run({ batch: 64, folds });
    for (const batch of [1, 7, 500]) {
      const other = await run({ batch, folds });
      const error = largestDifference(reference, other);
      console.log(`Batch ${batch} against 64: largest difference of a correlation ${error.toExponential(2)}`);
      expect(error).toBeLessThan(1e-6);
      expectSameMatching(reference, other);
    }
    const again = await run({ batch: 64, folds });
    expect(largestDifference(reference, again)).toBe(0);
  });

  it('products by onnxruntime agree with BLAS within 1e-6', async ({ skip }) => {
    if (!loadBlas()) skip('No BLAS on this machine.');
    const withBlas = await run({});
    const wish = process.env.CONSILIENCE_BLAS;
    process.env.CONSILIENCE_BLAS = 'none';
    try {
      const without = await run({});
      const error = largestDifference(withBlas, without);
      console.log(`onnxruntime products against BLAS: ${error.toExponential(2)}`);
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThan(1e-6);
      expectSameMatching(withBlas, without);
    } finally {
      if (wish === undefined) delete process.env.CONSILIENCE_BLAS;
      else process.env.CONSILIENCE_BLAS = wish;
    }
  });

  it('1, 2 and 7 threads of the alignment give the same bits', async () => {
    const folder = temporaryFolder();
    const options = { ...sampleOptions(['Net1', 'Net2', 'Net5'], 200), folds: { test: 0.25, seed: 0 } };
    const { summary }: { summary: CaptureSummary } = await capture(folder, '', options);
    const several: [number, number][] = [
      [0, 1],
      [0, 2],
      [1, 2],
    ];
    const [one, ...others] = await Promise.all(
      [1, 2, 7].map((threads) => align(summary, several, join(folder, `${threads}`), threads)),
    );
    expect(one.size).toBe(24);
    for (const other of others) {
      expect([...other.keys()].sort()).toEqual([...one.keys()].sort());
      for (const [key, { headline, arrays }] of one) {
        const opposite = other.get(key);
        expect(opposite?.headline).toEqual(headline);
        for (const [name, { data }] of arrays) {
          const bytes = opposite?.arrays.get(name)?.data.buffer ?? new ArrayBuffer(0);
          expect(Buffer.from(bytes).equals(Buffer.from(data.buffer)), `${key} ${name}`).toBe(true);
        }
      }
    }
  });
});
