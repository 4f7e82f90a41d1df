import { isSaved, type CapturableTensor } from '#core/domain/network.ts';
import { fitting } from '#core/layers/expand-layers.ts';
import { sampleFor, type LayerDraft, type NetworkTensors } from '#core/layers/suggest-layers.ts';

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

/** Tensors whose name, operator or node holds every word of the filter; with a `*` in it, those whose name fits. */
export function filterTensors(tensors: readonly CapturableTensor[], filter: string): CapturableTensor[] {
  if (filter.includes('*')) return fitting({ tensors }, filter.trim());
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return tensors.filter((tensor) => {
    const text = `${tensor.name} ${tensor.op} ${tensor.node}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
