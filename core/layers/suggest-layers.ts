import { isSaved, type CapturableTensor, type ModelInspection } from '../domain/network.ts';
import type { SampleKind } from '../domain/recipe.ts';
import { unitsOfShape } from '../domain/tensor-axes.ts';
import { layersByRole, type LayerRole } from './layer-roles.ts';

export interface NetworkTensors {
  name: string;
  tensors: readonly CapturableTensor[];
  /** Without them layers are found by operator alone. */
  nodes?: ModelInspection['nodes'];
}

export interface LayerDraft {
  name: string;
  /** Tensor of each network, by network name. */
  tensors: Record<string, string>;
  sample: SampleKind;
}

/** Operators after which a layer is usually compared, in order of preference; the paper looks after the ReLU. */
const preferredOps = [
  ['Relu'],
  ['LeakyRelu', 'PRelu', 'Elu', 'Gelu', 'HardSwish', 'Sigmoid', 'Tanh', 'Clip', 'Softplus'],
  ['Conv', 'Gemm', 'MatMul'],
];

/**
 * Layers to compare: the k-th tensor of a role in every network; without a role, of the same operator. Networks of
 * different depth are matched as far as the shortest goes. Empty when not all of them have any.
 */
export function suggestLayers(networks: readonly NetworkTensors[], role?: LayerRole): LayerDraft[] {
  if (networks.length === 0) return [];
  if (role) {
    const columns = networks.map((network) => tensorsOfRole(network, role));
    return nameLayers(networks, columns, fewest(columns));
  }
  const saved = networks.filter(({ tensors }) => isSaved(tensors));
  if (saved.length === networks.length) return savedLayers(networks);
  for (const ops of preferredOps) {
    const columns = networks.map((network) =>
      saved.includes(network)
        ? [...network.tensors]
        : network.tensors.filter((tensor) => ops.includes(tensor.op)),
    );
    if (fewest(columns) > 0) return nameLayers(networks, columns, fewest(columns));
  }
  return suggestLayers(networks, 'activation');
}

/** Of saved activations alone: arrays of one name, else those at the same place. */
function savedLayers(networks: readonly NetworkTensors[]): LayerDraft[] {
  const named = networks[0].tensors.flatMap((tensor) => {
    const same = networks.map(({ tensors }) => tensors.find(({ name }) => name === tensor.name));
    const found = same.filter((other) => other !== undefined);
    if (found.length < networks.length) return [];
    const tensors = Object.fromEntries(networks.map((network) => [network.name, tensor.name]));
    return [{ name: tensor.name, tensors, sample: sampleFor(found) }];
  });
  const columns = networks.map(({ tensors }) => [...tensors]);
  return named.length > 0 ? named : nameLayers(networks, columns, fewest(columns));
}

/** Roles that tensors of every network play, with how many layers each would make. */
export function rolesInAll(networks: readonly NetworkTensors[]): { role: LayerRole; layers: number }[] {
  const found = networks.map(({ tensors, nodes = [] }) => layersByRole({ tensors: [...tensors], nodes }));
  return (found[0] ?? []).flatMap(({ role }) => {
    const counts = found.map(
      (suggestions) => suggestions.find((other) => other.role === role)?.tensors.length ?? 0,
    );
    const layers = Math.min(...counts);
    return layers > 0 ? [{ role, layers }] : [];
  });
}

/** The tensors of one network that play a part. */
export function tensorsOfRole({ tensors, nodes = [] }: NetworkTensors, role: LayerRole): CapturableTensor[] {
  const names = new Set(
    layersByRole({ tensors: [...tensors], nodes }).find((found) => found.role === role)?.tensors,
  );
  return tensors.filter((tensor) => names.has(tensor.name));
}

function fewest(columns: readonly unknown[][]): number {
  return Math.min(...columns.map((column) => column.length));
}

function nameLayers(
  networks: readonly NetworkTensors[],
  columns: CapturableTensor[][],
  count: number,
): LayerDraft[] {
  const used = new Map<string, number>();
  return Array.from({ length: count }, (_, index) => {
    const first = columns[0][index];
    const stem = stemOf(first);
    const number = (used.get(stem) ?? 0) + 1;
    used.set(stem, number);
    const tensors = Object.fromEntries(
      networks.map((network, at) => [network.name, columns[at][index].name] as const),
    );
    return { name: stem + number, tensors, sample: sampleFor(columns.map((column) => column[index])) };
  });
}

function stemOf(tensor: CapturableTensor): string {
  if (tensor.shape.length >= 4) return 'conv';
  return tensor.shape.length === 2 ? 'fc' : 'layer';
}

/** Positions as samples where all networks have the same ones, else one mean per image; one value stays one. */
export function sampleFor(tensors: readonly CapturableTensor[]): SampleKind {
  if (tensors.every((tensor) => tensor.shape.length === 2)) return 'image';
  const positions = new Set(tensors.map((tensor) => positionsOf(tensor).join('x')));
  return positions.size === 1 ? 'position' : 'image-mean';
}

/** Sizes of the axes that are positions. */
export function positionsOf({ shape, axes }: CapturableTensor): CapturableTensor['shape'] {
  return unitsOfShape(shape, axes)?.positions ?? shape.slice(2);
}
