import type { EngineData, PassRequest } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import type { ActivationSource } from './activation-source.ts';
import { bindInputs, type BoundNetwork } from './bind-inputs.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import type { SavedActivations } from './saved-activations.ts';
import { choiceOf, withKnownRanks } from './tap-plan.ts';
import { openTappedSession } from './tapped-session.ts';

interface OpenParts {
  threads: number;
  hooks: CaptureHooks;
  /** The networks that are saved activations, by name. */
  saved: ReadonlyMap<string, SavedActivations>;
  inputs: { dataset: Dataset; data: EngineData } | null;
}

/**
 * Opens the networks of a pass, one after the other, with their inputs; those that are saved activations have none.
 *
 * @param opened grows by every network that is open: they have to be released, also where a later one fails
 */
export async function openNetworks(
  request: PassRequest,
  { threads, hooks, saved, inputs }: OpenParts,
  opened: ActivationSource[],
): Promise<(BoundNetwork | null)[]> {
  const bound: (BoundNetwork | null)[] = [];
  for (const network of request.networks) {
    await hooks.checkpoint();
    if (!('modelPath' in network)) {
      opened.push(saved.get(network.name) as SavedActivations);
      bound.push(null);
      continue;
    }
    if (!inputs) throw new AppError('internal', `${network.name} has no inputs.`);
    const options = {
      ...network,
      tensors: request.layers.map((layer) => choiceOf(layer, network.name)),
      provider: request.provider,
      threads,
    };
    const session = await openTappedSession(options);
    opened.push(session);
    const binding = await bindInputs(session, network, inputs.dataset, inputs.data);
    opened.pop();
    const known = await withKnownRanks(binding, options);
    opened.push(known.session);
    bound.push(known);
  }
  return bound;
}
