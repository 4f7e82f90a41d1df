import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CaptureSummary, EngineLayer } from '#core/ipc/engine.ts';
import { capture, capturedArray } from '../../../fixtures/captures.ts';
import { writeFloat32Npy } from '../../../fixtures/npy-files.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const exported = (name: string) => join(import.meta.dirname, `../../../fixtures/exported/${name}.onnx`);

/** Captures tensors of models that PyTorch exported, on made-up inputs. */
function captured(models: string[], layers: EngineLayer[], shape: number[]) {
  const folder = temporaryFolder();
  const count = shape.reduce((product, size) => product * size, 1);
  const data = writeFloat32Npy(
    join(folder, 'x.npy'),
    shape,
    Array.from({ length: count }, (_, at) => Math.sin(at * 1.3)),
  );
  const networks = models.map((name, index) => ({ name: 'AB'[index], modelPath: exported(name) }));
  return capture(folder, data, { networks, layers });
}

const layer = (
  tensor: string,
  kind: EngineLayer['sample']['kind'] = 'position',
  axes?: Record<string, string>,
): EngineLayer => ({
  name: tensor,
  tensors: { A: tensor, B: tensor },
  sample: { kind },
  ...(axes && { axes }),
});

const numbers = (summary: CaptureSummary, index: number, what: string) =>
  capturedArray(summary, index, what).data as Float64Array;

describe('a transformer for pictures', () => {
  const models = ['vision-transformer-13', 'vision-transformer-17'];
  const block = (rest: string) => `/blocks/blocks.0/${rest}_output_0`;

  it('has features as units and tokens as samples, heads, maps and class tokens', async () => {
    const { summary } = await captured(
      models,
      [
        layer('/patches/Conv_output_0'),
        layer(block('Add_1')),
        layer(block('Add_1'), 'class-token'),
        layer(block('Add_1'), 'image-mean'),
        layer(block('mlp/mlp.1/Mul_1'), 'last-token'),
        layer(block('attention/MatMul_1')),
        layer(block('attention/Softmax')),
        layer(block('attention/Transpose_2')),
        layer(block('attention/qkv/Add'), 'flatten'),
      ],
      [12, 16, 16],
    );
    const sizes = summary.layers.map(({ units, positions }) => [units[0], units[1], positions]);
    expect(sizes).toEqual([
      [12, 12, 16],
      [12, 12, 17],
      [12, 12, 1],
      [12, 12, 1],
      [24, 24, 1],
      // Heads x features of a head.
      [12, 12, 17],
      // Heads, at every pair of tokens.
      [3, 3, 289],
      [12, 12, 17],
      [36 * 17, 36 * 17, 1],
    ]);
    // The two exports are one network, so what their units do is the same.
    summary.layers.forEach(({ units: [units] }, index) => {
      const std = numbers(summary, index, 'std');
      for (let unit = 0; unit < units; unit++) expect(std[unit + units]).toBeCloseTo(std[unit], 4);
    });
  });

  it('gives class tokens that are among its tokens', async () => {
    const { summary } = await captured(
      models,
      [layer(block('Add_1')), layer(block('Add_1'), 'class-token')],
      [4, 16, 16],
    );
    const most = numbers(summary, 0, 'max');
    const ofClass = numbers(summary, 1, 'max');
    ofClass.forEach((value, unit) => expect(value).toBeLessThanOrEqual(most[unit]));
  });
});

describe('other exports', () => {
  it('in double precision are captured in single', async () => {
    const { summary } = await captured(
      ['dense-double', 'dense-double'],
      [layer('/model/layers/layers.1/Relu_output_0', 'image')],
      [10, 16],
    );
    expect(summary.layers[0].units).toEqual([8, 8]);
  });

  it('of volumes and of sounds', async () => {
    const volume = await captured(['volume-12', 'volume-12'], [layer('/Relu_output_0')], [4, 4, 8, 8]);
    expect(volume.summary.layers[0]).toMatchObject({ units: [4, 4], positions: 256 });
    const audio = await captured(
      ['audio-16', 'audio-16'],
      [
        layer('/conv/conv.1/Relu_output_0'),
        layer('/Transpose_output_0'),
        layer('/gru/GRU_output_0'),
        layer('/gru/Squeeze_output_0'),
        layer('/gru/Transpose_1_output_0'),
      ],
      [6, 256],
    );
    expect(audio.summary.layers.map(({ units, positions }) => [units[0], positions])).toEqual([
      [6, 63],
      [8, 30],
      [5, 30],
      [5, 30],
      [5, 30],
    ]);
    // The same values, read sequence first and samples first.
    const mean = (index: number) => [...numbers(audio.summary, index, 'mean')];
    mean(3).forEach((value, unit) => expect(value).toBeCloseTo(mean(2)[unit], 6));
    mean(4).forEach((value, unit) => expect(value).toBeCloseTo(mean(2)[unit], 6));
  });

  it('whose rows are not the inputs are refused in words', async () => {
    await expect(
      captured(['audio-16', 'audio-16'], [layer('/Gemm_output_0', 'image')], [6, 256]),
    ).rejects.toThrow(
      'Tensor "/Gemm_output_0" of A (audio-16.onnx) has 30 rows for 1 input, so its first axis is not that of the inputs; ' +
        'say what its axes are (axes: TNC), or choose another tensor.',
    );
    await expect(
      captured(
        ['audio-16', 'audio-16'],
        [layer('/Transpose_1_output_0', 'position', { A: 'NTC' })],
        [6, 256],
      ),
    ).rejects.toThrow(/has 30 rows for 1 input/);
  });
});

it('a classifier with nodes of ai.onnx.ml, in the form of skl2onnx, is captured where its outputs are no tensors', async () => {
  const { summary } = await captured(
    ['classifier-17', 'classifier-17'],
    [layer('next_activations'), layer('out_activations_result')],
    [40, 6],
  );
  expect(summary.layers.map(({ units, positions }) => [...units, positions])).toEqual([
    [8, 8, 1],
    [3, 3, 1],
  ]);
  const mean = numbers(summary, 1, 'mean');
  expect(mean[0] + mean[1] + mean[2]).toBeCloseTo(1, 6);
});
