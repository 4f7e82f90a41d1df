import { isSaved, type CapturableTensor } from '#core/domain/network.ts';
import type { SampleKind } from '#core/domain/recipe.ts';

export interface NetworkTensors {
  name: string;
  tensors: readonly CapturableTensor[];
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
 * Layers to compare: the k-th tensor of the same operator in every network. Networks of different depth are
 * matched as far as the shortest goes. Empty when no operator occurs in all of them.
 */
export function suggestLayers(networks: readonly NetworkTensors[]): LayerDraft[] {
  if (networks.length === 0) return [];
  const saved = networks.filter(({ tensors }) => isSaved(tensors));
  if (saved.length === networks.length) return savedLayers(networks);
  for (const ops of preferredOps) {
    const columns = networks.map((network) =>
      saved.includes(network)
        ? [...network.tensors]
        : network.tensors.filter((tensor) => ops.includes(tensor.op)),
    );
    const count = Math.min(...columns.map((column) => column.length));
    if (count > 0) return nameLayers(networks, columns, count);
  }
  return [];
}

/** Of saved activations alone: arrays of one name, else those at the same place. */
function savedLayers(networks: readonly NetworkTensors[]): LayerDraft[] {
  const named = networks[0].tensors.filter(({ name }) =>
    networks.every(({ tensors }) => tensors.some((tensor) => tensor.name === name)),
  );
  if (named.length === 0) {
    const columns = networks.map(({ tensors }) => [...tensors]);
    return nameLayers(networks, columns, Math.min(...columns.map((column) => column.length)));
  }
  return named.map((tensor) => layerOfTensor(networks, networks[0], tensor));
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
  const positions = new Set(tensors.map((tensor) => tensor.shape.slice(2).join('x')));
  return positions.size === 1 ? 'position' : 'image-mean';
}

/**
 * The layer that a tensor of one network stands for: in each other network the tensor of the same name and
 * operator, else the one at the same place among tensors of that operator. Networks without one are left out.
 */
export function layerOfTensor(
  networks: readonly NetworkTensors[],
  from: NetworkTensors,
  tensor: CapturableTensor,
): LayerDraft {
  const place = from.tensors.filter((other) => other.op === tensor.op).indexOf(tensor);
  const found = networks.flatMap((network) => {
    if (network === from) return [[network.name, tensor] as const];
    // Saved arrays have no operators to go by.
    const isEither = isSaved(network.tensors) || isSaved(from.tensors);
    const alike = network.tensors.filter((other) => isEither || other.op === tensor.op);
    const partner = alike.find((other) => other.name === tensor.name) ?? alike[place];
    return partner ? [[network.name, partner] as const] : [];
  });
  return {
    name: shortName(tensor.name),
    tensors: Object.fromEntries(found.map(([name, partner]) => [name, partner.name])),
    sample: sampleFor(found.map(([, partner]) => partner)),
  };
}

/** `/features/conv1/Relu_output_0` as `conv1/Relu`. */
export function shortName(name: string): string {
  const parts = name
    .replace(/_output_\d+$/, '')
    .split('/')
    .filter(Boolean);
  return parts.slice(-2).join('/') || name;
}

/** Tensors whose name, operator or node holds every word of the filter. */
export function filterTensors(tensors: readonly CapturableTensor[], filter: string): CapturableTensor[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return tensors.filter((tensor) => {
    const text = `${tensor.name} ${tensor.op} ${tensor.node}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
