import type { SavedActivations } from './saved-activations.ts';
import type { TappedSession } from './tapped-session.ts';

/** Where a network's activations come from: a model that is run, or a file that they were saved in before. */
export type ActivationSource = TappedSession | SavedActivations;

export function isModel(network: ActivationSource): network is TappedSession {
  return 'session' in network;
}

export async function releaseAll(networks: readonly ActivationSource[]): Promise<void> {
  // Networks that are merged into one graph share its session.
  const held = new Set(networks.map((network) => (isModel(network) ? network.session : network)));
  for (const one of held) await one.release();
}
