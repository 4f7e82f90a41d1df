import type { PassRequest } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { isModel, type ActivationSource } from './activation-source.ts';

/** A failure of a pass in other words where its cause is a file of saved activations. */
export async function explained(
  error: unknown,
  { layers }: PassRequest,
  networks: readonly ActivationSource[],
  samples: number,
): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== 'run-failed') return error;
  const network = networks.find(({ name }) => name === error.details.network);
  const layer = layers.find(({ name }) => name === error.details.layer);
  if (!network || isModel(network) || !layer) return error;
  const tensor = layer.tensors[network.name];
  const { values, firstSample } = await network.notFinite(tensor, samples);
  if (values === 0) return error;
  return new AppError(
    'bad-data',
    `${network.name} (${network.fileName}), array "${tensor}", holds ${values} values that are no finite float32 (NaN, ` +
      `infinity or too large), the first in sample ${firstSample}; mend the network that made them, or leave these samples out.`,
    { network: network.name, layer: layer.name, values, firstSample },
    error,
  );
}
