import { positionsOf } from '#core/layers/suggest-layers.ts';
import { axesPattern } from '#core/domain/tensor-axes.ts';
import type { DataLayout } from '#core/domain/dataset.ts';
import { isSaved, type CapturableTensor, type ModelInput } from '#core/domain/network.ts';
import type { LayerRow } from './layer-row.svelte.ts';
import { formatShape } from '../../ui/format.ts';
import { sampleShape } from './guess-data.ts';

export interface CheckedNetwork {
  name: string;
  token: string;
  fileName: string;
  /** Those that take the samples of the data. */
  inputs: readonly ModelInput[];
  tensors: readonly CapturableTensor[];
}

/** Something that keeps the analysis from running. */
export interface FormProblem {
  /** The field it stands at, e.g. `data.limit`. */
  at: string;
  /** One sentence with the remedy. */
  says: string;
  /** Nothing is wrong: something was not filled in yet. */
  isMissing?: boolean;
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
    /** Of fields that know by themselves. */
    problems?: readonly FormProblem[];
  } | null;
  layers: readonly {
    id: number;
    name: string;
    tensors: Record<string, string>;
    sample: LayerRow['rule'];
    axes?: Record<string, string>;
  }[];
  mean: number[] | null | undefined;
  std: number[] | null | undefined;
  limit: number | null | undefined;
}

/** What keeps the analysis from running. Empty when it can run. */
export function problemsOf(form: CheckedForm): FormProblem[] {
  return [
    ...(form.title.trim() === '' ? [{ at: 'title', says: 'Give the analysis a title.' }] : []),
    ...networkProblems(form.networks),
    ...dataProblems(form),
    ...layerProblems(form),
  ];
}

function networkProblems(networks: readonly CheckedNetwork[]): FormProblem[] {
  const problems: FormProblem[] = [];
  const missing = (says: string) => problems.push({ at: 'networks', says, isMissing: true });
  if (networks.length === 0)
    missing('Add the networks to compare: two or more ONNX files, or files of saved activations.');
  if (networks.length === 1) missing('Add a second network: one alone has nothing to be compared with.');
  const names = networks.map(({ name }) => name.trim());
  networks.forEach(({ token }, index) => {
    const at = `network:${token}.name`;
    if (names[index] === '') problems.push({ at, says: 'Every network needs a name.' });
    else if (names.indexOf(names[index]) !== index)
      problems.push({ at, says: `Two networks are called "${names[index]}". Give each its own name.` });
  });
  return problems;
}

function dataProblems({ data, networks, mean, std, limit }: CheckedForm): FormProblem[] {
  if (!data) {
    const needsData = networks.length === 0 || networks.some(({ tensors }) => !isSaved(tensors));
    const says = 'Choose the data that all networks will see.';
    return needsData ? [{ at: 'data', says, isMissing: true }] : [];
  }
  if (!data.layout && !data.isSized) {
    const says = `The array in ${data.fileName} is ${formatShape(data.shape)}; inputs need an axis of samples.`;
    return [{ at: 'data.key', says }];
  }
  const problems: FormProblem[] = [...(data.problems ?? [])];
  const sample = data.layout && !data.isSized ? sampleShape(data.shape, data.layout) : null;
  for (const network of sample ? networks : []) {
    const wanted = network.inputs[0]?.shape.slice(1) ?? [];
    const fits =
      wanted.length === 0 ||
      sample === null ||
      fedShapes(sample, data.layout).some((shape) => agree(wanted, shape));
    if (!fits && sample) {
      problems.push({
        at: 'data.layout',
        says:
          `${network.name} takes inputs of ${formatShape(wanted)}, but the data gives ${formatShape(sample)}. ` +
          'Check the layout, or choose other data.',
      });
    }
  }
  for (const [at, label, list] of [
    ['data.mean', 'mean', mean],
    ['data.std', 'deviation', std],
  ] as const) {
    if (list === null) problems.push({ at, says: `The ${label} must be numbers with commas between them.` });
    else if (list && sample && list.length !== 1 && list.length !== sample[0]) {
      problems.push({ at, says: `The ${label} needs 1 number, or ${sample[0]}: one per channel.` });
    }
  }
  if (std && std.some((value) => !(value > 0)))
    problems.push({ at: 'data.std', says: 'Every deviation must be above 0.' });
  if (limit === null)
    problems.push({
      at: 'data.limit',
      says: 'The number of inputs to use must be a whole number above 0.',
    });
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

function layerProblems({ layers, networks }: CheckedForm): FormProblem[] {
  if (networks.length === 0) return [];
  if (layers.length === 0) return [{ at: 'layers', says: 'Tick at least one layer.', isMissing: true }];
  const names = layers.map(({ name }) => name.trim());
  return layers.flatMap((layer, index) => {
    const at = `layer:${layer.id}`;
    const problems: FormProblem[] = [];
    if (names[index] === '') problems.push({ at: `${at}.name`, says: 'Every layer needs a name.' });
    else if (names.indexOf(names[index]) !== index)
      problems.push({
        at: `${at}.name`,
        says: `Two layers are called "${names[index]}". Give each its own name.`,
      });
    return [...problems, ...tensorProblems(layer, networks, at)];
  });
}

function tensorProblems(
  layer: CheckedForm['layers'][number],
  networks: readonly CheckedNetwork[],
  at: string,
): FormProblem[] {
  const chosen = networks.map((network) =>
    network.tensors.find((tensor) => tensor.name === layer.tensors[network.name]),
  );
  const without = networks.filter((_network, index) => !chosen[index]).map((network) => network.name);
  if (without.length > 0) {
    const says = `Layer ${layer.name} has no tensor in ${without.join(', ')}. Choose one, or untick the layer.`;
    return [{ at: `${at}.tensors`, says }];
  }
  const problems: FormProblem[] = [];
  const problem = (says: string) => problems.push({ at: `${at}.sample`, says });
  const sizes = new Set(
    chosen.map((tensor, index) => {
      const axes = layer.axes?.[networks[index].name] ?? tensor?.axes;
      return tensor ? positionsOf({ ...tensor, axes }).join(' × ') : '';
    }),
  );
  const { sample } = layer;
  if (sample === null) problem(`Layer ${layer.name} needs a whole number of random positions above 0.`);
  else if (sizes.size > 1 && (sample === 'position' || sample === 'flatten' || typeof sample === 'object'))
    problem(
      `Layer ${layer.name} has different positions (${[...sizes].join(', ')}). Sample it by image mean or maximum.`,
    );
  networks.forEach(({ name }, index) => {
    const said = layer.axes?.[name];
    const rank = chosen[index]?.shape.length ?? 0;
    if (said === undefined || (axesPattern.test(said) && (rank === 0 || said.length === rank))) return;
    const says = `The axes of layer ${layer.name} in ${name} (${said}) need one N (inputs) and at least one C (units), one letter an axis.`;
    problems.push({ at: `${at}.axes`, says });
  });
  if (sample === 'image' && [...sizes].some((size) => size !== ''))
    problem(`Layer ${layer.name} has positions: sample it by position, or by image mean or maximum.`);
  return problems;
}

/** Symbolic and unknown sides agree with everything. */
function agree(wanted: readonly (number | string | null)[], given: readonly number[]): boolean {
  if (wanted.length !== given.length) return false;
  return wanted.every((side, at) => typeof side !== 'number' || side <= 0 || side === given[at]);
}
