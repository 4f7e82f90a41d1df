import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SampleRule } from '#core/domain/recipe.ts';
import { captureArrayName, type CaptureExtras, type EngineLayer, type Fold } from '#core/ipc/engine.ts';
import { runtime, type OrtSession } from '#workers/capture/runtime.ts';
import { readArray } from '#workers/files/array-file.ts';
import {
  capture,
  capturedArray,
  interrupted,
  type Captured,
  type CaptureOptions,
} from '../../../fixtures/captures.ts';
import { writeFloat32Npy } from '../../../fixtures/npy-files.ts';
import {
  convolution,
  integers,
  node,
  value,
  withWeightsBeside,
  writeModel,
  type Graph,
  type ModelParts,
} from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

/** Samples as pictures, so that everything a capture takes of pictures is taken. */
function scene(graphs: Graph[], [count, ...size]: number[], more: ModelParts[] = []) {
  const folder = temporaryFolder();
  const networks = graphs.map((graph, index) => ({
    name: 'ABC'[index],
    modelPath: writeModel(join(folder, `${'abc'[index]}.onnx`), graph, more[index]),
  }));
  const values = count * size.reduce((product, side) => product * side, 1);
  const cells = Array.from({ length: values }, (_, at) => Math.sin(at * 7.3) + Math.sin(at * 0.013));
  return { folder, networks, data: writeFloat32Npy(join(folder, 'x.npy'), [count, ...size], cells) };
}

const layerOf = (sample: SampleRule, networks = ['A', 'B'], tensor = 'relu'): EngineLayer => ({
  name: sample.kind,
  tensors: Object.fromEntries(networks.map((name) => [name, tensor])),
  sample,
});

type Mode = 'captured' | 'fused' | 'fused-float64' | 'auto';

async function captureAs(mode: Mode, of: ReturnType<typeof scene>, options: Partial<CaptureOptions>) {
  vi.stubEnv('CONSILIENCE_MOMENTS', mode);
  const layers = [layerOf({ kind: 'position' })];
  return capture(of.folder, of.data, {
    ...{ networks: of.networks, layers, outFile: join(of.folder, `${mode}.arrays`) },
    ...options,
  });
}

const statistics = ['mean', 'std', 'min', 'max', 'fraction-zero', 'sparseness', 'kurtosis', 'dead'];

/** Every array of two captures: counts and places equal, numbers within the error of float32 products. */
function expectSame(one: Captured, other: Captured, folds: Fold[] = ['train']): void {
  const { linearAlgebra: _one, timings: _t, arrays: _a, providers: _p, ...facts } = one.summary;
  expect(other.summary).toMatchObject(facts);
  one.summary.layers.forEach((layer, index) => {
    const far = (what: string, fold: Fold) =>
      distance(
        capturedArray(one.summary, index, what, fold).data,
        capturedArray(other.summary, index, what, fold).data,
      );
    for (const fold of folds) {
      expect(far('m2', fold), `${layer.name} m2`).toBeLessThan(4e-6);
      for (const what of statistics) expect(far(what, fold), `${layer.name} ${what}`).toBeLessThan(4e-6);
    }
    expect(far('top-value', 'all')).toBeLessThan(1e-6);
    for (const what of ['top-image', 'top-position'])
      expect(capturedArray(other.summary, index, what, 'all').data).toEqual(
        capturedArray(one.summary, index, what, 'all').data,
      );
  });
}

/** Largest difference as a share of the largest value. */
function distance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let [most, far] = [0, 0];
  for (let at = 0; at < one.length; at++) {
    most = Math.max(most, Math.abs(one[at]));
    far = Math.max(far, Math.abs(one[at] - other[at]));
  }
  return most === 0 ? far : far / most;
}

const inGraph = "inside the networks' graph (position: float32 products on CPU, merged in float64)";

describe('moments inside the graph', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('are those of captured activations, with folds, groups of images and average inputs', async () => {
    const of = scene([convolution({ units: 3, seed: 1 }), convolution({ units: 4, seed: 2 })], [53, 6, 5]);
    const extras: CaptureExtras = {
      ...{ seed: 3, blocks: 6, shuffles: 0, sampleRows: 0, bins: 0 },
      averageInputs: true,
    };
    const options = { folds: { test: 0.3, seed: 5 }, orderSeed: 4, extras, batch: 10 };
    const captured = await captureAs('captured', of, options);
    for (const mode of ['fused', 'fused-float64'] as const) {
      const fused = await captureAs(mode, of, options);
      expect(fused.summary.linearAlgebra).toContain("inside the networks' graph");
      expectSame(captured, fused, ['train', 'test']);
      const arrays = [
        ...[0, 1, 2, 3, 4, 5].flatMap((block) => [
          captureArrayName(0, `block-${block}`, 'upper'),
          captureArrayName(0, `block-${block}`, 'mean'),
        ]),
        captureArrayName(0, 'train', 'average-input'),
      ];
      for (const name of arrays) {
        const [one, other] = [captured, fused].map(({ summary }) => readArray(summary.arrays, name).data);
        expect(distance(one, other), name).toBeLessThan(4e-6);
      }
    }
  });

  it('are those of captured activations on a graphics card, through WebGPU', async ({ skip }) => {
    const of = scene([convolution({ units: 3, seed: 1 }), convolution({ units: 4, seed: 2 })], [53, 6, 5]);
    const onCard = await captureAs('auto', of, { provider: 'webgpu', batch: 10 });
    if (onCard.summary.providers.some(({ used }) => used !== 'webgpu'))
      return skip('WebGPU finds no graphics card on this machine');
    expect(onCard.summary.linearAlgebra).toContain("inside the networks' graph");
    expectSame(await captureAs('captured', of, { batch: 10 }), onCard);
  });

  it('are captured where the provider takes the graph and cannot run it', async () => {
    const of = scene([convolution({ units: 3 }), convolution({ units: 2, seed: 4 })], [12, 5, 5]);
    const captured = await captureAs('captured', of, { batch: 4 });
    const { prototype } = runtime().InferenceSession as unknown as { prototype: OrtSession };
    const { run } = prototype;
    let refusals = 0;
    const spy = vi.spyOn(prototype, 'run').mockImplementation(function (
      this: OrtSession,
      ...asked: Parameters<typeof run>
    ) {
      if (!this.outputNames.some((name) => name.startsWith('consilience/fused')))
        return run.apply(this, asked);
      refusals++;
      return Promise.reject(new Error('the device is lost'));
    });
    const fallen = await captureAs('fused', of, { batch: 4 });
    spy.mockRestore();
    expect(refusals).toBe(1);
    expect(fallen.notes).toEqual([expect.stringMatching(/cannot be taken inside it.*the device is lost/)]);
    expect(fallen.summary.linearAlgebra).toBe(captured.summary.linearAlgebra);
    expectSame(captured, fallen);
  });

  it('go on from where a pass stopped, to the same bits', async () => {
    const of = scene([convolution({ units: 3, seed: 1 }), convolution({ units: 4, seed: 2 })], [53, 6, 5]);
    const extras: CaptureExtras = {
      seed: 3,
      blocks: 4,
      shuffles: 0,
      sampleRows: 0,
      bins: 0,
      averageInputs: true,
    };
    const layers = [layerOf({ kind: 'position' })];
    const options = { folds: { test: 0.3, seed: 5 }, orderSeed: 4, extras, batch: 10, layers };
    for (const mode of ['fused', 'fused-float64'] as const) {
      const whole = await captureAs(mode, of, options);
      const cut = { ...options, networks: of.networks, outFile: join(of.folder, 'cut.arrays') };
      const checkpoints = await interrupted(of.folder, of.data, cut, 4);
      const outFile = join(of.folder, 'left.arrays');
      const left = await captureAs(mode, of, { ...options, checkpoints, outFile });
      expect(left.progress[0].done).toBe(40);
      expect(left.summary.linearAlgebra).toContain("inside the networks' graph");
      expect(readFileSync(outFile).equals(readFileSync(whole.summary.arrays.path))).toBe(true);
    }
  });

  it('are the same for any batch, and where networks insist on one', async () => {
    const graphs = [convolution({ units: 3 }), convolution({ units: 2, seed: 4 })];
    const of = scene(graphs, [30, 5, 5]);
    const captured = await captureAs('captured', of, {});
    for (const batch of [1, 7]) expectSame(captured, await captureAs('fused', of, { batch }));
    const fixed = scene([convolution({ units: 3, batch: 4, size: [5, 5] }), graphs[1]], [30, 5, 5]);
    const fused = await captureAs('fused', fixed, {});
    expect(fused.summary.linearAlgebra).toContain(inGraph);
    expectSame(captured, fused);
  });

  it('multiply wide networks pair by pair', async () => {
    const of = scene(
      [convolution({ units: 64, seed: 1 }), convolution({ units: 65, seed: 2 }), convolution({ units: 66 })],
      [12, 9, 8],
    );
    const layers = [layerOf({ kind: 'position' }, ['A', 'B', 'C'])];
    const captured = await captureAs('captured', of, { layers });
    const fused = await captureAs('fused', of, { layers });
    expect(fused.summary.linearAlgebra).toContain(inGraph);
    expectSame(captured, fused);
  });

  it('stand beside samples taken in the graph by every rule, and beside tensors that leave it', async () => {
    const of = scene([convolution({ units: 3, seed: 1 }), convolution({ units: 4, seed: 2 })], [40, 6, 5]);
    const rules: SampleRule[] = [
      { kind: 'position' },
      { kind: 'image-mean' },
      { kind: 'image-max' },
      { kind: 'centre' },
      { kind: 'class-token' },
      { kind: 'last-token' },
      { kind: 'random', count: 4, seed: 9 },
      { kind: 'flatten' },
    ];
    const options = { layers: rules.map((rule) => layerOf(rule)), layerMap: true, batch: 16 };
    const captured = await captureAs('captured', of, options);
    expectSame(captured, await captureAs('fused', of, options));
    // Without moments in the graph every network has one of its own.
    const alone = { ...options, layers: options.layers.slice(1) };
    const fused = await captureAs('fused', of, alone);
    expect(fused.summary.linearAlgebra).not.toContain('onnxruntime inside');
    expect(fused.summary.linearAlgebra).toMatch(/; samples taken inside the networks' graph \(image-mean, /);
    expectSame(await captureAs('captured', of, alone), fused);
  });

  it('are left to packing and BLAS on the CPU unless they are asked for, and where single samples are wanted', async () => {
    const of = scene([convolution({ units: 3 }), convolution({ units: 3, seed: 4 })], [20, 5, 5]);
    const auto = await captureAs('auto', of, {});
    expect(auto.summary.linearAlgebra).not.toContain('inside');
    expect(auto.notes).toEqual([]);
    const extras = { seed: 1, blocks: 0, shuffles: 0, sampleRows: 10, bins: 0 };
    const sampled = await captureAs('fused', of, { extras, orderSeed: 1 });
    expect(sampled.summary.linearAlgebra).not.toContain('inside');
  });

  it('are taken of networks whose weights lie beside them, in different folders under the same name', async () => {
    const folder = temporaryFolder();
    const networks = ['A', 'B'].map((name, index) => {
      const own = join(folder, 'runs', name);
      mkdirSync(own, { recursive: true });
      const graph = withWeightsBeside(convolution({ units: 3, seed: index }), own, 'weights.bin');
      return { name, modelPath: writeModel(join(own, 'net.onnx'), graph) };
    });
    const inside = scene(
      [0, 1].map((seed) => convolution({ units: 3, seed })),
      [20, 5, 5],
    );
    const fused = await captureAs('fused', { ...inside, networks }, {});
    expect(fused.notes).toEqual([]);
    expect(fused.summary.linearAlgebra).toContain(inGraph);
    expectSame(await captureAs('captured', inside, {}), fused);
  });

  it('do not run what comes after the layers', async () => {
    const short = convolution({ units: 3, size: [5, 5] });
    // Fails at every run, and has no part in the layer.
    const long = { ...short, node: [...short.node, node('Reshape', ['relu', 'impossible'], ['end'])] };
    long.initializer = [...(short.initializer ?? []), integers('impossible', [7, 7, 7])];
    long.output = [value('end', [7, 7, 7])];
    const of = scene([short, long], [20, 5, 5]);
    const { summary, notes } = await captureAs('fused', of, {});
    expect(notes).toEqual([]);
    expect(summary.linearAlgebra).toContain(inGraph);
  });

  it('say why networks cannot be one graph, and capture them', async () => {
    const graphs = [convolution({ units: 3 }), convolution({ units: 3, seed: 4 })];
    const of = scene(graphs, [20, 5, 5], [{}, { opsetImport: [{ domain: '', version: 14n }] }]);
    const { summary, notes } = await captureAs('fused', of, {});
    expect(summary.linearAlgebra).not.toContain('inside');
    expect(notes).toEqual([
      "Activations leave the networks' graph, since moments cannot be taken inside it: A is of opset 17, B of 14.",
    ]);
  });

  it('refuse values that are not finite, by network, layer and images', async () => {
    const log: Graph = {
      input: [value('images', ['N', 1, 4, 4])],
      node: [node('Log', ['images'], ['relu'])],
      output: [value('relu', ['N', 1, 4, 4])],
    };
    const of = scene([convolution({ units: 2, size: [4, 4] }), log], [20, 4, 4]);
    await expect(captureAs('fused', of, { batch: 5 })).rejects.toThrow(
      'Layer position of B has values that are not finite (NaN or infinity, or too large to square) within images 0 to 4',
    );
  });
});
