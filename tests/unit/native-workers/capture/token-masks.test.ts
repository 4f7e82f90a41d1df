import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SampleRule } from '#core/domain/recipe.ts';
import { captureArrayName, secondArrayName, type CaptureExtras, type EngineData } from '#core/ipc/engine.ts';
import { unitProbe } from '#workers/capture/unit-probe.ts';
import { readArray } from '#workers/files/array-file.ts';
import { capture, capturedArray, countedAgain, statisticsOf } from '../../../fixtures/captures.ts';
import { npyBytes } from '../../../fixtures/npy-files.ts';
import { writeModel } from '../../../fixtures/onnx-models.ts';
import { answerOf, tokenNetwork, writeTokens } from '../../../fixtures/token-networks.ts';

/** The same sequences padded, with a mask, and without padding: every token a sample of its own. */
const [samples, length, units, padding] = [90, 9, 5, 10];
const shapes = [
  (sample: number) => (at: number) => at < 1 + (sample % length),
  (sample: number) => (at: number) => at >= (sample * 5) % length,
  (sample: number) => (at: number) => at === 4 || (sample + at) % 3 > 0,
];
const counts = Array.from({ length: samples }, (_, sample) =>
  Array.from({ length }, (_place, at) => (shapes[sample % 3](sample)(at) ? 1 : 0)),
);
const rows = counts.map((row, sample) =>
  row.map((isThere, at) => (isThere ? (7 * sample + 3 * at * at) % padding : padding)),
);
const all = rows.flatMap((row) => row.filter((id) => id !== padding));

const folder = mkdtempSync(join(tmpdir(), 'consilience-masks-'));
afterAll(() => rmSync(folder, { recursive: true }));
const networks = ['A', 'B'].map((name, seed) => ({
  name,
  modelPath: writeModel(join(folder, `${name}.onnx`), tokenNetwork({ tokens: padding + 1, units, seed })),
}));
const padded = writeTokens(join(folder, 'padded.npy'), rows);
const bare = writeTokens(
  join(folder, 'bare.npy'),
  all.map((id) => [id]),
);
writeFileSync(join(folder, 'mask.npy'), npyBytes('|u1', [samples, length], Uint8Array.from(counts.flat())));
const mask = { array: 'mask' };
const arrays = { mask: { path: join(folder, 'mask.npy') } };

const layerOf = (sample: SampleRule) => ({
  name: 'tokens',
  tensors: { A: 'tokens', B: 'tokens' },
  sample,
  axes: { A: 'NTC', B: 'NTC' },
});
function options(data: Partial<EngineData> & { path: string }, kind: SampleRule['kind'], more = {}) {
  return {
    networks,
    layers: [layerOf({ kind })],
    data: { scale: 1, layout: 'NT' as const, ...data },
    batch: 16,
    ...more,
  };
}
const extras: CaptureExtras = { seed: 3, blocks: 0, shuffles: 0, sampleRows: 1000, bins: 4 };

describe('masked positions', () => {
  it('are no samples: moments, statistics and kept samples equal those of the sequences without padding', async () => {
    const of = (kind: 'position', data: Partial<EngineData> & { path: string }) =>
      capture(folder, '', options(data, kind, { extras, outFile: join(folder, 'one.arrays') }));
    const { summary } = await of('position', { path: padded, mask, arrays });
    const one = (what: string) => Float64Array.from(capturedArray(summary, 0, what).data);
    const [layer] = summary.layers;
    expect(layer).toMatchObject({ samples: all.length, positions: length, isMasked: true });
    const masked = { m2: one('m2'), statistics: [0, 1].map((network) => statisticsOf(summary, 0, network)) };
    const kept = [...capturedArray(summary, 0, 'sample').data].sort((x, y) => x - y);
    const edges = one('edges');
    const unpadded = (await of('position', { path: bare })).summary;
    expect(unpadded.layers[0]).toMatchObject({ samples: all.length, positions: 1 });
    const m2 = capturedArray(unpadded, 0, 'm2').data;
    const largest = Math.max(...m2);
    masked.m2.forEach((value, at) => expect(Math.abs(value - m2[at]) / largest).toBeLessThan(3e-7));
    masked.statistics.forEach((found, network) => {
      const exact = statisticsOf(unpadded, 0, network);
      expect(found.min).toEqual(exact.min);
      expect(found.max).toEqual(exact.max);
      expect(found.fractionZero).toEqual(exact.fractionZero);
      for (const what of ['mean', 'std', 'lifetimeSparseness', 'kurtosis'] as const)
        found[what].forEach((value, unit) => expect(value).toBeCloseTo(exact[what][unit], 5));
    });
    expect(kept).toEqual([...capturedArray(unpadded, 0, 'sample').data].sort((x, y) => x - y));
    expect(edges).toEqual(capturedArray(unpadded, 0, 'edges').data);
  });

  it('equal a plain float64 computation, in both folds', async () => {
    const folds = { test: 0.3, seed: 5 };
    const { summary } = await capture(
      folder,
      '',
      options({ path: padded, mask: { padding } }, 'position', { folds }),
    );
    const [{ samples: train, testSamples }] = summary.layers;
    expect(train + testSamples).toBe(all.length);
    const both = (['train', 'test'] as const).map((fold) => capturedArray(summary, 0, 'mean', fold).data);
    for (let unit = 0; unit < units; unit++) {
      const mean = all.reduce((sum, id) => sum + answerOf(id, unit, 1), 0) / all.length;
      const found = (train * both[0][units + unit] + testSamples * both[1][units + unit]) / all.length;
      expect(found).toBeCloseTo(mean, 7);
    }
  });

  it('are counted in no joint histogram and no norm', async () => {
    const wanted = { pairs: [[0, 1]] as [number, number][], bins: 4, halves: true, squaredNorms: true };
    const counted = async (data: Partial<EngineData> & { path: string }, name: string) => {
      const asked = options(data, 'position', { extras, outFile: join(folder, `${name}.arrays`) });
      const { summary } = await capture(folder, '', asked);
      const second = await countedAgain(folder, asked, summary, wanted);
      return (what: string) => readArray(second, secondArrayName(0, what)).data.slice();
    };
    const masked = await counted({ path: padded, mask, arrays }, 'masked');
    const found = Object.fromEntries(
      ['between-0-1', 'half-0-1', 'shuffled-0-1', 'norms'].map((what) => [what, masked(what)]),
    );
    const exact = await counted({ path: bare }, 'bare');
    expect(found['between-0-1']).toEqual(exact('between-0-1'));
    const norms = exact('norms');
    found.norms.forEach((value, at) => expect(value / norms[at]).toBeCloseTo(1, 5));
    const perPair = (values: ArrayLike<number>) =>
      Array.from({ length: units * units }, (_, pair) =>
        Array.from({ length: 16 }, (_cell, at) => values[pair * 16 + at]).reduce((sum, n) => sum + n, 0),
      );
    expect(perPair(found['shuffled-0-1'])).toEqual(Array(units * units).fill(all.length));
    expect(Math.abs(perPair(found['half-0-1'])[0] / all.length - 0.5)).toBeLessThan(0.05);
  });

  it.each(['captured', 'fused'])('are left out of what is taken of a sequence: %s', async (where) => {
    vi.stubEnv('CONSILIENCE_MOMENTS', where);
    onTestFinished(() => void vi.unstubAllEnvs());
    const kinds = ['image-mean', 'image-max', 'last-token', 'class-token'] as const;
    const layers = kinds.map((kind) => ({ ...layerOf({ kind }), name: kind }));
    const asked = options({ path: padded, mask, arrays }, 'position', { extras, batch: 90 });
    const { summary } = await capture(folder, '', { ...asked, layers });
    const sorted = (values: number[]) => [...values].sort((x, y) => x - y);
    for (const [index, kind] of kinds.entries()) {
      expect(summary.layers[index]).toMatchObject({ samples, positions: 1 });
      expect(summary.layers[index].isMasked).toBe(kind === 'class-token' ? undefined : true);
      const { data, cols } = capturedArray(summary, index, 'sample');
      const found = Array.from({ length: samples }, (_, row) => data[row * cols + units + 2]);
      const expected = rows.map((row) => {
        const ids = kind === 'class-token' ? [row[0]] : row.filter((id) => id !== padding);
        const answers = ids.map((id) => answerOf(id, 2, 1));
        if (kind === 'image-max') return Math.max(...answers);
        if (kind === 'last-token') return answers[answers.length - 1];
        return answers.reduce((sum, answer) => sum + answer, 0) / answers.length;
      });
      sorted(found).forEach((value, at) => expect(value).toBeCloseTo(sorted(expected)[at], 6));
    }
  });

  it('have no activation where single inputs are looked at', async () => {
    const { values, width } = await unitProbe.maps({
      data: { path: padded, scale: 1, layout: 'NT', mask, arrays },
      network: networks[0],
      tensor: 'tokens',
      axes: 'NTC',
      provider: 'cpu',
      threads: 1,
      looks: [{ channel: 3, images: [7, 1] }],
    });
    expect(width).toBe(length);
    [7, 1].forEach((sample, at) =>
      counts[sample].forEach((isThere, place) => {
        const found = values[0][at * length + place];
        if (isThere) expect(found).toBeCloseTo(answerOf(rows[sample][place], 3, 0), 6);
        else expect(found).toBeNaN();
      }),
    );
  });

  it('excite no unit most, and the place that does is one that counts', async () => {
    const { summary } = await capture(
      folder,
      '',
      options({ path: padded, mask, arrays }, 'position', { topK: 4 }),
    );
    const top = (what: string) => readArray(summary.arrays, captureArrayName(0, 'all', what)).data;
    const [images, places, values] = [top('top-image'), top('top-position'), top('top-value')];
    for (let at = 0; at < images.length; at++) {
      const unit = Math.floor(at / 4);
      expect(counts[images[at]][places[at]]).toBe(1);
      const id = rows[images[at]][places[at]];
      expect(values[at]).toBeCloseTo(answerOf(id, unit % units, Math.floor(unit / units)), 6);
    }
  });

  it('leave a null its positions: what depends on the place alone stays correlated when images are shuffled', async () => {
    // Tokens that are the place itself, padded at the end to very different lengths.
    const placed = rows.map((_, sample) =>
      Array.from({ length }, (_place, at) => (at < 1 + ((sample * 7) % length) ? at : padding)),
    );
    const path = writeTokens(join(folder, 'placed.npy'), placed);
    const shuffled = { ...extras, shuffles: 2, blocks: 5 };
    const { summary } = await capture(
      folder,
      '',
      options({ path, mask: { padding } }, 'position', { extras: shuffled, orderSeed: 1, batch: 30 }),
    );
    expect(summary.layers[0].blocks.reduce((sum, n) => sum + n, 0)).toBe(summary.layers[0].samples);
    const total = 2 * units;
    const upper = readArray(summary.arrays, captureArrayName(0, 'null-0', 'upper')).data;
    const at = (row: number, col: number) => row * total - (row * (row - 1)) / 2 + (col - row);
    const m2 = capturedArray(summary, 0, 'm2').data;
    for (let unit = 0; unit < units; unit++) {
      const other = units + unit;
      const scale = Math.sqrt(m2[unit * total + unit] * m2[other * total + other]);
      const [real, without] = [m2[unit * total + other] / scale, upper[at(unit, other)] / scale];
      expect(Math.abs(real - without)).toBeLessThan(0.15);
    }
  });
});

describe('a mask is refused', () => {
  const asked = (data: Partial<EngineData>, sample: SampleRule = { kind: 'position' }) =>
    capture(folder, '', { ...options({ path: padded, ...data }, 'position'), layers: [layerOf(sample)] });

  it.each(['flatten', 'centre', 'random'] as const)('with sample %s', async (kind) => {
    await expect(asked({ mask, arrays }, { kind, count: 2, seed: 0 })).rejects.toThrow(
      `Layer tokens: sample ${kind} takes positions whether they are padding or not; with data.mask use token, token-mean, image-max, last-token or class-token.`,
    );
  });

  it('whose length is not the layer’s, that is no mask, or leaves a sample nothing', async () => {
    const write = (name: string, shape: number[], values: number[]) => {
      writeFileSync(join(folder, name), npyBytes('|u1', shape, Uint8Array.from(values)));
      return { mask: { path: join(folder, name) } };
    };
    const short = write('short.npy', [samples, 4], Array<number>(samples * 4).fill(1));
    await expect(asked({ mask, arrays: short })).rejects.toThrow(
      /Layer tokens: "tokens" of A has 9 positions, and data\.mask \(short\.npy\) 4; choose a layer with one position a token/,
    );
    const few = write('few.npy', [3, length], Array<number>(3 * length).fill(1));
    await expect(asked({ mask, arrays: few })).rejects.toThrow(
      'data.mask: few.npy has 3 samples, padded.npy 90; every array needs as many.',
    );
    const odd = write('odd.npy', [samples, length], [...counts.flat().slice(1), 7]);
    await expect(asked({ mask, arrays: odd })).rejects.toThrow('data.mask: odd.npy holds 7; a mask holds 1');
    const empty = write(
      'empty.npy',
      [samples, length],
      counts.flatMap((row, at) => (at === 8 ? row.map(() => 0) : row)),
    );
    await expect(asked({ mask, arrays: empty })).rejects.toThrow(
      'data.mask: sample 8 of empty.npy has no position that counts; leave the sample out, or correct the mask.',
    );
    await expect(asked({ mask })).rejects.toThrow(
      'data.mask: padded.npy is a single array without names; say where "mask" lies in data.arrays ({mask: {file: ...}}).',
    );
  });
});
