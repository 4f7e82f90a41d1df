import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '#core/random.ts';
import { openArraySource } from '../../native-workers/data/array-source.ts';
import { SampleStream } from '../../native-workers/data/sample-stream.ts';
import { inspectModel } from '../../native-workers/onnx/inspect-model.ts';
import { npyFile } from '../real-models/npy-file.ts';
import { repositoryRoot } from '../support/repository.ts';
import { architectures } from '../zoo/architectures.ts';

const side = 224;

/** A main job: networks, images and layers. */
export interface MainJob {
  name: string;
  networks: number;
  images: number;
  /** Every layer's name, and which of the network's ReLUs it is. */
  layers: Record<string, number>;
}

export const mainJobs: MainJob[] = [
  { name: 'samples', networks: 4, images: 2000, layers: { conv1: 0, conv2: 1, conv3: 2, fc1: 3 } },
  // The ReLUs that end the stages.
  { name: 'resnet-18', networks: 2, images: 192, layers: { stage1: 4, stage2: 8, stage3: 12, stage4: 16 } },
  {
    name: 'caffenet',
    networks: 2,
    images: 384,
    layers: { conv1: 0, conv2: 1, conv3: 2, conv4: 3, conv5: 4 },
  },
];

/** Networks, images and a recipe in a folder. */
export async function prepareJob(one: MainJob, folder: string, batch?: number): Promise<string> {
  const isSample = one.name === 'samples';
  const file = (network: number) => join(folder, `net${network}.onnx`);
  for (let network = 1; network <= one.networks; network++) {
    if (isSample) symlinkSync(join(repositoryRoot, `samples/net${network}.onnx`), file(network));
    else architectures[one.name](file(network), network);
  }
  await writeImages(join(folder, 'images.npy'), one);
  const { tensors } = await inspectModel(file(1));
  const relus = tensors.filter(({ op }) => op === 'Relu').map(({ name }) => name);
  const recipe = {
    data: {
      images: 'images.npy',
      layout: isSample ? 'NHW' : 'NHWC',
      scale: 1 / 255,
      ...(!isSample && { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }),
    },
    networks: Array.from({ length: one.networks }, (_, at) => ({
      name: `Net${at + 1}`,
      model: `net${at + 1}.onnx`,
    })),
    layers: Object.entries(one.layers).map(([name, at]) => ({
      name,
      tensors: relus[at],
      sample: name.startsWith('fc') ? 'image' : 'position',
    })),
    folds: 'none',
    ...(batch && { batch }),
    analyses: ['correlation', 'matching'],
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'recipe.yaml'), JSON.stringify(recipe));
  return join(folder, 'recipe.yaml');
}

/** The samples' digits, or coloured patches under noise. */
async function writeImages(path: string, { name, images }: MainJob): Promise<void> {
  if (name === 'samples') {
    const source = await openArraySource(join(repositoryRoot, 'samples/digits.npz'), 'images');
    const bytes = new Uint8Array(source.header.count);
    const stream = new SampleStream(source);
    await stream.fill(bytes);
    stream.close();
    writeFileSync(path, npyFile('|u1', source.header.shape, bytes));
    return;
  }
  const bytes = new Uint8Array(images * side * side * 3);
  const { nextFloat } = createRandom(1);
  const [patch, patches] = [28, side / 28];
  for (let image = 0, at = 0; image < images; image++) {
    const colours = Float32Array.from({ length: patches * patches * 3 }, () => 40 + 176 * nextFloat());
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        for (let channel = 0; channel < 3; channel++, at++) {
          const cell = (Math.floor(y / patch) * patches + Math.floor(x / patch)) * 3 + channel;
          bytes[at] = colours[cell] + 78 * (nextFloat() - 0.5);
        }
  }
  writeFileSync(path, npyFile('|u1', [images, side, side, 3], bytes));
}
