import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { windowAt } from '#core/domain/receptive-field.ts';
import type { ProbeRequest } from '#core/ipc/engine.ts';
import { runtime } from '#workers/capture/runtime.ts';
import { unitProbe } from '#workers/capture/unit-probe.ts';
import { showInputs } from '#workers/data/show-inputs.ts';
import { readModel } from '#workers/onnx/read-model.ts';
import { tapModel } from '#workers/onnx/tap-model.ts';
import { capture, capturedArray } from '../../../fixtures/captures.ts';
import { writeFloat32Npy } from '../../../fixtures/npy-files.ts';
import { convolution, passThrough, writeModel } from '../../../fixtures/onnx-models.ts';
import { sampleLayers, sampleOptions, samplesFolder } from '../../../fixtures/samples.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const options = sampleOptions(['Net1']);
const probeOf = (layer: string): ProbeRequest => ({
  data: options.data!,
  network: options.networks[0] as ProbeRequest['network'],
  tensor: options.layers[sampleLayers.indexOf(layer)].tensors.Net1,
  provider: 'cpu',
  threads: 1,
});

/** The tensor for inputs [count, 1, 28, 28], by onnxruntime alone. */
async function run(tensor: string, inputs: Float32Array): Promise<Float32Array> {
  const ort = runtime();
  const file = readModel(join(samplesFolder, 'net1.onnx'));
  const session = await ort.InferenceSession.create(tapModel(file, [tensor]));
  const feeds = {
    [session.inputNames[0]]: new ort.Tensor('float32', inputs, [inputs.length / 784, 1, 28, 28]),
  };
  const output = (await session.run(feeds, [tensor]))[tensor];
  await session.release();
  return output.data as Float32Array;
}

describe('activation maps', () => {
  it('equal those of the runtime alone', async () => {
    const images = [1999, 3, 3, 700];
    const inputs = await showInputs({ data: options.data!, images, mostSide: 64 });
    expect([inputs.kind, inputs.rows, inputs.cols, inputs.depth]).toEqual(['picture', 28, 28, 1]);
    const floats = Float32Array.from(inputs.values, (byte) => byte / 255);
    const expected = await run(probeOf('conv3').tensor, floats);
    const looks = [
      { channel: 5, images },
      { channel: 40, images: [700, 3] },
    ];
    const { height, width, values } = await unitProbe.maps({ ...probeOf('conv3'), looks });
    const plane = height * width;
    const units = expected.length / 4 / plane;
    const at = (image: number, unit: number) => {
      const start = (image * units + unit) * plane;
      return [...expected.subarray(start, start + plane)];
    };
    const close = (found: Float32Array, wanted: number[]) =>
      found.forEach((value, index) => expect(value).toBeCloseTo(wanted[index], 4));
    close(
      values[0],
      [0, 1, 2, 3].flatMap((image) => at(image, 5)),
    );
    close(
      values[1],
      [3, 1].flatMap((image) => at(image, 40)),
    );
  });

  it('have their maximum where the pass over the data found it, with the value it stored', async () => {
    const { summary } = await capture(temporaryFolder(), '', { ...options, topK: 9 });
    for (const [layer, name] of sampleLayers.entries()) {
      const stored = (what: string) => capturedArray(summary, layer, what, 'all').data;
      const [image, position, value] = ['top-image', 'top-position', 'top-value'].map(stored);
      const units = image.length / 9;
      const looks = Array.from({ length: units }, (_, channel) => ({
        channel,
        images: [...image.subarray(channel * 9, channel * 9 + 9)],
      }));
      const { height, width, values } = await unitProbe.maps({ ...probeOf(name), looks });
      values.forEach((maps, unit) => {
        for (let k = 0; k < 9; k++) {
          const map = maps.subarray(k * height * width, (k + 1) * height * width);
          const at = unit * 9 + k;
          expect(Math.max(...map)).toBeCloseTo(value[at], 4);
          expect(map[position[at]]).toBeCloseTo(value[at], 4);
        }
      });
    }
  });

  it('of a network that insists on a batch size are those of single samples', async () => {
    const folder = temporaryFolder();
    const path = writeFloat32Npy(
      join(folder, 'x.npy'),
      [5, 6, 5],
      Array.from({ length: 150 }, (_, at) => Math.sin(7.3 * at)),
    );
    const request = (batch: number | string): ProbeRequest => ({
      data: { path, scale: 1 },
      network: {
        name: 'A',
        modelPath: writeModel(join(folder, `${batch}.onnx`), convolution({ units: 3, batch, size: [6, 5] })),
      },
      tensor: 'relu',
      provider: 'cpu',
      threads: 1,
    });
    const looks = [{ channel: 2, images: [4, 0, 3, 1] }];
    const [fixed, free] = await Promise.all(
      [3, 'N'].map((batch) => unitProbe.maps({ ...request(batch), looks })),
    );
    expect(fixed).toEqual(free);
    await expect(unitProbe.maps({ ...request('N'), looks: [{ channel: 3, images: [0] }] })).rejects.toThrow(
      '"relu" has 3 channels; there is no number 3.',
    );
  });
});

describe('receptive fields of the sample networks', () => {
  it.each([
    ['conv1', 5, 1],
    ['conv2', 10, 2],
    ['conv3', 20, 4],
  ])('%s: %i pixels at stride %i, and exactly those change it', async (layer, size, jump) => {
    const { field, height, width, channels } = await unitProbe.geometry({ ...probeOf(layer), channels: [] });
    expect(field).toMatchObject({
      kind: 'window',
      axes: [
        { size, jump },
        { size, jump },
      ],
    });
    const inputs = await showInputs({ data: options.data!, images: [11, 25, 1234], mostSide: 64 });
    const base = Float32Array.from(inputs.values, (byte) => byte / 255);
    const before = await run(probeOf(layer).tensor, base);
    const plane = height * width;
    const seen = { inside: 0, outside: 0 };
    for (const [y, x] of [
      [0, 0],
      [13, 14],
      [27, 5],
      [9, 20],
    ]) {
      const changed = base.slice();
      // Large and of both signs, so that little stays hidden behind a ReLU or a maximum.
      for (let image = 0; image < 3; image++) changed[image * 784 + y * 28 + x] += [40, -40, 40][image];
      const after = await run(probeOf(layer).tensor, changed);
      for (let position = 0; position < plane; position++) {
        const place = { row: Math.floor(position / width), col: position % width };
        const { top, bottom, left, right } = windowAt(field, place, { height: 28, width: 28 });
        let isChanged = false;
        for (let at = position; at < after.length; at += plane) isChanged ||= after[at] !== before[at];
        const isInside = y >= top && y < bottom && x >= left && x < right;
        expect(isChanged && !isInside, `${layer} ${place.row},${place.col} by ${y},${x}`).toBe(false);
        seen[isInside ? 'inside' : 'outside'] += Number(isChanged);
        if (isInside) seen.outside += Number(!isChanged);
      }
    }
    expect(channels).toBeGreaterThan(20);
    // With so many channels some of them see every pixel of the field: none of it is too much.
    expect(seen.outside / seen.inside).toBeLessThan(0.02);
  });

  it('fc1 sees the whole input', async () => {
    const { field, height } = await unitProbe.geometry({ ...probeOf('fc1'), channels: [] });
    expect(field).toMatchObject({ kind: 'whole', because: expect.stringMatching(/Flatten|Reshape|Gemm/) });
    expect(height).toBe(1);
  });
});

describe('filters', () => {
  it('of the first layer are the weights in the file; deeper units have none', async () => {
    const file = readModel(join(samplesFolder, 'net1.onnx'));
    const weights = file.model.graph!.initializer.find(
      ({ dims }) => dims.length === 4 && Number(dims[1]) === 1,
    )!;
    const raw = new Float32Array(Uint8Array.from(weights.rawData).buffer);
    const { filters } = await unitProbe.geometry({ ...probeOf('conv1'), channels: [0, 7, 999] });
    expect(filters[1]).toEqual({ channels: 1, height: 5, width: 5, values: raw.slice(175, 200) });
    expect(filters[2]).toBeNull();
    const deeper = await unitProbe.geometry({ ...probeOf('conv2'), channels: [0] });
    expect(deeper.filters).toEqual([null]);
  });

  it('follow the activation, and are none where no layer has weights', async () => {
    const folder = temporaryFolder();
    const image = writeFloat32Npy(join(folder, 'x.npy'), [2, 3, 6, 5], new Array<number>(180).fill(1));
    const vector = writeFloat32Npy(join(folder, 'v.npy'), [2, 4], new Array<number>(8).fill(1));
    const colour = await unitProbe.geometry({
      data: { path: image, scale: 1 },
      network: {
        name: 'A',
        modelPath: writeModel(join(folder, 'a.onnx'), convolution({ units: 2, channels: 3 })),
      },
      ...{ tensor: 'relu', provider: 'cpu', threads: 1, channels: [1] },
    });
    expect(colour.filters[0]).toMatchObject({ channels: 3, height: 3, width: 3 });
    const same = await unitProbe.geometry({
      data: { path: vector, scale: 1 },
      network: { name: 'B', modelPath: writeModel(join(folder, 'b.onnx'), passThrough(4)) },
      ...{ tensor: 'same', provider: 'cpu', threads: 1, channels: [1] },
    });
    expect(same).toEqual({
      ...{ channels: 4, height: 1, width: 1 },
      field: { kind: 'whole', because: 'an input without positions' },
      filters: [null],
    });
  });
});
