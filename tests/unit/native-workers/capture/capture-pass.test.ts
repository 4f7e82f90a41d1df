import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors.ts';
import type { EngineLayer } from '#core/ipc/engine.ts';
import { capture, capturedArray, statisticsOf } from '../../../fixtures/captures.ts';
import { writeFloat32Npy } from '../../../fixtures/npy-files.ts';
import {
  convolution,
  elementTypes,
  integers,
  node,
  passThrough,
  value,
  whole,
  writeModel,
  type Graph,
} from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const layer = (
  tensor: string,
  networks = ['A', 'B'],
  kind: EngineLayer['sample']['kind'] = 'position',
): EngineLayer => ({
  name: 'layer',
  tensors: Object.fromEntries(networks.map((name) => [name, tensor])),
  sample: { kind },
});

function scene(graphs: Graph[], shape: number[], cell: (at: number) => number = (at) => Math.sin(at * 7.3)) {
  const folder = temporaryFolder();
  const networks = graphs.map((graph, index) => ({
    name: 'ABC'[index],
    modelPath: writeModel(join(folder, `${'abc'[index]}.onnx`), graph),
  }));
  const count = shape.reduce((product, size) => product * size, 1);
  const data = writeFloat32Npy(
    join(folder, 'x.npy'),
    shape,
    Array.from({ length: count }, (_, at) => cell(at)),
  );
  return { folder, networks, data };
}

const features = (rows: number, units: number, cell?: (at: number) => number) =>
  scene([passThrough(units), passThrough(units)], [rows, units], cell);

describe('capturePass', () => {
  it('captures networks with free heights and widths, whose sizes a run on zeros tells', async () => {
    const { folder, networks, data } = scene(
      [convolution({ units: 3, seed: 1 }), convolution({ units: 4, seed: 2 })],
      [30, 6, 5],
    );
    const { summary, progress } = await capture(folder, data, { networks, layers: [layer('relu')] });
    expect(summary.layers).toEqual([
      {
        name: 'layer',
        sample: { kind: 'position' },
        units: [3, 4],
        samples: 900,
        testSamples: 0,
        positions: 30,
        blocks: [],
        shuffles: 0,
        sampleRows: 0,
        edgeSamples: 0,
        geometry: [3, 4].map((channels) => ({
          ...{ channels, height: 6, width: 5 },
          field: { kind: 'window', axes: Array(2).fill({ size: 3, jump: 1, start: -1 }) },
        })),
        topInputs: expect.objectContaining({ kind: 'picture', rows: 6, cols: 5, depth: 1 }),
      },
    ]);
    expect(summary.images).toBe(30);
    expect(progress[0]).toEqual({ done: 0, total: 30 });
    expect(progress.at(-1)).toEqual({ done: 30, total: 30 });
    expect(Math.min(...statisticsOf(summary, 0, 1).min)).toBe(0);
  });

  it('feeds a network with a fixed batch in its own batches, the last one only partly counted', async () => {
    const shape = [10, 5, 5];
    const free = scene([convolution({ units: 3 }), convolution({ units: 3, seed: 4 })], shape);
    const fixed = scene(
      [convolution({ units: 3, batch: 4, size: [5, 5] }), convolution({ units: 3, seed: 4 })],
      shape,
    );
    const one = await capture(free.folder, free.data, {
      networks: free.networks,
      layers: [layer('relu')],
      batch: 4,
    });
    const two = await capture(fixed.folder, fixed.data, {
      networks: fixed.networks,
      layers: [layer('relu')],
    });
    expect(two.summary.layers[0].samples).toBe(250);
    expect(capturedArray(two.summary, 0, 'm2').data).toEqual(capturedArray(one.summary, 0, 'm2').data);
    const differing = scene(
      [convolution({ units: 3, batch: 4 }), convolution({ units: 3, batch: 2 })],
      shape,
    );
    await expect(
      capture(differing.folder, differing.data, { networks: differing.networks, layers: [layer('relu')] }),
    ).rejects.toThrow(
      'The networks have different fixed batch sizes (A 4, B 2); export them with a dynamic first axis.',
    );
  });

  it('takes average inputs of the very images the activations are of', async () => {
    const same: Graph = {
      input: [value('features', ['N', 1, 5, 4])],
      node: [node('Identity', ['features'], ['same'])],
      output: [value('same', ['N', 1, 5, 4])],
    };
    const { folder, networks, data } = scene([same, same], [90, 5, 4]);
    const { summary } = await capture(folder, data, {
      networks,
      layers: [layer('same', ['A', 'B'], 'flatten')],
      folds: { test: 0.3, seed: 1 },
      orderSeed: 4,
      batch: 16,
      extras: { seed: 4, blocks: 0, shuffles: 0, sampleRows: 0, bins: 0, averageInputs: true },
    });
    const [{ averageInput, samples, units }] = summary.layers;
    expect(averageInput).toEqual({ images: 63, channels: 1, rows: 5, cols: 4 });
    expect([samples, units]).toEqual([63, [20, 20]]);
    // Units are pixels here, so the average input is their covariance over the unit's deviation.
    const found = capturedArray(summary, 0, 'average-input').data;
    const [m2, std] = [capturedArray(summary, 0, 'm2').data, capturedArray(summary, 0, 'std').data];
    for (let unit = 0; unit < 40; unit++)
      for (let pixel = 0; pixel < 20; pixel++)
        expect(found[unit * 20 + pixel]).toBeCloseTo(m2[unit * 40 + pixel] / 63 / std[unit], 5);
  });

  it('gives every sampling rule the values it names', async () => {
    const { folder, networks, data } = scene(
      [convolution({ units: 2 }), convolution({ units: 2, seed: 3 })],
      [20, 6, 6],
    );
    const max = await capture(folder, data, { networks, layers: [layer('relu', ['A', 'B'], 'image-max')] });
    const all = await capture(folder, data, { networks, layers: [layer('relu')] });
    expect(max.summary.layers[0]).toMatchObject({ samples: 20, positions: 1, units: [2, 2] });
    expect(statisticsOf(max.summary, 0, 0).max).toEqual(statisticsOf(all.summary, 0, 0).max);
    const average = await capture(folder, data, {
      networks,
      layers: [layer('relu', ['A', 'B'], 'image-mean')],
    });
    const [perImage, perPosition] = [statisticsOf(average.summary, 0, 1), statisticsOf(all.summary, 0, 1)];
    perImage.mean.forEach((mean, unit) => expect(mean).toBeCloseTo(perPosition.mean[unit], 6));
    const flat = await capture(folder, data, { networks, layers: [layer('relu', ['A', 'B'], 'flatten')] });
    expect(flat.summary.layers[0].units).toEqual([72, 72]);
  });

  it('names the inputs that excite each unit most', async () => {
    const { folder, networks, data } = features(40, 3, (at) => ((at * 17) % 120) / 7);
    const { summary } = await capture(folder, data, { networks, layers: [layer('same')], topK: 2, batch: 7 });
    const image = capturedArray(summary, 0, 'top-image', 'all');
    expect([image.rows, image.cols]).toEqual([6, 2]);
    for (let unit = 0; unit < 3; unit++) {
      const column = Array.from({ length: 40 }, (_, row) => ((row * 3 + unit) * 17) % 120);
      const best = [...column.keys()].sort((x, y) => column[y] - column[x]).slice(0, 2);
      expect([...image.data.subarray(unit * 2, unit * 2 + 2)]).toEqual(best);
    }
  });

  it('asks between batches whether it was cancelled', async () => {
    const { folder, networks, data } = features(50, 3);
    let looks = 0;
    const stop = () => (++looks > 5 ? Promise.reject(new AppError('cancelled', 'stop')) : Promise.resolve());
    await expect(
      capture(folder, data, { networks, layers: [layer('same')], batch: 5 }, stop),
    ).rejects.toThrow('stop');
  });

  it('falls back from a provider that is not here, says so and records both', async () => {
    const { folder, networks, data } = features(9, 3);
    const foreign = process.platform === 'darwin' ? 'directml' : 'coreml';
    const { summary, notes } = await capture(folder, data, {
      networks,
      layers: [layer('same')],
      provider: foreign,
    });
    expect(summary.providers).toHaveLength(2);
    expect(summary.providers[0]).toEqual({ asked: foreign, used: 'cpu', fallbackReason: notes[0] });
    expect(notes).toEqual([expect.stringMatching(/was asked for\. .* alone\. CPU was used\.$/)]);
  });
});

describe('what capturePass refuses', () => {
  it('values that are not finite, naming network, layer and images', async () => {
    const { folder, networks, data } = features(30, 3, (at) => (at === 50 ? Number.NaN : at));
    await expect(capture(folder, data, { networks, layers: [layer('same')], batch: 10 })).rejects.toThrow(
      /Layer layer of A has values that are not finite .* within images 10 to 19/,
    );
  });

  it('a model with several inputs of which nothing is said, and fractions for whole numbers', async () => {
    const two: Graph = {
      input: [value('left', ['N', 3]), value('right', ['N', 3])],
      node: [node('Add', ['left', 'right'], ['same'])],
      output: [value('same', ['N', 3])],
    };
    const first = scene([two, passThrough(3)], [9, 3]);
    await expect(
      capture(first.folder, first.data, { networks: first.networks, layers: [layer('same')] }),
    ).rejects.toThrow(
      /A \(a\.onnx\) has 2 inputs: left float32 \[N, 3\].*\n {2}inputs:\n {4}left: \{array: left\}/,
    );
    const ids: Graph = {
      input: [value('ids', ['N', 3], 'int64')],
      node: [node('Cast', ['ids'], ['same'], [whole('to', 1)])],
      output: [value('same', ['N', 3])],
    };
    const second = scene([passThrough(3), ids], [9, 3]);
    await expect(
      capture(second.folder, second.data, { networks: second.networks, layers: [layer('same')] }),
    ).rejects.toThrow(/x\.npy holds float32, but the input takes int64; save it as whole numbers/);
  });

  it('tensors of text, and axes that are not those of the tensor', async () => {
    const graph = passThrough(4);
    graph.initializer = [integers('rows', [0, 2, 2])];
    graph.node.push(
      node('Cast', ['features'], ['text'], [whole('to', elementTypes.string)]),
      node('Reshape', ['features', 'rows'], ['tokens']),
    );
    const { folder, networks, data } = scene([graph, graph], [9, 4]);
    await expect(capture(folder, data, { networks, layers: [layer('text')] })).rejects.toThrow(
      'Tensor "text" of a.onnx is string; activations must be numbers. Choose another tensor.',
    );
    const wrong = { ...layer('tokens'), axes: { A: 'NCHW' } };
    await expect(capture(folder, data, { networks, layers: [wrong] })).rejects.toThrow(
      'axes NCHW name 4 axes, but tensor "tokens" of a.onnx has 3; one letter an axis.',
    );
  });

  it('data that a network cannot be fed, and positions that do not correspond', async () => {
    const wrong = scene([convolution({ units: 2, size: [8, 8] }), convolution({ units: 2 })], [9, 6, 5]);
    await expect(
      capture(wrong.folder, wrong.data, { networks: wrong.networks, layers: [layer('relu')] }),
    ).rejects.toThrow(
      'A (a.onnx) takes images [N, 1, 8, 8], but x.npy gives [N, 1, 6, 5]; check data.key and data.layout.',
    );
    const pooled = convolution({ units: 2, size: [6, 6] });
    pooled.node.push(node('GlobalMaxPool', ['relu'], ['pooled']));
    const differing = scene([pooled, pooled], [9, 6, 6]);
    const layers: EngineLayer[] = [
      { name: 'layer', tensors: { A: 'relu', B: 'pooled' }, sample: { kind: 'position' } },
    ];
    await expect(
      capture(differing.folder, differing.data, { networks: differing.networks, layers }),
    ).rejects.toThrow(
      /Layer layer: A has 6 x 6 positions, B has 1 x 1, so positions do not correspond; use sample: image-mean/,
    );
  });

  it('folds that would be empty', async () => {
    const { folder, networks, data } = features(9, 3);
    await expect(
      capture(folder, data, { networks, layers: [layer('same')], folds: { test: 0.01, seed: 0 } }),
    ).rejects.toThrow(/folds\.test 0\.01 of 9 images leaves a fold empty/);
  });

  it('a data file that is not there', async () => {
    const { folder, networks } = features(9, 3);
    const gone = join(folder, 'gone.npy');
    await expect(capture(folder, gone, { networks, layers: [layer('same')] })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('gone.npy'),
    });
  });
});
