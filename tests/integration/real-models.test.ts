import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import type { EngineLayer } from '#core/ipc/engine.ts';
import { layersByRole } from '#core/layers/layer-roles.ts';
import { createRandom } from '#core/random.ts';
import { unitProbe } from '#workers/capture/unit-probe.ts';
import { inspectModel } from '#workers/onnx/inspect-model.ts';
import { soundFrames } from '../../scripts/real-models/made-up-inputs.ts';
import {
  obtainPackage,
  packages,
  voiceAt16kHz,
  voiceInputs,
  voiceRecurrent,
} from '../../scripts/real-models/obtain.ts';
import { openBranches } from '../../scripts/real-models/open-branches.ts';
import { capture, statisticsOf } from '../fixtures/captures.ts';
import { writeFloat32Npy } from '../fixtures/npy-files.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/** Networks nobody here trained; the tests are left out, with the reason, where the registry is out of reach. */
async function folderOf(family: keyof typeof packages, { skip }: TestContext): Promise<string> {
  const answer = await obtainPackage(packages[family].name);
  if ('folder' in answer) return answer.folder;
  console.log(`Left out: ${answer.reason}`);
  skip(answer.reason);
  return '';
}

it(
  'reads networks for text, with their attention, gates and normalisations',
  { timeout: 180_000 },
  async (context) => {
    const folder = await folderOf('pp-ocr', context);
    const { models } = packages['pp-ocr'];
    const inspected = await Promise.all(
      Object.values(models).map((file) => inspectModel(join(folder, file))),
    );
    const counts = inspected.map((inspection) =>
      Object.fromEntries(layersByRole(inspection).map(({ role, tensors }) => [role, tensors.length])),
    );
    expect(counts).toMatchObject([
      { activation: 36, block: 11, logits: 1 },
      { activation: 37, block: 4, attention: 2, heads: 2, mlp: 2, logits: 1 },
      { activation: 33, block: 7, logits: 1 },
    ]);
  },
);

it('captures two versions of a voice detector, branches opened', { timeout: 180_000 }, async (context) => {
  const source = await folderOf('silero-vad', context);
  const folder = temporaryFolder();
  const { v5, v6 } = packages['silero-vad'].models;
  const networks = Object.entries({ v5, v6 }).map(([name, file]) => {
    const modelPath = join(folder, `${name}.onnx`);
    writeFileSync(modelPath, openBranches(readFileSync(join(source, file)), voiceAt16kHz));
    return { name, modelPath, inputs: voiceInputs };
  });
  const closed = await inspectModel(join(source, v5));
  expect(closed.notCapturable?.some(({ why }) => why === 'it is inside the then branch of If "If_0"')).toBe(
    true,
  );
  const { tensors } = await inspectModel(networks[0].modelPath);
  const layers = tensors
    .filter(({ op, name }) => ['Sqrt', 'Relu'].includes(op) || name === voiceRecurrent)
    .map(({ name }): EngineLayer => ({
      name,
      tensors: { v5: name, v6: name },
      sample: { kind: 'position' },
    }));
  const data = writeFloat32Npy(join(folder, 'x.npy'), [40, 576], soundFrames(40, 576, 1));
  const { summary } = await capture(folder, data, { networks, layers: [0, 1, 5].map((at) => layers[at]) });
  expect(summary.layers.map(({ units, positions }) => [units, positions])).toEqual([
    [[129, 129], 4],
    [[128, 128], 4],
    // The recurrent layer, whose state comes from the recipe.
    [[128, 128], 1],
  ]);
  // Both begin with the same spectrum; what they learned after it differs.
  const std = (layer: number, network: number) => [...statisticsOf(summary, layer, network).std];
  expect(std(0, 0)).toEqual(std(0, 1));
  expect(std(1, 0)).not.toEqual(std(1, 1));
});

it(
  'looks into a Keras network that tf2onnx exported, channels last',
  { timeout: 180_000 },
  async (context) => {
    const source = await folderOf('wake-word', context);
    const modelPath = join(source, packages['wake-word'].models.embedding);
    const { producer, opset, inputs, tensors } = await inspectModel(modelPath);
    expect([producer, opset]).toEqual(['tf2onnx 1.12.1 b6d590', 13]);
    expect(inputs[0].shape.slice(1)).toEqual([76, 32, 1]);
    const folder = temporaryFolder();
    const random = createRandom(3);
    const values = Float32Array.from({ length: 4 * 76 * 32 }, () => random.nextFloat());
    const path = writeFloat32Npy(join(folder, 'mel.npy'), [4, 76, 32, 1], values);
    const request = {
      ...{ data: { path, scale: 1, layout: 'NHWC' as const }, network: { name: 'A', modelPath } },
      ...{ provider: 'cpu' as const, threads: 1, channels: [0, 1] },
    };
    const [first, second] = tensors.filter(({ op }) => op === 'Conv' || op === 'LeakyRelu');
    const one = await unitProbe.geometry({ ...request, tensor: first.name });
    expect(one.field).toMatchObject({ kind: 'window', axes: [{ jump: 1 }, { jump: 1 }] });
    expect(one.filters[0]).toMatchObject({ channels: 1, height: 3, width: 3 });
    const next = await unitProbe.geometry({ ...request, tensor: second.name });
    expect(next.field.kind).toBe('window');
  },
);
