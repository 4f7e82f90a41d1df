import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ModelInspection } from '../../core/domain/network.ts';
import { layersByRole } from '../../core/layers/layer-roles.ts';
import { sampleFor } from '../../core/layers/suggest-layers.ts';
import { inspectModel } from '../../native-workers/onnx/inspect-model.ts';
import { npyFile } from '../real-models/npy-file.ts';
import { soundFrames, textPictures } from '../real-models/made-up-inputs.ts';
import { obtainPackage, packages, voiceAt16kHz, voiceInputs, voiceRecurrent } from '../real-models/obtain.ts';
import { openBranches } from '../real-models/open-branches.ts';
import { repositoryRoot } from '../support/repository.ts';
import { runCommand } from '../support/run-command.ts';

const sounds = { frames: 3000, length: 576, seed: 1 };
const pictures = { count: 300, height: 48, width: 192, seed: 2 };
/** As many layers a network, from first to last. */
const mostLayers = 8;

/**
 * Networks that others trained, from packages of the npm registry: what is in them, two versions of one network layer by
 * layer, and three networks for three tasks on the same pictures. `--keep FOLDER` keeps recipes, data and projects;
 * `--only versions` or `tasks`.
 */
export async function bench(args: string[]): Promise<void> {
  const kept = args[args.indexOf('--keep') + 1];
  const folder = args.includes('--keep') ? kept : await mkdtemp(join(tmpdir(), 'consilience-real-'));
  await mkdir(folder, { recursive: true });
  try {
    const paths = await obtainAll();
    if (!paths) return;
    for (const [name, path] of Object.entries(paths)) describeModel(name, await inspectModel(path));
    const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : null;
    if (only !== 'tasks') await compareVersions(folder, paths);
    if (only !== 'versions') await compareTasks(folder, paths);
  } finally {
    if (!args.includes('--keep')) await rm(folder, { recursive: true, force: true });
  }
}

async function obtainAll(): Promise<Record<string, string> | null> {
  const paths: Record<string, string> = {};
  for (const [family, { name, models }] of Object.entries(packages)) {
    const answer = await obtainPackage(name);
    if ('reason' in answer) {
      console.log(`skipped: ${answer.reason}`);
      return null;
    }
    for (const [model, file] of Object.entries(models))
      paths[`${family} ${model}`] = join(answer.folder, file);
  }
  return paths;
}

function describeModel(name: string, inspection: ModelInspection): void {
  const { producer, opset, bytes, inputs, tensors, notCapturable = [] } = inspection;
  const shapes = inputs.map(
    (input) => `${input.name} ${input.type} [${input.shape.map((size) => size ?? '?').join(', ')}]`,
  );
  console.log(`\n${name}: ${(bytes / 1e6).toFixed(1)} MB, ${producer || 'no producer'}, opset ${opset}`);
  console.log(`  takes ${shapes.join('; ')}`);
  console.log(`  ${tensors.length} tensors can be captured, ${notCapturable.length} cannot`);
  for (const { role, tensors: found } of layersByRole(inspection)) console.log(`  ${role}: ${found.length}`);
}

/** Versions 5 and 6 of one voice detector at 16 kHz, from silence in its memory. */
async function compareVersions(folder: string, paths: Record<string, string>): Promise<void> {
  const data = soundFrames(sounds.frames, sounds.length, sounds.seed);
  await writeFile(join(folder, 'sounds.npy'), npyFile('<f4', [sounds.frames, sounds.length], data));
  const networks: { name: string; model: string; inputs: object }[] = [];
  for (const version of ['v5', 'v6']) {
    const bytes = await readFile(paths[`silero-vad ${version}`]);
    await writeFile(join(folder, `${version}.onnx`), openBranches(bytes, voiceAt16kHz));
    networks.push({ name: version, model: `${version}.onnx`, inputs: voiceInputs });
  }
  const inspection = await inspectModel(join(folder, 'v5.onnx'));
  describeModel('silero-vad v5 at 16 kHz, branches opened', inspection);
  const wanted = inspection.tensors.filter(
    ({ op, name }) => ['Relu', 'Sqrt'].includes(op) || name === voiceRecurrent,
  );
  const layers = wanted.map((tensor, index) => ({
    name: `${index + 1} ${tensor.name === voiceRecurrent ? 'LSTM' : tensor.op}`,
    tensors: Object.fromEntries(networks.map(({ name }) => [name, tensor.name])),
    // Unsqueezed from [N, C], the last of them would be taken for tokens.
    ...(tensor.shape.length === 3 && { axes: 'NCT' }),
    sample: sampleFor([{ ...tensor, axes: tensor.shape.length === 3 ? 'NCT' : tensor.axes }]),
  }));
  await runRecipe(folder, 'versions', { images: 'sounds.npy' }, networks, layers);
}

/** Of the detector, which takes sides of a multiple of 32: the whole picture, as it was trained to see it. */
const detectorReading = {
  ...{ resize: [64, 256], scale: 1 / 255 },
  ...{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
};

/** Networks that tell which way up a line of text is, what it says, and where in a picture there is any. */
async function compareTasks(folder: string, paths: Record<string, string>): Promise<void> {
  const { count, height, width, seed } = pictures;
  const fonts = ['Regular', 'Bold', 'Italic'].map((face) =>
    join(repositoryRoot, 'core/figure/fonts', `Arimo-${face}.ttf`),
  );
  const data = await textPictures(count, { height, width }, fonts, seed);
  await writeFile(join(folder, 'text.npy'), npyFile('|u1', [count, 3, height, width], data));
  const networks: object[] = [];
  const chosen: { name: string; tensors: ModelInspection['tensors'] }[] = [];
  for (const name of ['classifier', 'recogniser', 'detector']) {
    await cp(paths[`pp-ocr ${name}`], join(folder, `${name}.onnx`));
    const own = name === 'detector' ? { preprocess: detectorReading } : {};
    networks.push({ name, model: `${name}.onnx`, ...own });
    const inspection = await inspectModel(join(folder, `${name}.onnx`));
    const found = layersByRole(inspection).find(({ role }) => role === 'activation')?.tensors ?? [];
    const names = evenly(found, mostLayers);
    chosen.push({
      name,
      tensors: names.flatMap((tensor) => inspection.tensors.find((other) => other.name === tensor) ?? []),
    });
  }
  const layers = Array.from({ length: mostLayers }, (_, index) => ({
    name: `activation ${index + 1}`,
    tensors: Object.fromEntries(chosen.map(({ name, tensors }) => [name, tensors[index].name])),
    sample: 'image-mean',
  }));
  const reading = { images: 'text.npy', layout: 'NCHW', scale: 1 / 255, mean: [0.5], std: [0.5] };
  await runRecipe(folder, 'tasks', reading, networks, layers);
}

function evenly<T>(items: readonly T[], count: number): T[] {
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))],
  );
}

/** Through the command line, as anyone would; prints every layer's matching and the layer map. */
async function runRecipe(
  folder: string,
  name: string,
  data: object,
  networks: object[],
  layers: object[],
): Promise<void> {
  const recipe = join(folder, `${name}.yaml`);
  const analyses = ['matching', 'layer-map', { subspaces: { methods: ['cka'] } }];
  const folds = { test: 0.25, seed: 0 };
  await writeFile(
    recipe,
    stringify({ title: name, data, networks, layers, folds, analyses, provider: 'cpu' }),
  );
  const project = join(folder, `${name}.consilience`);
  await rm(project, { force: true });
  const command = join(repositoryRoot, 'scripts/consilience.mjs');
  const started = performance.now();
  const ran = await runCommand(process.execPath, [command, 'run', recipe, '--project', project]);
  console.log(
    `\n${name}: ${((performance.now() - started) / 1000).toFixed(1)} s\n${ran.stdout}${ran.status === 0 ? '' : ran.stderr}`,
  );
  if (ran.status !== 0) throw new Error(`The recipe ${name} failed.`);
  const out = join(folder, `${name}-csv`);
  await rm(out, { recursive: true, force: true });
  await runCommand(process.execPath, [command, 'export', project, '--out', out, '--format', 'csv']);
  for (const map of (await readdir(out)).filter((entry) => entry.startsWith('layer-map')).sort()) {
    console.log(`\n${map}`);
    printMap(await readFile(join(out, map, 'layer-map.csv'), 'utf8'));
  }
}

/** CKA of every layer of the first network (rows) with every layer of the second. */
function printMap(csv: string): void {
  const [header, ...rows] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(',').slice(1));
  const line = (name: string | number, cells: string[]) =>
    console.log([String(name).padStart(3), ...cells.map((cell) => cell.padStart(5))].join(' '));
  line(
    '',
    header.map((_, at) => String(at + 1)),
  );
  rows.forEach((cells, at) =>
    line(
      at + 1,
      cells.map((cell) => Number(cell).toFixed(2)),
    ),
  );
}
