import { positionsOf } from '#core/layers/suggest-layers.ts';
import type { DataLayout } from '#core/domain/dataset.ts';
import { isSaved, type CapturableTensor, type ModelInput } from '#core/domain/network.ts';
import type { SampleKind } from '#core/domain/recipe.ts';
import { formatShape } from '../../ui/format.ts';
import { sampleShape } from './guess-data.ts';

export interface CheckedNetwork {
  name: string;
  fileName: string;
  inputs: readonly ModelInput[];
  tensors: readonly CapturableTensor[];
}

export interface CheckedForm {
  title: string;
  networks: readonly CheckedNetwork[];
  /** Null while no file is chosen. */
  data: {
    fileName: string;
    shape: readonly number[];
    layout: DataLayout | undefined;
    /** Images of files, or resized: what comes out is checked when it runs. */
    isSized?: boolean;
  } | null;
  layers: readonly { name: string; tensors: Record<string, string>; sample: SampleKind }[];
  mean: number[] | null | undefined;
  std: number[] | null | undefined;
  limit: number | null | undefined;
}

/** What keeps the analysis from running, each in a sentence with its remedy. Empty when it can run. */
export function problemsOf(form: CheckedForm): string[] {
  return [
    ...(form.title.trim() === '' ? ['Give the analysis a title.'] : []),
    ...networkProblems(form.networks),
    ...dataProblems(form),
    ...layerProblems(form),
  ];
}

function networkProblems(networks: readonly CheckedNetwork[]): string[] {
  const problems: string[] = [];
  if (networks.length === 0)
    problems.push('Add the networks to compare: two or more ONNX files, or files of saved activations.');
  if (networks.length === 1)
    problems.push('Add a second network: one alone has nothing to be compared with.');
  if (networks.some((network) => network.name.trim() === '')) problems.push('Every network needs a name.');
  for (const name of repeated(networks.map((network) => network.name.trim()))) {
    problems.push(`Two networks are called "${name}". Give each its own name.`);
  }
  return problems;
}

function dataProblems({ data, networks, mean, std, limit }: CheckedForm): string[] {
  if (!data) {
    const needsData = networks.length === 0 || networks.some(({ tensors }) => !isSaved(tensors));
    return needsData ? ['Choose the data that all networks will see.'] : [];
  }
  if (!data.layout && !data.isSized) {
    return [`The array in ${data.fileName} is ${formatShape(data.shape)}; inputs need an axis of samples.`];
  }
  const problems: string[] = [];
  const sample = data.layout && !data.isSized ? sampleShape(data.shape, data.layout) : null;
  for (const network of sample ? networks : []) {
    const wanted = network.inputs[0]?.shape.slice(1) ?? [];
    const fits =
      wanted.length === 0 ||
      sample === null ||
      fedShapes(sample, data.layout).some((shape) => agree(wanted, shape));
    if (!fits && sample) {
      problems.push(
        `${network.name} takes inputs of ${formatShape(wanted)}, but the data gives ${formatShape(sample)}. ` +
          'Check the layout, or choose other data.',
      );
    }
  }
  for (const [label, list] of [
    ['mean', mean],
    ['deviation', std],
  ] as const) {
    if (list === null) problems.push(`The ${label} must be numbers with commas between them.`);
    else if (list && sample && list.length !== 1 && list.length !== sample[0]) {
      problems.push(`The ${label} needs 1 number, or ${sample[0]}: one per channel.`);
    }
  }
  if (std && std.some((value) => !(value > 0))) problems.push('Every deviation must be above 0.');
  if (limit === null) problems.push('The number of inputs to use must be a whole number above 0.');
  return problems;
}

/** Shapes in which a sample may be fed: channels first or last, a single channel with an axis or without. */
function fedShapes(sample: readonly number[], layout: DataLayout | undefined): (readonly number[])[] {
  const [channels, ...positions] = sample;
  if (layout === 'NT') return [sample, [1, ...sample]];
  if (layout === 'N') return [[], [1]];
  if (layout === 'NC' || layout === 'as-is') return [sample];
  return [sample, [...positions, channels], ...(layout === 'NHW' ? [positions] : [])];
}

function layerProblems({ layers, networks }: CheckedForm): string[] {
  if (networks.length === 0) return [];
  if (layers.length === 0) return ['Tick at least one layer.'];
  const problems: string[] = [];
  for (const name of repeated(layers.map((layer) => layer.name.trim()))) {
    problems.push(`Two layers are called "${name}". Give each its own name.`);
  }
  for (const layer of layers) {
    if (layer.name.trim() === '') problems.push('Every layer needs a name.');
    const chosen = networks.map((network) =>
      network.tensors.find((tensor) => tensor.name === layer.tensors[network.name]),
    );
    const without = networks.filter((_network, at) => !chosen[at]).map((network) => network.name);
    if (without.length > 0) {
      problems.push(
        `Layer ${layer.name} has no tensor in ${without.join(', ')}. Choose one, or untick the layer.`,
      );
      continue;
    }
    const sizes = new Set(chosen.map((tensor) => (tensor ? positionsOf(tensor).join(' × ') : '')));
    if (sizes.size > 1 && (layer.sample === 'position' || layer.sample === 'flatten')) {
      problems.push(
        `Layer ${layer.name} has different positions (${[...sizes].join(', ')}). Sample it by image mean or maximum.`,
      );
    }
    if (layer.sample === 'image' && chosen.some((tensor) => tensor && tensor.shape.length > 2)) {
      problems.push(`Layer ${layer.name} has positions: sample it by position, or by image mean or maximum.`);
    }
  }
  return problems;
}

/** Symbolic and unknown sides agree with everything. */
function agree(wanted: readonly (number | string | null)[], given: readonly number[]): boolean {
  if (wanted.length !== given.length) return false;
  return wanted.every((side, at) => typeof side !== 'number' || side <= 0 || side === given[at]);
}

function repeated(names: string[]): string[] {
  return [...new Set(names.filter((name, at) => name !== '' && names.indexOf(name) !== at))];
}
